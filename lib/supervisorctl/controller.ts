/**
 * supervisorctl's actions on a tree of services, with its words and exit codes. Source: supervisor
 * 4.2, docs/running.rst, supervisorctl.py.
 */
import { ACTION_HELP, actionList, isAction } from "./core/action_help.ts";
import {
  isRunning,
  isStopped,
  namespecOf,
  type ProcessInfo,
  splitNamespec,
  statusLines,
} from "./core/process_info.ts";
import type { ControlledTree, Fault } from "./port.ts";

const EXIT_GENERIC = 1;
const EXIT_INVALID_ARGS = 2;
const EXIT_STATUS_STOPPED = 3;
const EXIT_UNIMPLEMENTED = 3;
const EXIT_STATUS_UNKNOWN = 4;
const EXIT_NOT_RUNNING = 7;
/** Faults that are told by the exit code 7. */
const DEAD: readonly Fault[] = ["spawn error", "not running"];
const TAIL_BYTES = 1600;
const AVAIL_COLUMNS = [32, 9, 9] as const;
/** What supervisord has where nobody says otherwise. */
const PRIORITY = "999:999";

export interface ControllerOptions {
  readonly version: string;
  /** Whether somebody sits at the prompt, who is asked before everything stops. */
  readonly isInteractive: boolean;
  out(text: string | Uint8Array<ArrayBuffer>): void;
  /** An answer to a question; undefined at the end of the input. */
  ask(question: string): Promise<string | undefined>;
}

type Result = readonly [
  info: ProcessInfo | { group: string; name: string },
  fault: Fault | undefined,
];
type Doing = (info: ProcessInfo) => Promise<Fault | undefined> | Fault | undefined;

export class Controller {
  readonly #tree: ControlledTree;
  readonly #options: ControllerOptions;
  #code = 0;

  constructor(tree: ControlledTree, options: ControllerOptions) {
    this.#tree = tree;
    this.#options = options;
  }

  /** What the last actions owe. */
  get exitCode(): number {
    return this.#code;
  }

