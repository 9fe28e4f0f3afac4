/**
 * The engine: runs the links of a chain, one after the other, within this process, up to the
 * program that is not ours.
 *
 * At the top this process becomes that program. In a block it is started, from a copy of the state;
 * what the block needs a process for begins one where it needs it, which is this program once more
 * with the words that are left.
 */
import { EAGAIN, ENOMEM, EPIPE } from "../core/linux/errno.ts";
import { parseOptions } from "../core/cli/getopt.ts";
import { viewOf } from "../core/cli/given.ts";
import { ORPHAN_STARTER } from "../core/cli/internal_commands.ts";
import { SIGPIPE } from "../core/linux/signals.ts";
import { Words } from "./core/words.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { dieOf } from "../libc/disposition.ts";
import { memfdCreate, pipe } from "../libc/fd.ts";
import { close } from "../libc/file.ts";
import { waitFor } from "../libc/process.ts";
import { letGoOfClosed } from "./descriptor_table.ts";
import { Execution, exited, type Manner, type Predecessor, type Result } from "./execution.ts";
import type { Call, Captured, ChainPort, Command, Ending, LinkResult, Next } from "./link.ts";
import { NeedsProcess } from "./link_failure.ts";
import { lookUp, rememberOwnFile } from "./lookup.ts";
import { slurp, slurpFrom } from "./script_file.ts";
import type { State } from "./state.ts";

/** What changes the copy of the state that a block gets. */
type Preparation = ((guest: State) => void) | undefined;

export class Chain {
  readonly #port: ChainPort;
  readonly #execution: Execution;

  constructor(port: ChainPort) {
    this.#port = port;
    this.#execution = new Execution(port);
    rememberOwnFile();
  }

  /**
   * Runs the chain that begins with our command `name`; `words` are its argv. Returns the exit
   * code, if this process did not become another.
   */
  async run(state: State, name: string, words: Words): Promise<number> {
    const result = await this.#follow(state, { words }, "become", name);
    if (result.kind !== "ended") throw new RangeError("a chain of its own has no other end");
    if (result.wstat === SIGPIPE) dieOf(SIGPIPE);
    return result.wstat >> 8;
  }

