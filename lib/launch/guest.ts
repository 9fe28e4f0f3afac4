/**
 * Runs the links at the beginning of a script here, as guests of this process, and starts the
 * program after them directly.
 *
 * The outcome is the same as if the links had run in their own process; otherwise nothing happens
 * at all.
 */
import { lastComponent } from "../core/text/path_name.ts";
import { ChainEnvironment } from "../execline/core/chain_environment.ts";
import { ENOENT, ENOTDIR } from "../core/linux/errno.ts";
import { parseOptions } from "../core/cli/getopt.ts";
import { viewOf } from "../core/cli/given.ts";
import { HANDED_OVER } from "../execline/core/chain_variable.ts";
import { Words } from "../execline/core/words.ts";
import { type Call, type ChainPort, type Command, goOn, type Next } from "../execline/link.ts";
import { lookUp } from "../execline/lookup.ts";
import { State } from "../execline/state.ts";
import { checked } from "../libc/bind.ts";
import { environmentStrings } from "../libc/environ.ts";
import { dupAbove } from "../libc/fd.ts";
import { access, X_OK } from "../libc/file.ts";
import { spawn, type SpawnRequest } from "../libc/spawn.ts";
import { tryStat } from "../libc/stat.ts";
import { scriptWords } from "./core/interpreter.ts";
import { isSure, isTooMuch, MOST_LINKS, usesDescriptors } from "./core/sure_links.ts";
import { readHead } from "./script_head.ts";

/** What this needs from the commands. */
export interface GuestPort extends Pick<ChainPort, "isCommand" | "isAnywhere" | "self"> {
  /** The link with that name, if its module is loaded. */
  loadedLink(name: string): LinkCommand | undefined;
}

export type LinkCommand = Pick<Extract<Command, { readonly kind: "link" }>, "options" | "link">;

/** The chain can't run here and needs its own process. */
export class LongWay extends Error {
  override readonly name = "LongWay";
}

const ABOVE_STANDARD = 3;

function longWay(): never {
  throw new LongWay();
}

/** A command of ours and its argv. */
export interface Beginning {
  readonly name: string;
  readonly words: Words;
}

/** The program at the end of a chain. */
interface Ending {
  readonly path: string;
  readonly argv: readonly string[];
}

/**
 * Starts the program at the end of a chain of our commands.
 *
 * @param name The command at its beginning; `words` are its argv
 * @returns Its pid, or `-errno`. @throws {unknown} If the chain can't run here; nothing has been
 *   started then.
 */
export function spawnAsGuest(
  request: SpawnRequest,
  port: GuestPort,
  name: string,
  words: Words,
): number {
  const chain = new GuestChain(request, port);
  let pid = -ENOENT;
  try {
    pid = chain.spawn(name, words);
  } finally {
    chain.leave(pid > 0);
  }
  return pid;
}

class GuestChain {
  readonly #request: SpawnRequest;
  readonly #port: GuestPort;
  readonly #state: State;
  #hasDescriptors = false;

  constructor(request: SpawnRequest, port: GuestPort) {
    this.#request = request;
    this.#port = port;
    const env = new ChainEnvironment(request.env ?? environmentStrings());
    if (env.get(HANDED_OVER) !== undefined) longWay();
    // the guest's state sits on top of this process's present state, which it never gives back
    this.#state = new State(env).guest({ mustNotWait: true });
  }

  /**
   * Restores this process's own state. @param started A failure to restore no longer concerns the
   * caller
   */
  leave(started: boolean): void {
    try {
      this.#state[Symbol.dispose]();
    } catch (error) {
      if (!started) throw error;
    }
  }

