/**
 * A supervision tree that a benchmark starts and ends: a directory, the peer's process, and the
 * services under it.
 */
import { dirname } from "@std/path";
import { makeDirectoryWithFifo } from "./scratch.ts";
import { Arrivals } from "./arrivals.ts";
import type { Peer, Service } from "./peer.ts";
import { processes, pssKib, treeOf } from "./proc.ts";
import { pause } from "./row.ts";
import { killProcessesOf, TREE_MARK } from "../fixture/processes.ts";

/** A service's process is called after its script first, and then after what the script execs. */
const SERVICE_COMMS = new Set(["run", "sleep", "arrival"]);

/** What `start` waits for: a failure's price, not a measure. */
const START_LIMIT_MS = 180_000;

const LOOK_MS = 3;

const REAP_LIMIT_MS = 20_000;
const REAP_LOOK_MS = 20;

/** So many processes of others may have begun meanwhile. */
const TOLERANCE = 20;

export interface TreeOptions {
  readonly services: number;
  /**
   * The services write a newline to descriptor 3 when they run, and say so in `notification-fd`.
   */
  readonly readiness?: boolean;
  /** Each has a logger, and a first line for it. */
  readonly loggers?: boolean;
  /** Files of each service directory besides, by name. A `run` in them is a program. */
  readonly files?: Readonly<Record<string, string>>;
  /** The text of each `run`, which tells through the FIFO that it runs. Default: a shell's. */
  readonly text?: (fifo: string) => string;
  /** What a service does after it has told that it runs. Default: it sleeps. */
  readonly script?: string;
  /** Words before the peer's command line. */
  readonly under?: readonly string[];
}

export function serviceName(index: number): string {
  return `s${String(index).padStart(4, "0")}`;
}

function service(
  index: number,
  fifo: string,
  { readiness = false, loggers = false, script = "exec sleep 1000000", text }: TreeOptions,
): Service {
  if (text !== undefined) return { name: serviceName(index), run: text(fifo) };
  const ready = readiness ? "echo >&3\n" : "";
  const line = loggers ? "echo started\n" : "";
  const run = `#!/bin/sh\n${line}echo >${fifo}\n${ready}${script}\n`;
  return { name: serviceName(index), run, ...(readiness ? { notificationFd: 3 } : {}) };
}

/**
 * The dead of a tree are init's to reap, which takes a moment after a thousand. Where others begin
 * processes meanwhile it can't be told.
 */
async function untilReaped(othersCount: number): Promise<void> {
  const end = performance.now() + REAP_LIMIT_MS;
  while (processes().length > othersCount + TOLERANCE && performance.now() < end) {
    await pause(REAP_LOOK_MS);
  }
}

function layFiles(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = `${directory}/${name}`;
    Deno.mkdirSync(dirname(path), { recursive: true });
    Deno.writeTextFileSync(path, text, { mode: name.endsWith("/run") ? 0o755 : 0o644 });
  }
}

function hasLine(file: string): boolean {
  try {
    return Deno.statSync(file).size > 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/**
 * @returns when the last log had a line; nothing tells it, so after the services have come one
 *   file is looked at every few milliseconds
 */
async function logged(directory: string, services: readonly Service[]): Promise<number> {
  const end = performance.now() + START_LIMIT_MS;
  for (const { name } of services) {
    const file = `${directory}/${name}/log/lines/current`;
    while (!hasLine(file)) {
      if (performance.now() > end) throw new Error(`nothing came to stand in ${file}`);
      await pause(LOOK_MS);
    }
  }
  return performance.now();
}

export class SupervisedTree implements AsyncDisposable {
  readonly peer: Peer;
  /** The scan directory. */
  readonly directory: string;
  readonly arrivals: Arrivals;
  readonly #base: string;
  readonly #child: Deno.ChildProcess;
  /** Processes of the machine before the start. */
  readonly #othersCount: number;
  /**
   * From the start of the peer's process until the last service told that it runs, and the last log
   * has its line.
   */
  #upMs = 0;

  private constructor(
    peer: Peer,
    base: string,
    arrivals: Arrivals,
    child: Deno.ChildProcess,
    othersCount: number,
  ) {
    this.peer = peer;
    this.#othersCount = othersCount;
    this.directory = `${base}/service`;
    this.arrivals = arrivals;
    this.#base = base;
    this.#child = child;
  }

  /**
   * Starts the peer on so many services, and waits until all have told that they run.
   *
   * @param scratch the directory to work in
   * @throws {Error} If some don't come up, with what the peer said.
   */
  static async start(peer: Peer, scratch: string, options: TreeOptions): Promise<SupervisedTree> {
    const { base, fifo } = makeDirectoryWithFifo(scratch, peer.name);
    const directory = `${base}/service`;
    Deno.mkdirSync(directory);
    const services = Array.from(
      { length: options.services },
      (_, index) => service(index, fifo, options),
    );
    peer.lay(directory, services);
    if (options.loggers === true) {
      for (const { name } of services) peer.layLogger!(`${directory}/${name}`);
    }
    for (const { name } of services) layFiles(`${directory}/${name}`, options.files ?? {});
    const arrivals = new Arrivals(fifo);
    const othersCount = processes().length;
    const startedMs = performance.now();
    const child = new Deno.Command("/bin/sh", {
      args: [
        "-c",
        `exec "$@" >output 2>&1`,
        "sh",
        ...options.under ?? [],
        ...peer.command(directory),
      ],
      cwd: base,
      env: { [TREE_MARK]: base },
      stdin: "null",
    }).spawn();
    const tree = new SupervisedTree(peer, base, arrivals, child, othersCount);
    try {
      const arrivedMs = await arrivals.reach(options.services, START_LIMIT_MS);
      tree.#upMs = (options.loggers === true ? await logged(directory, services) : arrivedMs) -
        startedMs;
    } catch (error) {
      const said = tree.output();
      await tree[Symbol.asyncDispose]();
      throw new Error(
        `${peer.name}: ${error instanceof Error ? error.message : error}; it said: ${said}`,
      );
    }
    return tree;
  }

  get upMs(): number {
    return this.#upMs;
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** What the peer wrote to its standard output and error. */
  output(): string {
    return Deno.readTextFileSync(`${this.#base}/output`).slice(-2000);
  }

  /** The peer's processes: everything but the services. */
  supervisors(): number[] {
    return treeOf(this.pid).filter(({ comm }) => !SERVICE_COMMS.has(comm)).map(({ pid }) => pid);
  }

  /** The services' processes. */
  services(): number[] {
    return treeOf(this.pid).filter(({ comm }) => SERVICE_COMMS.has(comm)).map(({ pid }) => pid);
  }

  /** The memory of everything but the services, in bytes. */
  memoryBytes(): number {
    return this.supervisors().reduce((sum, pid) => sum + pssKib(pid) * 1024, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // it has ended already
    }
    killProcessesOf(this.#base);
    await this.#child.status;
    await untilReaped(this.#othersCount);
    await this.arrivals[Symbol.asyncDispose]();
    Deno.removeSync(this.#base, { recursive: true });
  }
}
