/** One s6-log beside a test, fed with numbered lines. */
import { assert, assertEquals } from "@std/assert";
import { type Background, start } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { OURS, requireToolset } from "../fixture/toolset.ts";
import { makeTree, type Tree, type TreeSpec } from "../fixture/tree.ts";
import { assertComplete, lastLogged, numberedLines } from "./log_lines.ts";
import { STACK_TRACE } from "./patient.ts";

export interface RunningLoggerOptions {
  readonly spec?: TreeSpec;
  /** Words before the program. */
  readonly under?: readonly string[];
  /** Called once the files of the tree are there. */
  readonly prepare?: (tree: Tree) => void;
}

export class RunningLogger implements AsyncDisposable {
  readonly tree: Tree;
  readonly #process: Background;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  #fed = 0;

  private constructor(tree: Tree, process: Background) {
    this.tree = tree;
    this.#process = process;
    this.#writer = process.stdin.getWriter();
  }

  /** Starts s6-log in a tree, and waits until it is ready. */
  static async start(
    script: readonly string[],
    { spec = {}, under = [], prepare }: RunningLoggerOptions = {},
  ): Promise<RunningLogger> {
    requireToolset(OURS);
    const tree = makeTree(spec);
    try {
      prepare?.(tree);
      const words = [...under, OURS.bin("s6-log"), "-d", "3", "--", ...script];
      const process = start("/bin/sh", ["-c", 'exec "$@" 3>&1 >/dev/null', "sh", ...words], {
        cwd: tree.root,
      });
      await process.stdout.until("\n");
      return new RunningLogger(tree, process);
    } catch (error) {
      tree[Symbol.dispose]();
      throw error;
    }
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** The log directory `./log`. */
  get logdir(): string {
    return this.tree.path("log");
  }

  /** The number of the last line that was fed. */
  get fed(): number {
    return this.#fed;
  }

  /** All that it has said. */
  get said(): string {
    return this.#process.stderr.text;
  }

  /** Feeds more lines. They may be read much later. */
  feed(count: number): Promise<void> {
    const text = numberedLines(count, this.#fed + 1);
    this.#fed += count;
    return this.#writer.write(new TextEncoder().encode(text));
  }

  says(pattern: RegExp): Promise<string> {
    return this.#process.stderr.until(pattern);
  }

  kill(signal: Deno.Signal): void {
    this.#process.kill(signal);
  }

  /** Waits until the last line that was fed is in `current`. */
  async caughtUp(): Promise<void> {
    await eventually(
      `line ${this.#fed}; it said: ${this.said.slice(-500)}`,
      () => lastLogged(this.logdir) === this.#fed,
    );
  }

  /** Ends its input, and waits for its end. @returns the exit code */
  async end(): Promise<number> {
    await this.#writer.close();
    return await this.#process.ended();
  }

  /**
   * Ends it. @throws {AssertionError} If it does not end well, or not every line is in ./log once
   * and in order, and whole.
   */
  async assertRecovered(from = 1): Promise<void> {
    assertEquals([await this.end(), STACK_TRACE.test(this.said)], [0, false], this.said);
    assertComplete(this.logdir, this.#fed, from);
    for (const name of ["previous", "processed", "newstate"]) {
      assert(!this.tree.exists(`log/${name}`), `${name} is left`);
    }
    assert(
      (Deno.statSync(`${this.logdir}/current`).mode! & 0o100) !== 0,
      "current is not marked as closed in good order",
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
    this.tree[Symbol.dispose]();
  }
}
