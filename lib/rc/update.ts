/**
 * s6-rc-update in the supervising process: stops what can't keep running, moves the rest into a new
 * live folder, and starts what is to be up. The messages are those of C's s6-rc-update and of the
 * two s6-rc that it runs. Source: contract 10; s6-rc-update.c.
 */
import { EXIT_SYSTEM } from "../core/cli/exit_codes.ts";
import { EBUSY, strerror } from "../core/linux/errno.ts";
import { removeTree } from "../files/remove_tree.ts";
import { SyscallError } from "../libc/bind.ts";
import { monotonicMs } from "../libc/clock.ts";
import type { Client, Underway } from "./connection.ts";
import type { RcDatabase, ServiceNumber } from "./core/database.ts";
import { isIdle, newEngine } from "./core/engine.ts";
import type { ChangeId, ChangeRequest, Line } from "./core/engine_state.ts";
import { fatal, helperLine, lineText } from "./core/lines.ts";
import type { UpdateCommand } from "./core/protocol.ts";
import type { UpdatePlan } from "./core/update_plan.ts";
import { planUpdate } from "./core/update_plan.ts";
import type { Move } from "./exchange.ts";
import { MOST_COPIED_BYTES, moveServicedirs, undoMoves } from "./exchange.ts";
import { copyServicedirs, makeLiveFolder, pointTo } from "./live_folder.ts";
import type { LiveSet } from "./live_set.ts";
import { longruns } from "./live_set.ts";
import { readUnlocked } from "./read_compiled.ts";

/** How many times it stops services that somebody else keeps starting again. */
const MAX_ROUNDS = 5;

/** @param onMove Called when the live folder has been replaced */
export function beginUpdate(
  request: UpdateCommand,
  client: Client,
  set: LiveSet,
  onMove: (folder: string) => void,
): Underway {
  const update = new Update(request, client, set, onMove);
  update.begin();
  return update;
}

class Update implements Underway {
  readonly #request: UpdateCommand;
  readonly #client: Client;
  readonly #set: LiveSet;
  readonly #onMove: (folder: string) => void;
  readonly #startedMs = monotonicMs();
  #change: ChangeId | undefined;
  /** Nobody waits for the update any more: it goes no further, unless it has already switched. */
  #isLeft = false;
  #isOver = false;
  #hasSwitched = false;
  #rounds = 0;
  readonly #wanted = new Set<ServiceNumber>();

  constructor(
    request: UpdateCommand,
    client: Client,
    set: LiveSet,
    onMove: (folder: string) => void,
  ) {
    this.#request = request;
    this.#client = client;
    this.#set = set;
    this.#onMove = onMove;
  }

  cancel(signal: string): void {
    if (this.#change !== undefined) this.#set.loop.cancel(this.#change, signal);
  }

  vanish(): void {
    this.#isLeft = true;
    if (!this.#hasSwitched && this.#change !== undefined) this.#set.loop.vanish(this.#change);
  }

  begin(): void {
    const { live, block } = this.#request;
    if (isIdle(this.#set.loop.engine) || block) {
      return this.#set.loop.whenIdle(() => this.#guard(() => this.#stop()));
    }
    this.#end(
      EXIT_SYSTEM,
      `unable to take lock on ${live} and ${live}/compiled: ${strerror(EBUSY)}`,
    );
  }

  /** Reports a failure, which ends the update. */
  #guard(action: () => void): void {
    if (this.#isOver || (this.#isLeft && !this.#hasSwitched)) return;
    try {
      action();
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.#end(EXIT_SYSTEM, error instanceof SyscallError ? text : `internal error: ${text}`);
    }
  }

  #end(code: number, problem?: string): void {
    this.#isOver = true;
    if (problem !== undefined) this.#client.say(fatal(problem));
    this.#client.end(code);
  }

  #info(text: string): void {
    if (this.#request.verbosity >= 2) this.#client.say({ level: 2, severity: "info", text });
  }

  #read(): { readonly database: RcDatabase; readonly plan: UpdatePlan } | undefined {
    const { live, database: path, conversions } = this.#request;
    const database = readUnlocked(path);
    if ("problem" in database) return void this.#end(database.exitCode, database.problem);
    const { engine } = this.#set.loop;
    const up = engine.services.map((service) => service.up);
    const plan = planUpdate({
      old: engine.database,
      up,
      new: database,
      conversions,
      live,
      newPath: path,
    });
    if ("problem" in plan) return void this.#end(plan.exitCode, plan.problem);
    return { database, plan };
  }

