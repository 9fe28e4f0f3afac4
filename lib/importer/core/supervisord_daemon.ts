/** The [supervisord] section: what all programs inherit. Source: supervisor, options.py. Pure. */
import type { Notes } from "./import_notes.ts";
import type { PlannedWord } from "./planned_word.ts";
import { expandText } from "./python_format.ts";
import type { Section } from "../../grammars/core/section_file.ts";
import { booleanOf, environmentOf } from "./supervisord_values.ts";

export interface Daemon {
  readonly environment: readonly (readonly [name: string, value: PlannedWord])[];
  readonly user?: string;
  readonly directory?: string;
  readonly umask?: string;
}

const REASON = "it is of supervisord itself";

export function daemonOf(section: Section | undefined, here: string, notes: Notes): Daemon {
  if (section === undefined) return { environment: [] };
  const values = new Map([["here", here]]);
  const text = (key: string): string | undefined => {
    const entry = section.take(key);
    if (entry === undefined) return undefined;
    const value = expandText(entry, values);
    if (value === undefined) {
      notes.entry(entry, "only the environment of the container tells; write it out", "look");
    }
    return value;
  };
  const staysInFront = booleanOf(section.take("nodaemon"), false);
  // supervisord changes its directory and umask only when it goes into the background
  const own = staysInFront ? {} : { directory: text("directory"), umask: text("umask") };
  const user = text("user");
  const environment = environmentOf(section.take("environment"), values);
  notes.left(section, {}, REASON);
  return {
    environment,
    ...(user === undefined ? {} : { user }),
    ...(own.directory === undefined ? {} : { directory: own.directory }),
    ...(own.umask === undefined ? {} : { umask: own.umask }),
  };
}
