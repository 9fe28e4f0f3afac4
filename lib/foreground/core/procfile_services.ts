/**
 * The services that `hexad run` makes of a Procfile: one directory for each process, `web.1`. Source:
 * foreman, lib/foreman/engine.rb. Pure.
 */
import type { Language } from "../../importer/core/language.ts";
import { serviceFilesOf } from "../../importer/core/plan_files.ts";
import { portOf, processPlan, type ProcessType } from "../../importer/core/procfile.ts";
import type { PlannedFile } from "../../importer/core/service_plan.ts";
import { countOf, type Formation } from "./formation.ts";

export interface ProcfileRun {
  /** The Procfile, for comments. */
  readonly file: string;
  /** Where the commands run. */
  readonly directory: string;
  readonly formation: Formation;
  /** The PORT of the first process. */
  readonly basePort: number;
  /** The variables of the .env files. */
  readonly variables: readonly (readonly [name: string, value: string])[];
  /** The time between SIGTERM and SIGKILL, in milliseconds; 0: at once. */
  readonly graceMs: number;
  readonly language: Language;
}

/** A process, by its name: `web.1`. */
export interface ForegroundService {
  readonly name: string;
  readonly files: readonly PlannedFile[];
}

/**
 * The types in the order of the Procfile, each with its processes.
 *
 * @throws {SyntaxError} If the formation names a type that is not there, or two types have one name.
 */
export function procfileServices(
  types: readonly ProcessType[],
  run: ProcfileRun,
): ForegroundService[] {
  refuseUnknown(types, run.formation);
  return types.flatMap((type, index) =>
    Array.from(
      { length: countOf(run.formation, type.name) },
      (_, at) => serviceOf(type, index, at + 1, run),
    )
  );
}

function refuseUnknown(types: readonly ProcessType[], { counts }: Formation): void {
  const seen = new Map<string, number>();
  for (const { name, line } of types) {
    const first = seen.get(name);
    if (first !== undefined) {
      throw new SyntaxError(`lines ${first} and ${line} are both called ${name}`);
    }
    seen.set(name, line);
  }
  for (const name of counts.keys()) {
    if (seen.has(name)) continue;
    throw new SyntaxError(`there is no ${name} (there are ${[...seen.keys()].join(", ")})`);
  }
}

function serviceOf(
  type: ProcessType,
  index: number,
  instance: number,
  { file, directory, basePort, variables, graceMs, language }: ProcfileRun,
): ForegroundService {
  const name = `${type.name}.${instance}`;
  const port = String(portOf(basePort, index, instance));
  const files = serviceFilesOf({
    ...processPlan(type, { file, directory }),
    exported: [...variables, ["PORT", port], ["PS", name]],
    files: { "restart-policy": "never", "timeout-kill": String(Math.max(1, graceMs)) },
  }, language);
  return { name, files };
}
