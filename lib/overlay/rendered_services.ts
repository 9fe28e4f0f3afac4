/**
 * The image's services.yaml and services.d, rendered as definitions for s6-rc into a directory of
 * the runtime directory. If there is a mistake, the directory stays as it is, and so do services
 * that run.
 */
import { FileFindings } from "../onefile/core/file_findings.ts";
import { renderServices } from "../onefile/core/render_services.ts";
import { filesIn, loadServices, profilesOf } from "../onefile/load_services.ts";
import { updateTree } from "../onefile/rendered_tree.ts";
import { BASE, OVERLAY_NAMES } from "../rc/core/source/overlay_source.ts";
import { notesOfFiles } from "../rc/core/source/file_notes.ts";
import type { Note } from "../rc/core/source/finding.ts";
import { tryStat } from "../libc/stat.ts";

const INTERPRETER = "/command/execlineb";

export interface RenderedServices {
  /** Undefined: there are none. */
  readonly directory: string | undefined;
  /** What is wrong with the files. */
  readonly notes: readonly Note[];
}

export interface RenderedPlace {
  /** `/etc/hexad` of the profile. */
  readonly services: string;
  readonly into: string;
  /** The container's environment. */
  readonly environment: ReadonlyMap<string, string>;
}

/** @throws {SyscallError} If it can't be written. */
export function renderImageServices(
  { services, into, environment }: RenderedPlace,
): RenderedServices {
  const findings = new FileFindings();
  const files = filesIn(services);
  const document = loadServices(files, environment, findings);
  if (document !== undefined) {
    const definitions = renderServices(document, {
      form: "definitions",
      language: { kind: "execline", interpreter: INTERPRETER },
      directory: services,
      profiles: profilesOf(environment),
      withContenv: true,
      dependencies: [BASE],
      reserved: OVERLAY_NAMES,
    }, findings);
    const isThere = typeof tryStat(into) !== "number";
    if (!findings.hasErrors && (files.length > 0 || isThere)) {
      updateTree(into, files.length === 0 ? [] : definitions);
    }
  }
  return {
    directory: typeof tryStat(into) === "number" ? undefined : into,
    notes: notesOfFiles(findings.all),
  };
}
