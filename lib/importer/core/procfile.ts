/**
 * Turns a Procfile into services: `name: command line`, one a line. Source: Heroku, "The Procfile";
 * foreman(1); foreman, lib/foreman/engine.rb, env.rb. Pure.
 */
import { parseEnvironmentFile } from "../../grammars/core/environment_file.ts";
import { Notes } from "./import_notes.ts";
import type { ImportOptions } from "./language.ts";
import { importedService } from "./plan_files.ts";
import { type Imported, plainPlan, serviceName, type ServicePlan } from "./service_plan.ts";

/** One line of a Procfile. */
export interface ProcessType {
  readonly name: string;
  readonly command: string;
  /** Counted from 1. */
  readonly line: number;
}

/** Also the lines that are none of `NAME: COMMAND`, which foreman passes over. */
export function parseProcfile(
  text: string,
): {
  readonly types: readonly ProcessType[];
  readonly strange: readonly { readonly line: number; readonly text: string }[];
} {
  const types: ProcessType[] = [];
  const strange: { line: number; text: string }[] = [];
  for (const [at, raw] of text.split(/\r?\n/).entries()) {
    const line = at + 1;
    const trimmed = raw.trim();
    if (trimmed === "" || trimmed.startsWith("#")) continue;
    const [, name, command] = /^([A-Za-z0-9_-]+):\s*(.+)$/.exec(trimmed) ?? [];
    if (name === undefined || command === undefined) strange.push({ line, text: trimmed });
    else types.push({ name, command, line });
  }
  return { types, strange };
}

/** The PORT that foreman gives to the first process, and the step to each next one. */
export const FIRST_PORT = 5000;
const PORT_STEP = 100;

/** From SIGTERM to SIGKILL. */
const GRACE_MS = 5000;

/** @param index Of the process type in the Procfile, from 0. @param instance From 1 */
export function portOf(base: number, index: number, instance: number): number {
  return base + PORT_STEP * index + instance - 1;
}

/** What foreman runs for a process type: a line for the shell, both outputs in one. */
export function processPlan(
  { name, command, line }: ProcessType,
  { file, directory }: Pick<ProcfileSource, "file" | "directory">,
): ServicePlan {
  return {
    ...plainPlan(serviceName(name), { kind: "shell", line: command }),
    origin: { file, line },
    directory,
    redirections: [{ fd: 2, to: "&1" }],
    comments: [`from ${file}:${line}`],
  };
}

export interface ProcfileSource {
  readonly file: string;
  readonly text: string;
  /** The working directory of its commands; absolute. */
  readonly directory: string;
  /** The content of the .env beside it; undefined: there is none. */
  readonly env: string | undefined;
}

export function importProcfile(source: ProcfileSource, options: ImportOptions): Imported {
  const notes = new Notes();
  const { types, strange } = parseProcfile(source.text);
  for (const { line, text } of strange) {
    notes.add({ file: source.file, line }, `${text.slice(0, 60)}: not NAME: COMMAND`);
  }
  const base = basePort(source, notes);
  const plans = types.map((type, index): ServicePlan => {
    const { name, command, line } = type;
    const place = { file: source.file, line };
    if (name === "release") {
      notes.add(
        place,
        "release: it runs once before a new version; here it is down, and s6-svc -o runs it",
      );
    }
    const port = portOf(base, index, 1);
    if (/\$\{?PORT\b/.test(command)) {
      notes.add(
        place,
        `${name}: PORT is ${port}, as foreman has it; env/PORT changes that`,
        "look",
      );
    }
    return {
      ...processPlan(type, source),
      environment: [["PORT", String(port)], ["PS", `${name}.1`]],
      files: {
        "timeout-kill": String(GRACE_MS),
        ...(name === "release" ? { down: "", "restart-policy": "never" } : {}),
      },
      ...(source.env === undefined ? {} : {
        environmentFiles: {
          format: "foreman",
          files: [{ path: `${source.directory}/.env`, optional: true }],
        },
      }),
    };
  });
  return {
    services: plans.map((plan) => importedService(plan, options)),
    notes: notes.all,
  };
}

/**
 * PORT in .env belongs to the first process. It is read now; the rest of the file is read at each
 * start.
 */
function basePort({ env = "", file }: ProcfileSource, notes: Notes): number {
  const { variables } = parseEnvironmentFile(env, "foreman", () => undefined);
  const port = variables.findLast(([name]) => name === "PORT")?.[1];
  if (port === undefined) return FIRST_PORT;
  if (!/^\d+$/.test(port)) {
    notes.add({ file, line: 1 }, `.env: PORT=${port}: not a number; ${FIRST_PORT} is taken`);
    return FIRST_PORT;
  }
  return Number(port);
}