  #say(text: string): void {
    this.#options.out(`${text}\n`);
  }

  /** Says something, and owes that exit code. */
  #fail(text: string, code = EXIT_GENERIC): void {
    this.#say(text);
    this.#code = code;
  }

  /** Does what a line says. @returns false if it ends the prompt */
  async obey(line: string): Promise<boolean> {
    const [action = "", ...names] = line.trim().split(/\s+/);
    if (action === "") return true;
    if (action === "quit" || action === "exit") return false;
    if (action === "help" || action === "?") this.#help(names);
    else if (!isAction(action)) this.#fail(`*** Unknown syntax: ${line.trim()}`);
    else if (this.#isThere(action)) await this.#do(action, names);
    return true;
  }

  #isThere(action: string): boolean {
    if (["version", "fg", "open", "reload", "maintail"].includes(action)) return true;
    if (this.#tree.isSupervised()) return true;
    this.#fail(
      `${this.#tree.place} no such file`,
      action === "status" ? EXIT_STATUS_UNKNOWN : EXIT_NOT_RUNNING,
    );
    return false;
  }

  #help([topic]: readonly string[]): void {
    if (topic === undefined) this.#say(actionList());
    else if (isAction(topic)) this.#say(ACTION_HELP[topic]);
    else if (topic === "help") this.#say("help\t\tName the actions\nhelp <action>\tTell about one");
    else this.#say(`*** No help on ${topic}`);
  }

  async #do(action: keyof typeof ACTION_HELP, names: readonly string[]): Promise<void> {
    switch (action) {
      case "status":
        return this.#status(names);
      case "pid":
        return this.#pid(names);
      case "start":
        return await this.#start(names);
      case "stop":
        return await this.#stop(names);
      case "restart":
        if (names.length === 0) return this.#lacksName(action, EXIT_GENERIC);
        await this.#stop(names);
        return await this.#start(names);
      case "signal":
        return await this.#signal(names);
      case "tail":
        return await this.#tail(names);
      case "clear":
        return await this.#clear(names);
      case "avail":
        return this.#takesNone(action, names) && this.#avail();
      case "reread":
        return void (this.#takesNone(action, names) && await this.#reread());
      case "update":
        return await this.#update(names);
      case "add":
        return await this.#add(names);
      case "remove":
        return await this.#remove(names);
      case "shutdown":
        return void (this.#takesNone(action, names) && await this.#shutdown());
      case "version":
        return this.#takesNone(action, names) && this.#say(this.#options.version);
      case "fg":
      case "maintail":
      case "open":
      case "reload":
        return this.#fail(ACTION_HELP[action].replace(/^.*\t/, "ERROR: "), EXIT_UNIMPLEMENTED);
      case "exit":
      case "quit":
        return;
      default:
        return action satisfies never;
    }
  }

  #takesNone(action: keyof typeof ACTION_HELP, names: readonly string[]): void | true {
    if (names.length === 0) return true;
    this.#fail(`Error: ${action} accepts no arguments`);
    this.#say(ACTION_HELP[action]);
  }

  #lacksName(action: keyof typeof ACTION_HELP, code: number): void {
    this.#fail(`Error: ${action} requires a process name`, code);
    this.#say(ACTION_HELP[action]);
  }

  #status(names: readonly string[]): void {
    const all = this.#tree.infos();
    const infos = names.length === 0 || names.includes("all") ? all : names.flatMap((word) => {
      const { group, name } = splitNamespec(word);
      const found = all.filter((info) =>
        info.group === group && (name === undefined || info.name === name)
      );
      if (found.length === 0) {
        const what = name === undefined ? `${group}: ERROR (no such group)` : undefined;
        this.#fail(what ?? `${word}: ERROR (no such process)`, EXIT_STATUS_UNKNOWN);
      }
      return found;
    });
    for (const line of statusLines(infos)) this.#say(line);
    if (infos.some(isStopped)) this.#code = EXIT_STATUS_STOPPED;
  }

  #pid(names: readonly string[]): void {
    if (names.length === 0) return this.#say(String(this.#tree.pid()));
    const all = this.#tree.infos();
    if (names.includes("all")) {
      for (const { pid } of all) this.#say(String(pid));
      return;
    }
    for (const word of names) {
      const info = this.#find(word, all);
      if (info === undefined) this.#fail(`No such process ${word}`);
      else {
        this.#say(String(info.pid));
        if (info.pid === 0) this.#code = EXIT_NOT_RUNNING;
      }
    }
  }

  #find(word: string, all = this.#tree.infos()): ProcessInfo | undefined {
    const { group, name } = splitNamespec(word);
    return all.find((info) => info.group === group && info.name === name);
  }

  /**
   * Does something to each service that is named, and tells how it went.
   *
   * @param done What is said if it went well
   * @param harmless A fault that is no reason to fail
   */
  async #doEach(
    names: readonly string[],
    doing: Doing,
    { done, harmless, unknownGroup = EXIT_GENERIC }: {
      readonly done: string;
      readonly harmless?: Fault;
      readonly unknownGroup?: number;
    },
  ): Promise<void> {
    const all = this.#tree.infos();
    const tell = ([info, fault]: Result): void => {
      this.#say(`${namespecOf(info)}: ${fault === undefined ? done : `ERROR (${fault})`}`);
      if (fault === undefined || fault === harmless) return;
      this.#code = DEAD.includes(fault) ? EXIT_NOT_RUNNING : EXIT_GENERIC;
    };
    const doAll = async (infos: readonly ProcessInfo[]): Promise<void> => {
      const fitting = harmless === "already started"
        ? infos.filter((info) => !isRunning(info))
        : infos.filter(isRunning);
      const results = await Promise.all(
        fitting.map(async (info): Promise<Result> => [info, await doing(info)]),
      );
      results.forEach(tell);
    };
    if (names.includes("all")) return await doAll(all);
    for (const word of names) {
      const { group, name } = splitNamespec(word);
      if (name === undefined) {
        const infos = all.filter((info) => info.group === group);
        if (infos.length > 0) await doAll(infos);
        else this.#fail(`${group}: ERROR (no such group)`, unknownGroup);
        continue;
      }
      const info = this.#find(word, all);
      tell(info === undefined ? [{ group, name }, "no such process"] : [info, await doing(info)]);
    }
  }

  async #start(names: readonly string[]): Promise<void> {
    if (names.length === 0) return this.#lacksName("start", EXIT_INVALID_ARGS);
    await this.#doEach(names, (info) => this.#tree.start(info), {
      done: "started",
      harmless: "already started",
      unknownGroup: EXIT_INVALID_ARGS,
    });
  }

  async #stop(names: readonly string[]): Promise<void> {
    if (names.length === 0) return this.#lacksName("stop", EXIT_GENERIC);
    await this.#doEach(names, (info) => this.#tree.stop(info), {
      done: "stopped",
      harmless: "not running",
    });
  }

  async #signal([signal, ...names]: readonly string[]): Promise<void> {
    if (signal === undefined || names.length === 0) {
      this.#fail("Error: signal requires a signal name and a process name");
      return this.#say(ACTION_HELP.signal);
    }
    await this.#doEach(names, (info) => this.#tree.signal(info, signal), { done: "signalled" });
  }

  async #clear(names: readonly string[]): Promise<void> {
    if (names.length === 0) return this.#lacksName("clear", EXIT_GENERIC);
    const all = this.#tree.infos();
    const words = names.includes("all") ? all.map(namespecOf) : names;
    for (const word of words) {
      const info = this.#find(word, all);
      const fault = info === undefined ? "no such process" : await this.#tree.clear(info);
      if (fault === undefined) this.#say(`${word}: cleared`);
      else this.#fail(`${word}: ERROR (${fault})`);
    }
  }

  async #tail(words: readonly string[]): Promise<void> {
    if (words.length === 0 || words.length > 3) {
      this.#fail(`Error: too ${words.length === 0 ? "few" : "many"} arguments`);
      return this.#say(ACTION_HELP.tail);
    }
    const modifier = words[0]!.startsWith("-") ? words[0]!.slice(1) : undefined;
    const [word, channel = "stdout"] = modifier === undefined ? words : words.slice(1);
    if (word === undefined) return this.#fail("Error: tail requires process name");
    if (!["stdout", "stderr"].includes(channel.toLowerCase())) {
      return this.#fail(`Error: bad channel '${channel}'`);
    }
    const bytes = Number(modifier ?? TAIL_BYTES);
    if (modifier !== "f" && (modifier === "" || !Number.isInteger(bytes))) {
      return this.#fail(`Error: bad argument -${modifier}`);
    }
    const info = this.#find(word);
    if (info === undefined) return this.#fail(`${word}: ERROR (no such process name)`);
    // a service's standard error is where it sends it itself; loggers read standard output
    if (channel.toLowerCase() === "stderr") return this.#fail(`${word}: ERROR (no log file)`);
    if (modifier === "f") {
      this.#say("==> Press Ctrl-C to exit <==");
      return await this.#tree.follow(info);
    }
    const text = this.#tree.tail(info, bytes);
    if (typeof text === "string") return this.#fail(`${word}: ERROR (${text})`);
    this.#options.out(text);
    this.#say("");
  }

  #avail(): void {
    const [first, second, third] = AVAIL_COLUMNS;
    for (const { namespec, isInUse, isAutomatic } of this.#tree.available()) {
      const use = (isInUse ? "in use" : "avail").padEnd(second);
      const start = (isAutomatic ? "auto" : "manual").padEnd(third);
      this.#say(`${namespec.padEnd(first)} ${use} ${start} ${PRIORITY}`);
    }
  }

  #new(): string[] {
    return this.#tree.available().filter(({ isInUse }) => !isInUse).map(({ namespec }) => namespec);
  }

  async #reread(): Promise<void> {
    const code = await this.#tree.apply({ dryRun: true });
    if (code !== undefined) {
      this.#code = code;
      return;
    }
    const names = this.#new();
    if (names.length === 0) this.#say("No config updates to processes");
    for (const name of names) this.#say(`${name}: available`);
  }

  async #update(words: readonly string[]): Promise<void> {
    const code = await this.#tree.apply({ dryRun: false });
    if (code !== undefined) {
      this.#code = code;
      return;
    }
    const all = this.#new();
    const isAll = words.length === 0 || words.includes("all");
    const known = [...all, ...this.#tree.infos().flatMap(({ group, name }) => [group, name])];
    for (const word of isAll ? [] : words.filter((one) => !known.includes(one))) {
      this.#fail(`ERROR: no such group: ${word}`);
    }
    // s6-svscan takes in all that is new
    await this.#tree.take(all);
    for (const name of all) this.#say(`${name}: added process group`);
  }

  async #add(words: readonly string[]): Promise<void> {
    for (const word of words) {
      const service = this.#tree.available().find(({ namespec }) => namespec === word);
      if (service === undefined) this.#fail(`ERROR: no such process/group: ${word}`);
      else if (service.isInUse) this.#say("ERROR: process group already active");
      else {
        await this.#tree.take([word]);
        this.#say(`${word}: added process group`);
      }
    }
  }

  async #remove(words: readonly string[]): Promise<void> {
    for (const word of words) {
      const info = this.#find(word);
      if (info === undefined) this.#fail(`ERROR: no such process/group: ${word}`);
      else if (!isStopped(info)) this.#fail(`ERROR: process/group still running: ${word}`);
      else {
        const reason = await this.#tree.drop(info);
        if (reason === undefined) this.#say(`${word}: removed process group`);
        else this.#fail(`ERROR: ${word}: ${reason}`);
      }
    }
  }

  async #shutdown(): Promise<void> {
    if (this.#options.isInteractive) {
      const answer = await this.#options.ask("Really shut s6-svscan and all services down y/N? ");
      if (!/^y/i.test(answer ?? "")) return;
    }
    this.#tree.shutdown();
    this.#say("Shut down");
  }
}
