/**
 * Turns a Procfile into services: `name: command line`, one a line. Source: Heroku, "The Procfile";
 * foreman(1); foreman, lib/foreman/engine.rb, env.rb. Pure.
 */
import { parseEnvironmentFile } from "../../grammars/core/environment_file.ts";
import { Notes } from "./import_notes.ts";
import type { ImportOptions } from "./language.ts";
import { serviceFilesOf } from "./plan_files.ts";
import { type Imported, plainPlan, serviceName, type ServicePlan } from "./service_plan.ts";

export interface ProcfileSource {
  readonly file: string;
  readonly text: string;
  /** The working directory of its commands; absolute. */
  readonly directory: string;
  /** The content of the .env beside it; undefined: there is none. */
  readonly env: string | undefined;
}

/** The PORT that foreman gives to the first process, and the step to each next one. */
const FIRST_PORT = 5000;
const PORT_STEP = 100;

export function importProcfile(source: ProcfileSource, options: ImportOptions): Imported {
  const notes = new Notes();
  const plans: ServicePlan[] = [];
  const base = basePort(source, notes);
  for (const [at, raw] of source.text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    const place = { file: source.file, line: at + 1 };
    if (line === "" || line.startsWith("#")) continue;
    const match = /^([A-Za-z0-9_-]+):\s*(.+)$/.exec(line);
    if (match === null) {
      notes.add(place, `${line.slice(0, 60)}: not NAME: COMMAND`);
      continue;
    }
    const [, name, command] = match as unknown as [string, string, string];
    if (name === "release") {
      notes.add(
        place,
        "release: it runs once before a new version; here it is down, and s6-svc -o runs it",
      );
    }
    const port = base + PORT_STEP * plans.length;
    if (/\$\{?PORT\b/.test(command)) {
      notes.add(
        place,
        `${name}: PORT is ${port}, as foreman has it; env/PORT changes that`,
        "look",
      );
    }
    plans.push({
      ...plainPlan(serviceName(name), { kind: "shell", line: command }),
      directory: source.directory,
      environment: [["PORT", String(port)], ["PS", `${name}.1`]],
      redirections: [{ fd: 2, to: "&1" }],
      files: name === "release" ? { down: "", "restart-policy": "never" } : {},
      comments: [`from ${source.file}:${place.line}`],
      ...(source.env === undefined ? {} : {
        environmentFiles: {
          format: "foreman",
          files: [{ path: `${source.directory}/.env`, optional: true }],
        },
      }),
    });
  }
  return {
    services: plans.map((plan) => ({ name: plan.name, files: serviceFilesOf(plan, options) })),
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
