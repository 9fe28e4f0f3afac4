/**
 * How a chain leaves this process: the program at its end is executed, or what is left of the chain
 * is, by this program once more.
 */
import { EXIT_CANNOT_EXEC, EXIT_NOT_FOUND } from "../core/cli/exit_codes.ts";
import { LIMITED_STARTER } from "../core/cli/internal_commands.ts";
import { ENOENT } from "../core/linux/errno.ts";
import type { ResourceLimits } from "../core/linux/resource_limits.ts";
import { become } from "../libc/become.ts";
import { SyscallError } from "../libc/bind.ts";
import { spawn } from "../libc/spawn.ts";
import { HANDED_OVER, startableWords, tellHandedOver } from "./core/chain_variable.ts";
import { Words } from "./core/words.ts";
import { limitedWords, OURS } from "./limited.ts";
import type { ChainPort } from "./link.ts";
import { LinkFailure } from "./link_failure.ts";
import type { State } from "./state.ts";
import { startFailure } from "./start_failure.ts";

/**
 * What becomes of the program at the end:
 * - "become": this process becomes it
 * - "wait": it is started and will be waited for at once, so the links before it may take their
 *   time
 * - "beside": it is started, and nobody waits; nothing before it may
 * - "capture": the same, and its output will be read; a tool runs here, and its output is at hand
 */
export type Manner = "become" | "wait" | "beside" | "capture";

/** How far a chain has come within this process. */
export type Result =
  | { readonly kind: "ended"; readonly wstat: number; readonly output?: string }
  | { readonly kind: "started"; readonly pid: number }
  /** The first program of all can't be executed. */
  | { readonly kind: "not started"; readonly errno: number };

/** The last link: its name and place are printed if the next program can't be executed. */
export interface Predecessor {
  readonly program: string;
  readonly place: Words["place"];
}

type Started = Exclude<Result, { readonly kind: "ended" }>;

/** A program to execute. */
interface Program {
  /** Where it may be, in the order in which that is tried. */
  readonly paths: readonly string[];
  readonly argv: readonly string[];
  readonly env: readonly string[];
  /** Limits that it gets. */
  readonly limits: readonly ResourceLimits[];
}

export class Execution {
  readonly #port: ChainPort;

  constructor(port: ChainPort) {
    this.#port = port;
  }

  /** Executes a program. On success it has started, or this process is gone. */
  execute(state: State, program: Program, manner: Manner): Started {
    const { copies, closed } = state.fds.rearrangement();
    if (manner === "become") return notStarted(become({ ...program, copies, closed }));
    let failure = -ENOENT;
    for (const executable of program.paths) {
      const { path, argv, env } = program.limits.length === 0
        ? { ...program, path: executable }
        : this.#ownCommand(
          state,
          new Words([
            LIMITED_STARTER,
            ...limitedWords({ ...program, executable }),
            ...program.argv,
          ]),
          program.env,
        );
      const pid = spawn({ path, argv, env, fds: copies, close: closed, keepSignals: true });
      if (pid >= 0) return { kind: "started", pid };
      failure = pid;
      if (pid !== -ENOENT) break;
    }
    return notStarted(failure);
  }

  cannotExecute(
    state: State,
    program: string,
    errno: number,
    { program: link, place }: Predecessor,
  ): number {
    const failure = new LinkFailure(
      errno === ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_EXEC,
      startFailure("exec", program, errno),
    );
    return this.#port.report(link, failure, { stderr: state.fd(2), place });
  }

  /** The rest of the chain goes on in a process of our own program: this one, at the top. */
  handOver(
    state: State,
    name: string,
    words: Words,
    { manner, isProgram }: { manner: Manner; isProgram: boolean },
  ): Result {
    if (isProgram && !words.texts.every((text) => text.isWellFormed())) {
      const failure = new LinkFailure(
        EXIT_CANNOT_EXEC,
        `unable to exec ${name}: the runtime takes no arguments that are not UTF-8`,
      );
      return exited(this.#port.report(name, failure, { stderr: state.fd(2), place: words.place }));
    }
    const program = isProgram
      ? this.#ownProgram(state, name, words)
      : this.#ownChain(state, name, words);
    const result = this.execute(state, program, manner);
    if (result.kind === "started") return result;
    return exited(
      this.cannotExecute(state, name, result.errno, { program: name, place: words.place }),
    );
  }

  /**
   * Starts a chain that begins with a link of ours beside this process. @throws {SyscallError} If
   * that fails.
   */
  startOwn(state: State, words: Words): number {
    const name = words.first!;
    const result = this.execute(state, this.#ownChain(state, name, words), "beside");
    if (result.kind === "started") return result.pid;
    throw new SyscallError(`spawn ${name}`, result.errno);
  }

  #ownProgram(state: State, name: string, words: Words): Program {
    const { path, argv } = this.#port.self(name, words.texts.slice(1));
    return { paths: [path], argv, env: state.env.strings, limits: [...state.limits.values()] };
  }

  /** Passes on the limits, which are meant for the program at the end. */
  #ownChain(state: State, name: string, words: Words): Program {
    const limits = [...state.limits.values()];
    const own = new Words([name, ...words.texts.slice(1)], words.places);
    const whole = limits.length === 0
      ? own
      : own.behind(LIMITED_STARTER, ...limitedWords({ limits, executable: OURS }));
    const { path, argv, env } = this.#ownCommand(state, whole, state.env.strings);
    return { paths: [path], argv, env, limits: [] };
  }

  /** How to execute a link of ours, so that it hears everything. */
  #ownCommand(
    state: State,
    words: Words,
    env: readonly string[],
  ): { path: string; argv: readonly string[]; env: readonly string[] } {
    const told = tellHandedOver({
      words,
      closed: [0, 1, 2].filter((number) => state.fd(number) === -1),
    });
    const command = this.#port.self(words.first!, startableWords(words.texts.slice(1)));
    return { ...command, env: told === undefined ? env : [...env, `${HANDED_OVER}=${told}`] };
  }
}

function notStarted(error: number): Started {
  return { kind: "not started", errno: -error };
}

/** As `waitpid` would tell it. */
export function exited(code: number): Result & { readonly kind: "ended" } {
  return { kind: "ended", wstat: (code & 0xff) << 8 };
}
