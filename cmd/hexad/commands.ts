/**
 * `hexad`'s own commands, in the order in which its help names them. Each is a chunk of its own
 * that is loaded when it is called.
 */
import type { NamedTable } from "../../lib/core/cli/option_table.ts";
import type { CommandModule } from "../context.ts";

export interface OwnCommandModule extends CommandModule {
  readonly table: NamedTable;
}

export interface OwnCommand {
  /** For the list in `hexad --help`. */
  readonly text: string;
  load(): Promise<OwnCommandModule>;
}

// deno-fmt-ignore
export const OWN_COMMANDS: Readonly<Record<string, OwnCommand>> = {
  status: { text: "all services: state, since when, last exit, memory, processor, last log line", load: () => import("./status.ts") },
  top: { text: "the same on the whole screen, with keys to do something about it", load: () => import("./top.ts") },
  health: { text: "exit 0 if all services that should be up are up and ready, and say nothing", load: () => import("./health.ts") },
  logs: { text: "what services have written, out of their log directories", load: () => import("./logs.ts") },
  events: { text: "what happens to services, as it happens", load: () => import("./events.ts") },
  serve: { text: "the same for browsers and programs, over HTTP", load: () => import("./serve/serve.ts") },
  start: { text: "have services up", load: () => import("./start.ts") },
  stop: { text: "have services down", load: () => import("./stop.ts") },
  restart: { text: "have services end and start again", load: () => import("./restart.ts") },
  reload: { text: "have services read their configuration again", load: () => import("./reload.ts") },
  once: { text: "have services run once", load: () => import("./once.ts") },
  pause: { text: "have services stand still", load: () => import("./pause.ts") },
  continue: { text: "have paused services go on", load: () => import("./continue.ts") },
  kill: { text: "send services a signal", load: () => import("./kill.ts") },
  rescan: { text: "have s6-svscan start services that are new, and stop those that are gone", load: () => import("./scanner/rescan.ts") },
  reexec: { text: "have s6-svscan become the program that now stands at its path", load: () => import("./reexec/reexec.ts") },
  shutdown: { text: "stop all services, and s6-svscan", load: () => import("./scanner/shutdown.ts") },
  boot: { text: "how services of s6-rc came up: what waited, what ran, what was slow", load: () => import("./boot.ts") },
  check: { text: "what is wrong with service directories and images, without running them", load: () => import("./check.ts") },
  graph: { text: "which service of s6-rc waits for which, and why one is started", load: () => import("./graph.ts") },
  apply: { text: "read the definitions of running services again, and do what has changed", load: () => import("./apply.ts") },
  render: { text: "turn services.yaml into definitions for s6-rc or service directories", load: () => import("./onefile/render.ts") },
  new: { text: "write a service directory", load: () => import("./new.ts") },
  import: { text: "make service directories of what other supervisors have", load: () => import("./import.ts") },
  up: { text: "run the services of a services.yaml in the foreground", load: () => import("./foreground/up.ts") },
  down: { text: "end what hexad up runs", load: () => import("./foreground/down.ts") },
  run: { text: "run the processes of a Procfile in the foreground", load: () => import("./foreground/run.ts") },
  images: { text: "build, pull, push or rename the images that a change of their Dockerfiles affects", load: () => import("./images/images.ts") },
  env: { text: "execute a program with the variables of files that systemd, foreman or docker read", load: () => import("./env.ts") },
  "check-script": { text: "look at execline scripts without running them", load: () => import("./check_script.ts") },
  completions: { text: "what completes command lines in bash, zsh and fish", load: () => import("./completions.ts") },
  help: { text: "texts about service directories, logs, the overlay and more", load: () => import("./help.ts") },
};
