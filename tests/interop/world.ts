/**
 * A scan directory with services under a running s6-svscan, the events of each, and the clients of
 * the pairing.
 */
import { assertEquals } from "@std/assert";
import { type Result, run, type RunOptions, start } from "../fixture/command.ts";
import type { Background } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { type Events, subscribe, subscribeAhead } from "../fixture/events.ts";
import { startSvscan, type Svscan, type SvscanOptions } from "../fixture/scan.ts";
import { makeTree, type Tree, type TreeSpec } from "../fixture/tree.ts";
import type { Pairing } from "./pairing.ts";
import { readStatusFile, type StatusFile } from "./status_file.ts";

/** A `run` that stays. */
export const STAYS = "#!/bin/sh\nexec sleep 100000\n";

/** A `run` that stays and says on descriptor 3 that it is ready. */
export const STAYS_READY = "#!/bin/sh\necho >&3\nexec sleep 100000 3>&-\n";

/** A `run` that becomes ready when somebody writes a line to the FIFO `go`. */
export const READY_ON_GO = "#!/bin/sh\nread line <go\necho >&3\nexec sleep 100000 3>&-\n";

/**
 * A `run` that is ready when it catches signals, and prints `got NAME` for each but KILL and STOP.
 */
export const TELLS_SIGNALS = `#!/usr/bin/perl
$| = 1;
for my $name (qw(ALRM ABRT QUIT HUP TERM INT USR1 USR2 WINCH CONT)) { $SIG{$name} = sub { print "got $name\\n" } }
open(my $ready, ">&=3") or die; print $ready "\\n"; close $ready;
sleep 1 while 1;
`;

export class World implements AsyncDisposable {
  readonly pairing: Pairing;
  readonly tree: Tree;
  readonly svscan: Svscan;
  readonly #events: Map<string, Events>;

  constructor(pairing: Pairing, tree: Tree, svscan: Svscan, events: Map<string, Events>) {
    this.pairing = pairing;
    this.tree = tree;
    this.svscan = svscan;
    this.#events = events;
  }

  /** The events of a service that the world was made with, since before its start. */
  events(service: string): Events {
    const events = this.#events.get(service);
    if (events === undefined) throw new Error(`no subscription to ${service}`);
    return events;
  }

  /** Subscribes to one more fifodir, for as long as the caller wants. */
  subscribe(service: string): Events {
    return subscribe(this.tree.path(service, "event"));
  }

  /** Runs one of the clients in the tree: services are named by their path there. */
  client(program: string, ...args: string[]): Promise<Result> {
    return this.run(program, args);
  }

  run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Result> {
    return run(this.pairing.client.bin(program), args, { cwd: this.tree.root, ...options });
  }

  /** Starts a client beside the test. */
  start(program: string, ...args: string[]): Background {
    return start(this.pairing.client.bin(program), args, { cwd: this.tree.root });
  }

  /** Runs a client that must succeed in silence on stderr. Returns its stdout. */
  async ok(program: string, ...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.client(program, ...args);
    assertEquals({ code, stderr }, { code: 0, stderr: "" }, `${program} ${args.join(" ")}`);
    return stdout;
  }

  async svc(...args: string[]): Promise<void> {
    await this.ok("s6-svc", ...args);
  }

  /** `s6-svstat -o fields`, without the newline. */
  async field(service: string, fields: string): Promise<string> {
    return (await this.ok("s6-svstat", "-o", fields, service)).trimEnd();
  }

  /**
   * Waits until so many FIFOs of subscribers, the test's own among them, are in the service's
   * fifodir.
   */
  async subscribers(service: string, count: number): Promise<void> {
    const fifodir = this.tree.path(service, "event");
    await eventually(
      `${count} subscribers of ${service}`,
      () => ftrigNames(fifodir).length >= count,
    );
  }

  /** Waits until the test's own FIFO is the only one in the service's fifodir. */
  async unsubscribed(service: string): Promise<void> {
    const fifodir = this.tree.path(service, "event");
    await eventually(
      `the other subscribers of ${service} to leave`,
      () => ftrigNames(fifodir).length === 1,
    );
  }

  /** Waits until nobody supervises the service: C says `x` a moment before its lock is free. */
  async unsupervised(service: string): Promise<void> {
    await eventually(
      `${service} to have no supervisor`,
      async () => (await this.client("s6-svok", service)).code === 1,
    );
  }

  status(service: string): StatusFile {
    return readStatusFile(this.tree.path(service));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.svscan[Symbol.asyncDispose]();
    for (const events of this.#events.values()) await events[Symbol.asyncDispose]();
    this.tree[Symbol.dispose]();
  }
}

/** The names of subscribers' FIFOs in a fifodir: 39 characters. */
export function ftrigNames(fifodir: string): string[] {
  return [...Deno.readDirSync(fifodir)].map(({ name }) => name).filter((name) =>
    name.startsWith("ftrig1:@") && name.length === 39
  );
}

/** The services of a table, loggers among them: the directories with a `run`. */
function servicesOf(spec: TreeSpec): string[] {
  return Object.keys(spec).map((key) => /^(.+)\/run[!=]?$/.exec(key)?.[1]).filter((name) =>
    name !== undefined
  );
}

/** Makes the tree, subscribes to every service in it, and starts the pairing's s6-svscan on it. */
export async function openWorld(
  pairing: Pairing,
  spec: TreeSpec,
  options: SvscanOptions = {},
): Promise<World> {
  const tree = makeTree(spec);
  const events = new Map<string, Events>();
  try {
    for (const service of servicesOf(spec)) {
      events.set(service, subscribeAhead(tree.path(service, "event")));
    }
    return new World(pairing, tree, await startSvscan(pairing.daemon, tree, options), events);
  } catch (error) {
    for (const one of events.values()) await one[Symbol.asyncDispose]();
    tree[Symbol.dispose]();
    throw error;
  }
}