  spawn(name: string, words: Words): number {
    const { directory } = this.#request;
    if (directory !== undefined) {
      checked(
        "enter",
        this.#state.chdir(typeof directory === "string" ? directory : `/proc/self/fd/${directory}`),
      );
    }
    const { path, argv } = this.#follow(name, words);
    const { directory: _, searchPath: _search, ...rest } = this.#request;
    const request: SpawnRequest = { ...rest, path, argv, env: this.#state.env.strings };
    if (!this.#hasDescriptors) return spawn(request);
    const { copies, closed } = this.#state.fds.rearrangement();
    return spawn({ ...request, fds: copies, close: closed });
  }

  #follow(first: string, beginning: Words): Ending {
    let name = first;
    let words = beginning;
    for (let count = 0; count < MOST_LINKS; count++) {
      let next: Next | undefined = this.#runLink(name, words);
      let found: Ending | Beginning | undefined;
      do {
        found = this.#find(next);
        next = next.orElse === undefined ? undefined : goOn(next.orElse);
      } while (found === undefined && next !== undefined);
      if (found === undefined) longWay();
      if ("path" in found) return found;
      ({ name, words } = found);
    }
    longWay();
  }

  /** The next step of the chain; undefined if there is certainly no such program. */
  #find({ words, executable = words.first, own, env }: Next): Ending | Beginning | undefined {
    const state = this.#state;
    if (
      executable === undefined || executable === "" ||
      isTooMuch(words.texts, (env ?? state.env).strings)
    ) longWay();
    const found = own === undefined
      ? lookUp(executable, state.searchPath, this.#port)
      : { kind: "ours" as const, name: own };
    if (found.kind === "foreign" && found.paths.every(isAbsent)) return undefined;
    if (env !== undefined) state.env = env;
    if (found.kind === "ours") return { name: found.name, words };
    const path = found.paths[0]!;
    return scriptOfOurs(path, words.texts, this.#port) ?? { path, argv: words.texts };
  }

  #runLink(program: string, words: Words): Next {
    const args = words.slice(1);
    const command = isSure(program, args.texts) ? this.#port.loadedLink(program) : undefined;
    if (command === undefined || command.link.nature !== "state") longWay();
    if (usesDescriptors(program)) this.#takeDescriptors();
    const state = this.#state;
    state.searchPath = state.env.get("PATH");
    const { options, operandsAt } = command.link.allOperands
      ? { options: [], operandsAt: 0 }
      : parseOptions(args, command.options);
    const call: Call = {
      program,
      argv0: words.first ?? program,
      place: words.place,
      state,
      ...viewOf(command.options, options),
      words: args.slice(operandsAt),
      warn: longWay,
      info: longWay,
      say: longWay,
      run: longWay,
      start: longWay,
      capture: longWay,
      startOrphan: longWay,
    };
    const result = command.link.run(call);
    if (typeof result === "number" || result instanceof Promise) longWay();
    return result;
  }

  /**
   * Copies the descriptors that the program would get, so that the chain can change them freely.
   */
  #takeDescriptors(): void {
    if (this.#hasDescriptors) return;
    this.#hasDescriptors = true;
    const { fds = [], close = [] } = this.#request;
    const table = this.#state.fds;
    for (const [target, source] of fds) {
      checked("put", table.put(target, checked("copy", dupAbove(source, ABOVE_STANDARD))));
    }
    for (const number of close) this.#state.fds.close(number);
  }
}

function isAbsent(path: string): boolean {
  const found = tryStat(path);
  return found === -ENOENT || found === -ENOTDIR;
}

/**
 * Our command that interprets the script `path`, with its words; undefined if another program does.
 *
 * @param argv The argv of the script
 */
export function scriptOfOurs(
  path: string,
  argv: readonly string[],
  port: GuestPort,
): Beginning | undefined {
  const head = readHead(path);
  const words = head === undefined ? undefined : scriptWords(head, path, argv.slice(1));
  const interpreter = words?.[0];
  if (
    words === undefined || interpreter === undefined || !port.isCommand(lastComponent(interpreter))
  ) return undefined;
  const found = lookUp(interpreter, undefined, port);
  return found.kind === "ours" && access(path, X_OK) >= 0
    ? { name: found.name, words: new Words(words) }
    : undefined;
}
