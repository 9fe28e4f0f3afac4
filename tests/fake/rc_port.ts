/**
 * The port of s6-rc's loop in memory: what it does is recorded, and answers are what the test has
 * put there.
 */
import type { Longrun, Oneshot, Service } from "../../lib/rc/core/database.ts";
import type { Line, LongrunNews, Script } from "../../lib/rc/core/engine_state.ts";
import type { AgedLine, RcPort, Reporter, ScriptStdio } from "../../lib/rc/port.ts";

export class FakeRcPort implements RcPort {
  readonly done: string[] = [];
  nowMs = 5000;
  timerMs: number | undefined;
  /** Conditions that are not met, by service. */
  readonly unmetOf = new Map<string, string>();
  /** What services wrote last. */
  readonly lastOutputOf = new Map<string, string>();
  /** What services wrote last where that has to be asked for. */
  readonly agedLineOf = new Map<string, AgedLine>();
  /** Answers what has been asked for. */
  answer: () => void = () => {};
  /** What a supervisor answers at once, by `up web`. */
  readonly newsOf = new Map<string, readonly LongrunNews[]>();
  /** Whether nothing happens at the same time as something else; otherwise `endTurn` ends a turn. */
  turnsAreShort = true;
  readonly #soon: (() => void)[] = [];
  /** Thrown by what is named so. */
  readonly faults = new Map<string, Error>();

  #do(what: string): void {
    this.done.push(what);
    const fault = this.faults.get(what.split(" ")[0]!);
    if (fault !== undefined) throw fault;
  }

  monotonicMs(): number {
    return this.nowMs;
  }

  setTimer(atMs: number | undefined): void {
    this.timerMs = atMs;
  }

  order({ name }: Longrun, order: string): readonly LongrunNews[] {
    this.#do(`${order} ${name}`);
    return this.newsOf.get(`${order} ${name}`) ?? [];
  }

  reload({ name }: Longrun): number {
    this.#do(`reload ${name}`);
    return 0;
  }

  lastOutput({ name }: Service): string | undefined {
    return this.lastOutputOf.get(name);
  }

  askLastOutputs(
    onAnswer: (outputOf: (service: Service) => AgedLine | undefined) => void,
  ): void {
    this.#do("ask");
    this.answer = () => onAnswer(({ name }) => this.agedLineOf.get(name));
  }

  unmet({ name }: Service): string | undefined {
    return this.unmetOf.get(name);
  }

  run({ name }: Oneshot, script: Script, stdio: ScriptStdio | undefined): void {
    this.#do(`run ${script} ${name}${stdio === undefined ? "" : ` ${stdio}`}`);
  }

  terminate({ name }: Oneshot): void {
    this.#do(`terminate ${name}`);
  }

  markDown({ name }: Longrun, isDown: boolean): string | undefined {
    this.#do(`${isDown ? "down" : "no-down"}-file ${name}`);
    return this.faults.get("mark")?.message;
  }

  /** The rest of what happens at the same time has been heard. */
  endTurn(): void {
    for (const callback of this.#soon.splice(0)) callback();
  }

  soon(callback: () => void): void {
    if (this.turnsAreShort) callback();
    else this.#soon.push(callback);
  }

  saveState(bytes: Uint8Array): void {
    this.#do(`save ${[...bytes].join("")}`);
  }

  setBusy(isBusy: boolean): void {
    this.#do(isBusy ? "busy" : "idle");
  }

  warn(text: string): void {
    this.#do(`warn ${text}`);
  }
}

/** A reporter that records what it is told: the texts, and the exit code. */
export function recordingReporter(
  stdio?: ScriptStdio,
): Reporter & { readonly heard: (string | number)[] } {
  const heard: (string | number)[] = [];
  return {
    heard,
    say: ({ text }: Line) => void heard.push(text),
    end: (code) => void heard.push(code),
    ...(stdio === undefined ? {} : { stdio }),
  };
}
