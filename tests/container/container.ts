/** A container that a test runs; leaving the scope kills and removes it. */
import { assertEquals } from "@std/assert";
import type { Background, Result } from "../fixture/command.ts";
import type { Output } from "../fixture/output.ts";
import type { Tree } from "../fixture/tree.ts";
import { type Podman, podman } from "./podman.ts";
import type { PseudoTerminal } from "./pseudo_terminal.ts";

export interface ContainerOptions {
  readonly image: string;
  /** Options of `podman run`, e.g. `["--read-only"]`. */
  readonly flags?: readonly string[];
  /** Mounted at /service. */
  readonly tree?: Tree;
  readonly readOnlyTree?: boolean;
  /**
   * What to run. Default: the image's CMD, which in those without the overlay is
   * `/usr/bin/s6-svscan /service`.
   */
  readonly command?: readonly string[];
}

export class Container implements AsyncDisposable {
  readonly #podman: Podman;
  readonly #name: string;
  readonly #attached: Background;

  constructor(engine: Podman, name: string, attached: Background) {
    this.#podman = engine;
    this.#name = name;
    this.#attached = attached;
  }

  /** What podman calls it. */
  get name(): string {
    return this.#name;
  }

  /** What PID 1 and services without a logger write there. */
  get stdout(): Output {
    return this.#attached.stdout;
  }

  get stderr(): Output {
    return this.#attached.stderr;
  }

  /** Waits for the end. @returns the container's exit code: 137 if the engine had to kill it */
  async ended(): Promise<number> {
    const code = await this.#attached.ended();
    await Promise.all([this.stdout.ended, this.stderr.ended]);
    return code;
  }

  /** Writes to its standard input, which `--interactive` keeps open. */
  async type(text: string): Promise<void> {
    const writer = this.#attached.stdin.getWriter();
    await writer.write(new TextEncoder().encode(text));
    writer.releaseLock();
  }

  /** What `docker attach` in a window does. */
  async attach(): Promise<PseudoTerminal> {
    await this.#attached.ended(); // a container that was started with --detach is there now
    return this.#podman.startOnTerminal(["attach", this.#name]);
  }

  /** Runs a program in it. */
  exec(words: readonly string[], flags: readonly string[] = []): Promise<Result> {
    return this.#podman.run(["exec", ...flags, this.#name, ...words]);
  }

  /** Starts a program in it beside the test. */
  startExec(words: readonly string[]): Background {
    return this.#podman.start(["exec", this.#name, ...words]);
  }

  /** Starts a program in it on a terminal, as `docker exec -it` does. */
  execOnTerminal(words: readonly string[]): PseudoTerminal {
    return this.#podman.startOnTerminal(["exec", "--interactive", "--tty", this.#name, ...words]);
  }

  /** Runs a program in it that must exit with 0. @returns what it wrote to stdout */
  async said(...words: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.exec(words);
    assertEquals(code, 0, `${words.join(" ")} exited with ${code}: ${stderr}${stdout}`);
    return stdout;
  }

  /** Sends a signal to PID 1. */
  async kill(signal: string): Promise<void> {
    await this.#podman.done(["kill", "--signal", signal, this.#name]);
  }

  /**
   * What `docker stop` does: SIGTERM to PID 1, and SIGKILL if it has not ended after `seconds`.
   * @returns the exit code
   */
  async stop(seconds = 10): Promise<number> {
    await this.#podman.done(["stop", "--time", String(seconds), this.#name]);
    return await this.ended();
  }

  /** What a file of the container is, seen from outside: the image needs no program for it. */
  async statOf(
    path: string,
  ): Promise<{ readonly mode: number; readonly uid: number; readonly gid: number }> {
    const { mode, uid, gid } = Deno.lstatSync(`/proc/${await this.hostPid()}/root${path}`);
    return { mode: mode!, uid: uid!, gid: gid! };
  }

  /** A field of `podman inspect`, as a Go template names it. */
  async inspect(field: string): Promise<string> {
    return (await this.#podman.done(["inspect", "--format", `{{${field}}}`, this.#name])).trim();
  }

  /**
   * Starts it once more, as `docker start` does, when it has ended. What the first start has left
   * in its files is still there.
   */
  startAgain(): Promise<Container> {
    return Promise.resolve(
      new Container(
        this.#podman,
        this.#name,
        this.#podman.start(["start", "--attach", this.#name]),
      ),
    );
  }

  /** Runs the image's HEALTHCHECK once. @returns 0 if it says healthy */
  async health(): Promise<number> {
    return (await this.#podman.run(["healthcheck", "run", this.#name])).code;
  }

  /** The number that the host knows PID 1 by. */
  async hostPid(): Promise<number> {
    return Number(await this.inspect(".State.Pid"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#podman.run(["rm", "--force", "--time", "0", this.#name]);
    await this.#attached[Symbol.asyncDispose]();
  }
}

/** Starts a container. It is up when its services say so. */
export async function startContainer(options: ContainerOptions): Promise<Container> {
  const engine = await podman();
  const name = `test-${crypto.randomUUID()}`;
  const volume = options.tree === undefined
    ? []
    : ["--volume", `${options.tree.root}:/service:${options.readOnlyTree ? "ro" : "rw"}`];
  const flags = [...engine.runFlags, ...volume, ...(options.flags ?? [])];
  return new Container(
    engine,
    name,
    engine.start(["run", "--name", name, ...flags, options.image, ...(options.command ?? [])]),
  );
}

/** Runs a container to its end. */
export async function runContainer(options: ContainerOptions): Promise<Result> {
  await using container = await startContainer(options);
  const code = await container.ended();
  return { code, stdout: container.stdout.text, stderr: container.stderr.text };
}
