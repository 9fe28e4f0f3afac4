/**
 * The loop of `hexad top`: a look at the services once a second, and soon after anything happens to
 * one of them; each key and each look through the pure step of lib/top/core/top_step.ts, and what
 * it says is done. An unexpected exception about one service is shown on the screen, and the screen
 * stays; what is thrown by the terminal itself is its end.
 */
import { reloadLetter } from "../servicedir/core/service_command.ts";
import { printable } from "../core/text/printable.ts";
import { screenLines } from "./core/top_screen.ts";
import { firstState, type ScreenSize, type Target, type TopState } from "./core/top_state.ts";
import { step, type TopAction, type TopEvent } from "./core/top_step.ts";
import { SyscallError } from "../libc/bind.ts";
import { mishapText } from "../mishap/core/mishap_text.ts";
import type { TopPort } from "./port.ts";

/** So often processor time and memory are looked at. */
const TICK_MS = 1000;
/** After an event, what else comes within this time is looked at together with it. */
const GATHER_MS = 50;
/**
 * Looking takes at most this part of the time, however many events come and however many services
 * there are.
 */
const SHARE = 4;

export interface TopForm {
  textWidth(text: string): number;
  paint(text: string, style: string): string;
}

export interface TopOptions {
  readonly size: ScreenSize;
  readonly scandir: string | undefined;
  readonly loggers: boolean;
  readonly form: TopForm;
}

export class TopLoop implements Disposable {
  readonly #port: TopPort;
  readonly #form: TopForm;
  #state: TopState;
  #log: Disposable | undefined;
  #pending: Disposable | undefined;
  #tick: Disposable | undefined;
  #lookMs = 0;
  /** Why the last look saw nothing. */
  #blindness: string | undefined;
  #isOver = false;

  constructor(port: TopPort, { form, ...options }: TopOptions) {
    this.#port = port;
    this.#form = form;
    this.#state = firstState(options);
  }

  begin(): void {
    this.#look();
  }

  onKey(key: string): void {
    this.#handle({ kind: "key", key });
  }

  onResize(size: ScreenSize): void {
    this.#handle({ kind: "resize", size });
  }

  /** Something has happened to a service. */
  onChange(): void {
    this.#pending ??= this.#port.after(
      Math.max(GATHER_MS, SHARE * this.#lookMs),
      () => this.#look(),
    );
  }

  #look(): void {
    for (const timer of [this.#pending, this.#tick]) timer?.[Symbol.dispose]();
    this.#pending = undefined;
    const beginMs = this.#port.monotonicMs();
    const look = this.#expecting(() => this.#port.look());
    if (typeof look === "string") this.#tell(look, true); // what was seen last stays
    else if (this.#blindness !== undefined) this.#tell("the services can be seen again", false);
    this.#blindness = typeof look === "string" ? look : undefined;
    if (typeof look === "string") this.#draw();
    else this.#handle({ kind: "look", look });
    this.#lookMs = this.#port.monotonicMs() - beginMs;
    this.#tick = this.#port.after(Math.max(TICK_MS, SHARE * this.#lookMs), () => this.#look());
  }

  #handle(event: TopEvent): void {
    const { state, actions } = step(this.#state, event);
    this.#state = state;
    for (const action of actions) this.#do(action);
    this.#draw();
  }

  #draw(): void {
    this.#port.draw(screenLines(this.#state, { now: this.#port.now(), ...this.#form }));
  }

  #do(action: TopAction): void {
    switch (action.kind) {
      case "quit":
        return this.#port.stop();
      case "suspend":
        return this.#port.suspend();
      case "repaint":
        return this.#port.forget();
      case "send":
        return this.#send(action.target, action.letters, action.told);
      case "reload": {
        const hasReloadSignal =
          this.#expecting(() => this.#port.hasReloadSignal(action.target)) === true;
        const letters = reloadLetter({ hasReloadSignal });
        return this.#send(action.target, letters, "told to reload");
      }
      case "openLog":
        return this.#openLog(action.target);
      case "closeLog":
        return this.#closeLog();
      default:
        return action satisfies never;
    }
  }

  #send(target: Target, letters: string, told: string): void {
    const sent = this.#expecting(() => this.#port.send(target, letters));
    const tell = (failure: string | undefined): void => {
      this.#tell(failure ?? `${printable(target.name)}: ${told}`, failure !== undefined);
      this.onChange(); // its events may be heard by nobody
    };
    if (!(sent instanceof Promise)) return tell(sent);
    sent.catch(failureText).then((failure) => {
      if (this.#isOver) return;
      tell(failure);
      this.#draw();
    });
  }

  /** What it gives, or a text about what has been thrown. */
  #expecting<T>(attempt: () => T): T | string {
    try {
      return attempt();
    } catch (error) {
      return failureText(error);
    }
  }

  #tell(text: string, bad: boolean): void {
    this.#state = step(this.#state, { kind: "told", text, bad }).state;
  }

  #openLog(target: Target): void {
    this.#closeLog();
    const onLines = (lines: readonly string[]): void => this.#handle({ kind: "lines", lines });
    const feed = this.#expecting(() => this.#port.openLog(target, onLines));
    if (typeof feed !== "string") this.#log = feed;
    else {
      this.#state = { ...this.#state, log: undefined };
      this.#tell(feed, true);
    }
  }

  #closeLog(): void {
    this.#log?.[Symbol.dispose]();
    this.#log = undefined;
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    for (const one of [this.#log, this.#pending, this.#tick]) one?.[Symbol.dispose]();
  }
}

function failureText(error: unknown): string {
  return error instanceof SyscallError ? error.message : mishapText(error);
}
