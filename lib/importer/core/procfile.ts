/**
 * A Procfile as services: `name: command line`, one a line. Source: Heroku, "The Procfile";
 * foreman(1). Pure.
 */
import { Notes } from "./import_notes.ts";
import { type Language, serviceFilesOf } from "./service_files_of.ts";
import { type Imported, plainPlan, serviceName, type ServicePlan } from "./service_plan.ts";

export interface ProcfileSource {
  readonly file: string;
  readonly text: string;
  /** Absolute: where its commands run. */
  readonly directory: string;
  /** There is a .env beside it. */
  readonly hasEnv: boolean;
}

/** What foreman gives to the first process, and how much more to each other. */
const FIRST_PORT = 5000;
const PORT_STEP = 100;

export function importProcfile(source: ProcfileSource, language: Language): Imported {
  const notes = new Notes();
  const plans: ServicePlan[] = [];
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
    const port = FIRST_PORT + PORT_STEP * plans.length;
    const needsPort = /\$\{?PORT\b/.test(command);
    if (needsPort) {
      notes.add(place, `${name}: PORT is ${port}, as foreman has it; env/PORT changes that`);
    }
    plans.push({
      ...plainPlan(serviceName(name), { kind: "shell", line: command }),
      directory: source.directory,
      environment: needsPort ? [["PORT", String(port)]] : [],
      redirections: [{ fd: 2, to: "&1" }],
      files: name === "release" ? { down: "", "restart-policy": "never" } : {},
      comments: [`from ${source.file}:${place.line}`],
      ...(source.hasEnv
        ? { environmentFiles: [{ path: `${source.directory}/.env`, optional: true }] }
        : {}),
    });
  }
  if (source.hasEnv) {
    notes.add(
      { file: source.file, line: 1 },
      ".env is read by the shell, so a $ in its values means something",
    );
  }
  return {
    services: plans.map((plan) => ({ name: plan.name, files: serviceFilesOf(plan, language) })),
    notes: notes.all,
  };
}