  async #runBlock(parent: State, block: Words, prepare?: (guest: State) => void): Promise<Ending> {
    using state = parent.guest({ mustNotWait: parent.mustNotWait });
    prepare?.(state);
    const result = await this.#follow(state, { words: block }, "wait");
    if (result.kind === "not started") return { errno: result.errno };
    if (result.kind === "ended") return { wstat: result.wstat };
    letGoOfClosed();
    return { wstat: waitFor(result.pid) };
  }

  async #startBlock(
    parent: State,
    block: Words,
    prepare?: (guest: State) => void,
  ): Promise<number> {
    using state = parent.guest({ mustNotWait: true });
    prepare?.(state);
    const result = await this.#follow(state, { words: block }, "beside");
    if (result.kind === "not started") return -result.errno;
    if (result.kind === "started") return result.pid;
    return this.#execution.startOwn(state, new Words(["exit", String(result.wstat >> 8)]));
  }

  async #captureBlock(parent: State, block: Words): Promise<Captured> {
    const { readFd, writeFd } = pipe();
    try {
      const result = await this.#startCaptured(parent, block, writeFd);
      if (result.kind === "not started") return { text: "", ending: { errno: result.errno } };
      if (result.kind === "ended") {
        return { text: result.output ?? "", ending: { wstat: result.wstat } };
      }
      letGoOfClosed();
      const text = slurp(readFd, "the output of a block");
      return { text, ending: { wstat: waitFor(result.pid) } };
    } finally {
      close(readFd);
    }
  }

  async #startCaptured(parent: State, block: Words, writeFd: number): Promise<Result> {
    using state = parent.guest({ mustNotWait: true, captureFd: writeFd });
    state.fds.put(1, writeFd);
    return await this.#follow(state, { words: block }, "capture");
  }

  /**
   * A tool's output goes into memory if it is to be captured, since nobody reads the pipe before
   * the tool has ended.
   */
  async #runTool(state: State, name: string, words: Words, { run }: ToolCommand): Promise<Result> {
    const memory = state.captureFd === undefined ? undefined : memfdCreate("output");
    // a kernel or a filter that has none: the tool writes into the pipe, from a process of its own
    if (memory !== undefined && memory < 0) {
      return this.#execution.handOver(state, name, words, { manner: "capture", isProgram: false });
    }
    if (memory !== undefined) state.fds.put(1, memory);
    letGoOfClosed();
    const code = await run(state, words);
    const ended = code === undefined ? { kind: "ended", wstat: SIGPIPE } as const : exited(code);
    return memory === undefined
      ? ended
      : { ...ended, output: slurpFrom(memory, "the output of a block", 0) };
  }

  /**
   * A process between us and the block starts it, tells its pid, and ends. What can't be executed
   * is no failure of `link`: in C it is the orphan that finds out, and says so, and `link` goes on.
   * The process between us, which is gone, then stands for the orphan.
   */
  #startOrphan(
    parent: State,
    block: Words,
    { link, prepare }: { link: Predecessor; prepare: Preparation },
  ): number {
    const { readFd, writeFd } = pipe();
    try {
      const starter = this.#startStarter(parent, block, { writeFd, prepare });
      waitFor(starter);
      const answer = Number(slurp(readFd, "the pid of an orphan"));
      if (answer > 0) return answer;
      const errno = answer === 0 ? EAGAIN : -answer;
      if (errno === EAGAIN || errno === ENOMEM) return -errno;
      this.#execution.cannotExecute(parent, block.first ?? "", errno, {
        ...link,
        program: `${link.program} (grandchild)`,
      });
      return starter;
    } finally {
      close(readFd);
    }
  }

  #startStarter(
    parent: State,
    block: Words,
    how: { writeFd: number; prepare: Preparation },
  ): number {
    using state = parent.guest({ mustNotWait: true });
    how.prepare?.(state);
    const number = checked("tell the pid of an orphan", state.fds.add(how.writeFd));
    return this.#execution.startOwn(state, block.behind(ORPHAN_STARTER, String(number)));
  }

  /** @param first The command of ours that the chain begins with, if that is certain. */
  async #follow(state: State, beginning: Next, manner: Manner, first?: string): Promise<Result> {
    let next = beginning;
    let own = first;
    let predecessor: Predecessor | undefined;
    for (;;) {
      const { words, executable = words.first } = next;
      if (executable === undefined) return exited(0);
      const found = own !== undefined
        ? { kind: "ours" as const, name: own }
        : lookUp(executable, state.searchPath, this.#port);
      own = undefined;
      if (found.kind === "foreign") {
        const env = next.env ?? state.env;
        // for posix_spawnp an empty name is none
        const paths = executable === "" && manner !== "become" ? [] : found.paths;
        const result = this.#execution.execute(state, {
          paths,
          argv: words.texts,
          env: env.strings,
          limits: [...state.limits.values()],
        }, manner);
        if (result.kind === "started") return result;
        if (next.orElse !== undefined) {
          next = { words: next.orElse };
          continue;
        }
        if (predecessor === undefined) return result;
        if (next.failure !== undefined) {
          const { program, place } = predecessor;
          const failure = next.failure(result.errno);
          return exited(this.#port.report(program, failure, { stderr: state.fd(2), place }));
        }
        return exited(this.#execution.cannotExecute(state, executable, result.errno, predecessor));
      }
      if (next.env !== undefined) state.env = next.env;
      const { name } = found;
      const command = await this.#port.load(name);
      if (!runsHere(command, state, manner)) {
        return this.#execution.handOver(state, name, words, {
          manner,
          isProgram: command.kind === "program",
        });
      }
      if (command.kind === "tool") return await this.#runTool(state, name, words, command);
      if (command.kind === "program") throw new RangeError("a program runs nowhere here");
      if (command.link.nature !== "state") letGoOfClosed();
      const result = await this.#runLink(state, name, words, command);
      if (result === "needs a process") {
        return this.#execution.handOver(state, name, words, { manner, isProgram: false });
      }
      if (result === "broken pipe") return { kind: "ended", wstat: SIGPIPE };
      if (typeof result === "number") return exited(result);
      predecessor = { program: name, place: words.place };
      next = result;
      own = result.own;
    }
  }

  async #runLink(
    state: State,
    program: string,
    words: Words,
    command: LinkCommand,
  ): Promise<LinkResult | "needs a process" | "broken pipe"> {
    const port = this.#port;
    const { place } = words;
    state.searchPath = state.env.get("PATH");
    try {
      const args = words.slice(1);
      const { options, operandsAt } = command.link.allOperands
        ? { options: [], operandsAt: 0 }
        : parseOptions(args, command.options);
      const call: Call = {
        program,
        argv0: words.first ?? program,
        place,
        state,
        ...viewOf(command.options, options),
        words: args.slice(operandsAt),
        warn: (text) => port.say(`${program}: warning: ${text}`, state.fd(2)),
        info: (text) => port.say(`${program}: info: ${text}`, state.fd(2)),
        say: (line) => port.say(line, state.fd(2)),
        run: (block, prepare) => this.#runBlock(state, block, prepare),
        start: (block, prepare) => this.#startBlock(state, block, prepare),
        capture: (block) => this.#captureBlock(state, block),
        startOrphan: (block, prepare) =>
          Promise.resolve(this.#startOrphan(state, block, { link: { program, place }, prepare })),
      };
      return await command.link.run(call);
    } catch (error) {
      if (error instanceof NeedsProcess) return "needs a process";
      if (error instanceof SyscallError && error.errno === EPIPE) return "broken pipe";
      return port.report(program, error, { stderr: state.fd(2), place });
    }
  }
}

type ToolCommand = Extract<Command, { readonly kind: "tool" }>;
type LinkCommand = Extract<Command, { readonly kind: "link" }>;
/** Can it run in this process, in the chain's stead? */
function runsHere(command: Command, state: State, manner: Manner): boolean {
  const mustNotWait = manner === "beside" || manner === "capture";
  if (command.kind === "program") return false;
  if (command.kind === "tool") {
    return !mustNotWait || (manner === "capture" && state.fds.isOnly(1, state.captureFd!));
  }
  if (command.link.nature === "process" && state.isGuest) return false;
  return command.link.nature === "state" || !mustNotWait;
}
