/**
 * What a soak does to its services: commands on their control FIFOs and on s6-svscan's, clients as
 * processes, and listeners on one fifodir, some of which go without a word. The same seed gives the
 * same traffic.
 */
import { subscribe, type Subscription } from "../../lib/fifodir/subscribe.ts";
import { O_NONBLOCK, O_WRONLY } from "../../lib/core/linux/open_flags.ts";
import { close, tryOpen, write } from "../../lib/libc/file.ts";
import { seededRandom } from "../unit/core/seeded_random.ts";
import type { SoakTree } from "./tree.ts";

/**
 * From one service that comes to the next: time enough for it to start and for the one before to
 * end.
 */
const STEPS_OF_VISIT = 50;
/** Listeners at the same time. */
const LISTENERS = 20;
/** What a service is told, and what it has to be told afterwards to be as before. */
const ORDERS: readonly (readonly [string, string])[] = [
  ["r", ""],
  ["p", "c"],
  ["d", "u"],
  ["o", "u"],
  ["1", ""],
  ["a", ""],
];
const LOGGER_ORDERS: readonly (readonly [string, string])[] = [
  ["a", ""],
  ["a", ""],
  ["a", ""],
  ["r", ""],
  ["p", "c"],
  ["d", "u"],
  [
    "h",
    "",
  ],
];

export interface TrafficCounts {
  commands: number;
  rotations: number;
  listeners: number;
  clients: number;
  rescans: number;
  visitors: number;
}

export class Traffic implements Disposable {
  readonly counts: TrafficCounts = {
    commands: 0,
    rotations: 0,
    listeners: 0,
    clients: 0,
    rescans: 0,
    visitors: 0,
  };
  readonly #tree: SoakTree;
  readonly #bin: (program: string) => string;
  readonly #random = seededRandom(1);
  readonly #listeners: Subscription[] = [];
  #steps = 0;
  /** Visitors that were taken out of the scan directory. */
  #leaving: string[] = [];
  /** To be sent a while later. */
  readonly #owed: { readonly service: string; readonly letter: string }[] = [];
  /** Failures of clients, the newest last. */
  readonly faults: string[] = [];

  constructor(tree: SoakTree, bin: (program: string) => string) {
    this.#tree = tree;
    this.#bin = bin;
  }

  #pick<T>(items: readonly T[]): T {
    return items[this.#random(items.length)]!;
  }

  /** Writes commands into a control FIFO. */
  send(path: string, letter: string): void {
    const fd = tryOpen(path, O_WRONLY | O_NONBLOCK);
    if (fd < 0) {
      this.faults.push(`nobody listens on ${path}`);
      return;
    }
    write(fd, new TextEncoder().encode(letter));
    close(fd);
    this.counts.commands++;
  }

  #order(service: string, orders: readonly (readonly [string, string])[]): void {
    const [letter, back] = this.#pick(orders);
    this.send(`${this.#tree.scandir}/${service}/supervise/control`, letter);
    if (back !== "") this.#owed.push({ service, letter: back });
    if (letter === "a") this.counts.rotations++;
  }

  /** A few commands; now and then a scan, or a service that comes or goes. */
  step(): void {
    this.settleDebts();
    const { sleepers, talkers, mayflies, scandir } = this.#tree;
    if (sleepers.length > 0) this.#order(this.#pick(sleepers), ORDERS);
    // the first writer's logger is the clients': `s6-svc -wr` would wait for ever for one that
    // somebody else has just stopped
    this.#order(
      `${this.#pick([...sleepers, ...talkers.slice(1), ...mayflies])}/log`,
      LOGGER_ORDERS,
    );
    if (this.#random(20) === 0) {
      this.send(`${scandir}/.s6-svscan/control`, this.#pick(["a", "z", "n", "h"]));
      this.counts.rescans++;
    }
    if (++this.#steps % STEPS_OF_VISIT === 0) this.#visit();
  }

  /** Sends what has to be sent for all to be as before. */
  settleDebts(): void {
    for (const { service, letter } of this.#owed.splice(0)) {
      this.send(`${this.#tree.scandir}/${service}/supervise/control`, letter);
    }
  }

  /**
   * One comes, the one before goes, and what is left of those before is removed when they have
   * ended.
   */
  #visit(): void {
    const name = (number: number): string => `visitor${number}`;
    const number = ++this.counts.visitors;
    this.#leaving = this.#leaving.filter((one) => !this.#tree.remove(one));
    if (number > 1) {
      this.#tree.takeOut(name(number - 1));
      this.#leaving.push(name(number - 1));
    }
    this.#tree.addVisitor(name(number));
    this.send(`${this.#tree.scandir}/.s6-svscan/control`, "h");
    this.counts.rescans++;
  }

  /** One more listener; the oldest of many goes. */
  listen(): void {
    this.#listeners.push(subscribe(`${this.#tree.scandir}/${this.#tree.mayflies[0]}/event`));
    this.counts.listeners++;
    if (this.#listeners.length <= LISTENERS) return;
    const oldest = this.#listeners.shift()!;
    // without a word: a notifier finds its FIFO without a reader
    if (this.#random(4) === 0) close(oldest.fd);
    else oldest[Symbol.dispose]();
  }

  /** One client, to its end. */
  async client(): Promise<void> {
    const { scandir, talkers } = this.#tree;
    const service = `${scandir}/${this.#pick(talkers)}`;
    const [program, ...args] = this.#pick([
      ["s6-svstat", service],
      ["s6-svwait", "-U", "-t", "30000", `${service}/log`],
      ["s6-svc", "-wr", "-T", "30000", "-r", `${scandir}/${talkers[0]}/log`],
      ["s6-svdt", service],
      ["s6-svok", service],
    ]);
    const { code, stderr } = await new Deno.Command(this.#bin(program!), {
      args,
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    this.counts.clients++;
    if (code !== 0) {
      this.faults.push(
        `${program} ${args.join(" ")} exited ${code}: ${new TextDecoder().decode(stderr).trim()}`,
      );
    }
  }

  [Symbol.dispose](): void {
    for (const listener of this.#listeners) listener[Symbol.dispose]();
  }
}
