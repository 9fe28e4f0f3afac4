/** The services of a live folder that are ready when they write a certain text. */
import type { Poller } from "../libc/epoll.ts";
import type { Stdio } from "../supervise/port.ts";
import type { Longrun } from "./core/database.ts";
import { LogWatch } from "./log_watch.ts";

const STDOUT = 1;
const STDERR = 2;

interface Watched {
  readonly text: string;
  readonly stdout: number;
  /** Undefined: we can't relay its output. */
  readonly watch: LogWatch | undefined;
}

export class LogWatches {
  readonly #poller: Poller;
  readonly #warn: (text: string) => void;
  #watched = new Map<string, Watched>();

  constructor(poller: Poller, warn: (text: string) => void) {
    this.#poller = poller;
    this.#warn = warn;
  }

  /**
   * The descriptors that a service is started with.
   *
   * @param given The descriptors that others hold for it
   * @param pipeFd Where it would write, if that is its own pipe
   */
  stdioOf({ name, probe }: Longrun, given: Stdio | undefined, pipeFd?: number): Stdio | undefined {
    if (probe?.kind !== "log") return given;
    const text = probe.pattern;
    const stdout = given?.stdout ?? pipeFd ?? STDOUT;
    // only standard output goes into a pipeline
    const stderr = given?.stdout !== undefined ? undefined : pipeFd ?? STDERR;
    const known = this.#watched.get(name);
    if (known?.text === text && known.stdout === stdout) {
      return known.watch === undefined ? given : { ...given, ...known.watch.stdio };
    }
    known?.watch?.[Symbol.dispose]();
    const watch = LogWatch.begin({ poller: this.#poller, text, stdout, stderr });
    this.#watched.set(name, { text, stdout, watch });
    if (watch === undefined) {
      this.#warn(
        `service ${name}: what it writes can't be looked at here, so it counts as ready when it is started (ready-log)`,
      );
      return given;
    }
    return { ...given, ...watch.stdio };
  }

  /**
   * Begins a life of the service. Returns whether `onReady` will be called when the text appears.
   */
  expect(name: string, onReady: () => void): boolean {
    const watch = this.#watched.get(name)?.watch;
    watch?.expect(onReady);
    return watch !== undefined;
  }

  /** The last line of a service that is not ready yet. */
  lastLineOf(name: string): string | undefined {
    return this.#watched.get(name)?.watch?.lastLine;
  }

  hear(name: string, event: string): void {
    const watched = this.#watched.get(name);
    if (event === "d" || event === "D") watched?.watch?.forget();
    if (event !== "x") return;
    watched?.watch?.[Symbol.dispose]();
    this.#watched.delete(name);
  }

  /**
   * Switches to another database: services that keep running keep their pipe under the new name.
   */
  rename(newNames: ReadonlyMap<string, string>): void {
    const old = this.#watched;
    this.#watched = new Map();
    for (const [name, watched] of old) {
      const newName = newNames.get(name);
      if (newName === undefined) watched.watch?.[Symbol.dispose]();
      else this.#watched.set(newName, watched);
    }
  }

  end(): void {
    this.rename(new Map());
  }
}