  /**
   * Stops what can't keep running until none of it is up any more, then continues with the
   * exchange. Remembers what has to be started again.
   */
  #stop(): void {
    if (this.#rounds === 0) this.#info("computing state adjustments");
    const found = this.#read();
    if (found === undefined) return;
    const { database, plan } = found;
    for (const number of plan.wanted) this.#wanted.add(number);
    if (this.#rounds > 0 && plan.stop.length === 0) return this.#exchange(database, plan);
    if (this.#rounds === MAX_ROUNDS) {
      return this.#end(EXIT_SYSTEM, "unable to stop services that are started again and again");
    }
    if (this.#rounds === 0) this.#info("stopping services in the old database");
    this.#rounds++;
    this.#run({ direction: "down", named: plan.stop, forced: this.#request.forced }, (code) => {
      if (code !== 0) {
        return this.#end(
          code === 1 || code === 2 ? code + 8 : code,
          "first s6-rc invocation failed",
        );
      }
      this.#set.loop.whenIdle(() => this.#guard(() => this.#stop()));
    });
  }

  #run(request: Omit<ChangeRequest, "id" | "timeoutMs">, onEnd: (code: number) => void): void {
    const { timeoutMs, verbosity } = this.#request;
    const leftMs = timeoutMs === 0
      ? 0
      : Math.max(1, Math.ceil(timeoutMs - (monotonicMs() - this.#startedMs)));
    const { stdio } = this.#client;
    this.#change = this.#set.loop.change({ ...request, timeoutMs: leftMs }, {
      say: (line: Line) =>
        line.level <= verbosity ? this.#client.say(helperLine(lineText("s6-rc", line))) : undefined,
      end: (code) => {
        this.#change = undefined;
        onEnd(code);
      },
      ...(stdio === undefined ? {} : { stdio }),
    });
  }

  #exchange(database: RcDatabase, plan: UpdatePlan): void {
    this.#info("updating state and service directories");
    const { live, database: compiled } = this.#request;
    const set = this.#set;
    const oldServices = set.database.services;
    const oldStates = set.loop.engine.services;
    const states = database.services.map(({ number }) => {
      const old = plan.kept.get(number);
      return old === undefined
        ? { up: false, wanted: false }
        : { up: true, wanted: oldStates[old]!.wanted, health: oldStates[old]!.health };
    });
    const folder = makeLiveFolder({
      live,
      maker: "s6-rc-update",
      scandir: set.scandir,
      prefix: set.prefix,
      compiled,
      states,
    });
    const goingOn = new Map<string, string>();
    const moves: Move[] = [];
    for (const service of longruns(database)) {
      const old = plan.kept.get(service.number);
      if (old === undefined) continue;
      const { name } = oldServices[old]!;
      goingOn.set(name, service.name);
      moves.push({
        from: `${set.folder}/servicedirs/${name}`,
        to: `${folder}/servicedirs/${service.name}`,
        files: `${compiled}/servicedirs/${service.name}`,
        oldFiles: `${set.folder}/compiled/servicedirs/${name}`,
      });
    }
    this.#move({ database, folder, moves, goingOn });
    this.#hasSwitched = true;
    const oldFolder = set.folder;
    this.#info("successfully switched to new database");
    const engine = newEngine(database, states);
    set.switchTo(
      folder,
      database,
      engine,
      goingOn,
      () => this.#guard(() => this.#start([...this.#wanted])),
    );
    this.#onMove(folder);
    removeTree(oldFolder);
  }

  /** All or nothing, until the moment when the link points to the new folder. */
  #move({ database, folder, moves, goingOn }: {
    readonly database: RcDatabase;
    readonly folder: string;
    readonly moves: readonly Move[];
    readonly goingOn: ReadonlyMap<string, string>;
  }): void {
    const kept = new Set(goingOn.values());
    const fresh = database.services.filter(({ type, name }) =>
      type === "longrun" && !kept.has(name)
    ).map(({ name }) => name);
    let hasMoved = false;
    try {
      const from = `${this.#request.database}/servicedirs`;
      copyServicedirs(from, folder, fresh, MOST_COPIED_BYTES);
      moveServicedirs(moves);
      hasMoved = true;
      pointTo(folder, this.#request.live);
    } catch (error) {
      if (hasMoved) undoMoves(moves);
      removeTree(folder);
      throw error;
    }
  }

  #start(wanted: readonly ServiceNumber[]): void {
    this.#info("updating s6rc-fdholder pipe storage");
    this.#info("cleaning up scan directory");
    this.#info("starting services in the new database");
    this.#run({ direction: "up", named: wanted }, (code) => this.#end(code));
  }
}
