/**
 * s6-rc -n: the engine runs in this process, on the present state. What it would run is printed,
 * takes the given time, and succeeds. Source: s6-rc.c, start_oneshot, start_longrun, with dryrun.
 */
import { startTimer } from "../../lib/fifodir/timer.ts";
import { monotonicMs } from "../../lib/libc/clock.ts";
import { access, F_OK } from "../../lib/libc/file.ts";
import type { Oneshot, RcDatabase, Service } from "../../lib/rc/core/database.ts";
import { FD_HOLDER, ONESHOT_RUNNER } from "../../lib/rc/core/database.ts";
import { newEngine } from "../../lib/rc/core/engine.ts";
import type { Line, LongrunNews } from "../../lib/rc/core/engine_state.ts";
import { lineText } from "../../lib/rc/core/lines.ts";
import { RcLoop } from "../../lib/rc/loop.ts";
import type { Reporter } from "../../lib/rc/port.ts";
import type { Context } from "../context.ts";
import { sayLine } from "../messages.ts";
import { readLive, takeSharedLock } from "./live_database.ts";
import { selected } from "./selection.ts";
import type { RcOptions } from "./rc_options.ts";

const TRANSITION = /^service .*(: starting|: stopping| successfully (started|stopped|reloaded))$/;
const INTERNAL = new RegExp(`^service (${ONESHOT_RUNNER}|${FD_HOLDER}): (starting|stopping)$`);
const DEBUG = 4;

export async function dryRun(
  context: Context,
  isReload: boolean,
  options: RcOptions,
): Promise<number> {
  const { live, down, hideEssentials, prune, timeoutMs, all, verbosity } = options;
  if (!options.noLock) takeSharedLock(live, options.block);
  const data = readLive(live, options.block);
  const named = selected(data, { ...options, all: false });
  const end = Promise.withResolvers<number>();
  const port = new DryPort(context, options, () => loop);
  const loop: RcLoop = new RcLoop(port, newEngine(withWords(data.database), data.states));
  const reporter: Reporter = {
    say: (line) => {
      const [, internal, doing] = INTERNAL.exec(line.text) ?? [];
      if (internal !== undefined) {
        port.printSvc(doing === "starting" ? "-uwU" : "-dwD", internal, 0);
      }
      if (line.level <= verbosity) sayLine(lineText(context.program, marked(line)));
    },
    end: end.resolve,
  };
  if (isReload) loop.reload({ named, live: all, timeoutMs }, reporter);
  else {loop.change({
      direction: down ? "down" : "up",
      named,
      live: all,
      forced: hideEssentials,
      prune,
      timeoutMs,
    }, reporter);}
  return await end.promise;
}

/** Fills in scripts without words, because C runs its helper for those too. */
function withWords(database: RcDatabase): RcDatabase {
  const words = ["true"];
  const services = database.services.map((service) =>
    service.type === "oneshot" ? { ...service, up: words, down: words, reload: words } : service
  );
  return { ...database, services };
}

function marked(line: Line): Line {
  return line.severity === "info" && TRANSITION.test(line.text)
    ? { ...line, text: `dry run: ${line.text}` }
    : line;
}

function printCommand(context: Context, { verbosity }: RcOptions, words: string): void {
  if (verbosity > 0) context.out(`s6-rc-dryrun: ${words}\n`);
}

/** A world in which everything succeeds after a while. */
class DryPort {
  readonly #context: Context;
  readonly #options: RcOptions;
  readonly #loop: () => RcLoop;
  readonly #startedMs = monotonicMs();
  #timer: Disposable | undefined;

  constructor(context: Context, options: RcOptions, loop: () => RcLoop) {
    this.#context = context;
    this.#options = options;
    this.#loop = loop;
  }

  monotonicMs = monotonicMs;

  setTimer(atMs: number | undefined): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = atMs === undefined
      ? undefined
      : startTimer(Math.max(0, Math.ceil(atMs - monotonicMs())), () => this.#loop().wake());
  }

  #later(action: () => void): void {
    startTimer(this.#options.dryRunMs ?? 0, action);
  }

  /** The service's own limit, or the time left for the whole change if that is less; 0: none. */
  #limitMs(ownMs: number): number {
    const { timeoutMs } = this.#options;
    if (timeoutMs === 0) return ownMs;
    const leftMs = Math.max(1, Math.floor(timeoutMs - (monotonicMs() - this.#startedMs)));
    return ownMs === 0 ? leftMs : Math.min(ownMs, leftMs);
  }

  printSvc(letters: string, name: string, limitMs: number): void {
    printCommand(
      this.#context,
      this.#options,
      `s6-svc ${letters} -T ${this.#limitMs(limitMs)} -- ${this.#options.live}/servicedirs/${name}`,
    );
  }

  order(service: Service, order: "up" | "down" | "restart" | "kill"): readonly LongrunNews[] {
    const hasReadiness =
      access(`${this.#options.live}/servicedirs/${service.name}/notification-fd`, F_OK) === 0;
    if (order === "up") {
      this.printSvc(hasReadiness ? "-uwU" : "-uwu", service.name, service.timeoutUpMs);
    } else if (order === "down") this.printSvc("-dwD", service.name, service.timeoutDownMs);
    else return [];
    const news: LongrunNews[] = order === "up"
      ? [{ kind: "spawned" }, { kind: "ready" }]
      : [{ kind: "down" }];
    this.#later(() => news.forEach((item) => this.#loop().hear(service.number, item)));
    return [];
  }

  reload(service: Service): number {
    this.printSvc("-l", service.name, service.timeoutUpMs);
    return 0;
  }

  lastOutput(): undefined {
    return undefined;
  }

  askLastOutputs(onAnswer: (outputOf: () => undefined) => void): void {
    onAnswer(() => undefined);
  }

  unmet(): undefined {
    return undefined;
  }

  run(
    { number, name, timeoutUpMs, timeoutDownMs }: Oneshot,
    script: "up" | "down" | "reload",
  ): void {
    const { live, verbosity } = this.#options;
    const limitMs = this.#limitMs(script === "down" ? timeoutDownMs : timeoutUpMs);
    const socket = `${live}/servicedirs/${ONESHOT_RUNNER}/s`;
    const letters = verbosity >= DEBUG ? "-vel0" : "-el0";
    printCommand(
      this.#context,
      this.#options,
      `s6-sudo ${letters} -t 30000 -T ${limitMs} -- ${socket} ${script} ${number}  # ${name}`,
    );
    this.#later(() => this.#loop().scriptEnded(number, script, 0));
  }

  terminate(): void {}

  markDown(): undefined {
    return undefined;
  }

  soon = queueMicrotask;

  saveState(): void {}

  setBusy(): void {}

  warn(text: string): void {
    this.#context.warn(text);
  }
}
