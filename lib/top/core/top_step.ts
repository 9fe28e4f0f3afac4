/**
 * What `hexad top` does about a key, a look, or news: a new state, and what is to be done. Pure.
 */
import { SIGNAL_LETTERS } from "../../servicedir/core/control_letters.ts";
import { SERVICE_COMMANDS } from "../../servicedir/core/service_command.ts";
import { SORTS } from "../../status/core/report_order.ts";
import { oneshotHint } from "../../status/core/oneshot_report.ts";
import { signalName, signalNumber } from "../../core/linux/signals.ts";
import {
  layoutOf,
  type LogPane,
  type Prompt,
  type ScreenSize,
  shownRows,
  type Target,
  type TopLook,
  type TopState,
} from "./top_state.ts";

export type TopEvent =
  /** By the names of terminal_keys.ts. */
  | { readonly kind: "key"; readonly key: string }
  | { readonly kind: "look"; readonly look: TopLook }
  | { readonly kind: "resize"; readonly size: ScreenSize }
  /** Of the log that is shown. */
  | { readonly kind: "lines"; readonly lines: readonly string[] }
  | { readonly kind: "told"; readonly text: string; readonly bad: boolean };

export type TopAction =
  | { readonly kind: "quit" }
  | { readonly kind: "suspend" }
  | { readonly kind: "repaint" }
  /** Letters for its supervisor. */
  | {
    readonly kind: "send";
    readonly target: Target;
    readonly letters: string;
    readonly told: string;
  }
  | { readonly kind: "reload"; readonly target: Target }
  | { readonly kind: "openLog"; readonly target: Target }
  | { readonly kind: "closeLog" };

export interface TopStep {
  readonly state: TopState;
  readonly actions: readonly TopAction[];
}

/** How many lines of a log can be looked back at. */
export const KEPT_LINES = 2000;
export const DEFAULT_SIGNAL = "TERM";

export function step(state: TopState, event: TopEvent): TopStep {
  switch (event.kind) {
    case "key": {
      const { state: after, actions } = stepKey({ ...state, message: undefined }, event.key);
      return { state: withinTable(after), actions };
    }
    case "look":
      return stay(withinTable(looked(state, event.look)));
    case "resize":
      return { state: withinTable({ ...state, size: event.size }), actions: [{ kind: "repaint" }] };
    case "lines":
      return stay(
        state.log === undefined ? state : { ...state, log: withLines(state.log, event.lines) },
      );
    case "told":
      return stay({ ...state, message: { text: event.text, bad: event.bad } });
    default:
      return event satisfies never;
  }
}

function stay(state: TopState): TopStep {
  return { state, actions: [] };
}

function act(state: TopState, action: TopAction): TopStep {
  return { state, actions: [action] };
}

/** Where the selected row is gone, the one that has its place is selected. */
function looked(state: TopState, look: TopLook): TopState {
  const place = selectedAt(state);
  const after = { ...state, ...look };
  const shown = shownRows(after);
  if (shown.some(({ target }) => target.directory === state.selected)) return after;
  return {
    ...after,
    selected: shown[Math.min(Math.max(0, place), shown.length - 1)]?.target.directory,
  };
}

function selectedAt(state: TopState): number {
  return shownRows(state).findIndex(({ target }) => target.directory === state.selected);
}

/** The selected row is on the screen, and no row is empty that need not be. */
function withinTable(state: TopState): TopState {
  const shown = shownRows(state);
  const room = layoutOf(state.size).rows;
  const found = shown.findIndex(({ target }) => target.directory === state.selected);
  const at = Math.max(0, found);
  const first = Math.min(
    Math.max(state.first, at - room + 1),
    at,
    Math.max(0, shown.length - room),
  );
  return { ...state, selected: found < 0 ? shown[0]?.target.directory : state.selected, first };
}

function withLines(log: LogPane, more: readonly string[]): LogPane {
  const lines = [...log.lines, ...more].slice(-KEPT_LINES);
  // who has scrolled back goes on to see what he sees
  return {
    ...log,
    lines,
    below: log.below === 0 ? 0 : Math.min(log.below + more.length, lines.length - 1),
  };
}

function stepKey(state: TopState, key: string): TopStep {
  if (key === "ctrl-c") return act(state, { kind: "quit" });
  if (key === "ctrl-z") return act(state, { kind: "suspend" });
  if (key === "ctrl-l") return act(state, { kind: "repaint" });
  if (state.prompt !== undefined) return stepPrompt(state, state.prompt, key);
  if (state.help) return stay({ ...state, help: false });
  return state.log === undefined ? stepTable(state, key) : stepLog(state, state.log, key);
}

function stepPrompt(state: TopState, prompt: Prompt, key: string): TopStep {
  const closed = { ...state, prompt: undefined };
  if (prompt.kind === "stop") {
    if (key !== "y" && key !== "Y") return stay(closed);
    const { letters, told } = SERVICE_COMMANDS.stop;
    return act(closed, { kind: "send", target: prompt.target, letters, told });
  }
  if (key === "escape") {
    return stay(prompt.kind === "filter" ? { ...closed, filter: prompt.before } : closed);
  }
  if (key === "enter") {
    return prompt.kind === "filter" ? stay(closed) : sendSignal(closed, prompt.target, prompt.text);
  }
  const text = key === "backspace"
    ? Array.from(prompt.text).slice(0, -1).join("")
    : key === "ctrl-u"
    ? ""
    : [...key].length === 1
    ? prompt.text + key
    : prompt.text;
  const after = { ...state, prompt: { ...prompt, text } };
  return stay(prompt.kind === "filter" ? { ...after, filter: text } : after);
}

function sendSignal(state: TopState, target: Target, text: string): TopStep {
  const signal = signalName(signalNumber(text === "" ? DEFAULT_SIGNAL : text) ?? 0);
  const letters = Object.hasOwn(SIGNAL_LETTERS, signal) ? SIGNAL_LETTERS[signal] : undefined;
  if (letters === undefined) {
    const known = Object.keys(SIGNAL_LETTERS).map((name) => name.slice(3)).join(" ");
    return stay({
      ...state,
      message: { text: `a supervisor can't send ${text}; it can send ${known}`, bad: true },
    });
  }
  return act(state, { kind: "send", target, letters, told: `was sent ${signal}` });
}

/** Rows up or down, without end in either direction. */
const MOVES: Readonly<Record<string, (room: number) => number>> = {
  "up": () => -1,
  "k": () => -1,
  "down": () => 1,
  "j": () => 1,
  "pageup": (room) => -room,
  "pagedown": (room) => room,
  "home": () => -Infinity,
  "g": () => -Infinity,
  "end": () => Infinity,
  "G": () => Infinity,
};

function moveOf(key: string, room: number): number | undefined {
  return Object.hasOwn(MOVES, key) ? MOVES[key]!(room) : undefined;
}

function stepTable(state: TopState, key: string): TopStep {
  const move = moveOf(key, layoutOf(state.size).rows);
  if (move !== undefined) return stay(moved(state, move));
  switch (key) {
    case "q":
      return act(state, { kind: "quit" });
    case "?":
      return stay({ ...state, help: true });
    case "/":
      return stay({
        ...state,
        prompt: { kind: "filter", text: state.filter, before: state.filter },
      });
    case "escape":
      return stay({ ...state, filter: "" });
    case "o":
      return stay({ ...state, sort: SORTS[(SORTS.indexOf(state.sort) + 1) % SORTS.length]! });
    case "a":
      return stay({ ...state, loggers: !state.loggers });
    default:
      return stepService(state, key);
  }
}

function moved(state: TopState, by: number): TopState {
  const shown = shownRows(state);
  const to = Math.min(Math.max(0, Math.max(0, selectedAt(state)) + by), shown.length - 1);
  return { ...state, selected: shown[to]?.target.directory };
}

const FOR_SUPERVISORS: readonly string[] = ["r", "u", "S", "p", "c", "R", "s", "K"];

/** Keys that do something with what is selected. */
function stepService(state: TopState, key: string): TopStep {
  const target = shownRows(state)[selectedAt(state)]?.target;
  if (target === undefined) return stay(state);
  if (target.isOneshot && FOR_SUPERVISORS.includes(key)) {
    return stay({ ...state, message: { text: oneshotHint(target.name), bad: true } });
  }
  const send = ({ letters, told }: { readonly letters: string; readonly told: string }): TopStep =>
    act(state, { kind: "send", target, letters, told });
  switch (key) {
    case "r":
      return send(SERVICE_COMMANDS.restart);
    case "u":
    case "S":
      return send(SERVICE_COMMANDS.start);
    case "p":
      return send(SERVICE_COMMANDS.pause);
    case "c":
      return send(SERVICE_COMMANDS.continue);
    case "R":
      return act(state, { kind: "reload", target });
    case "s":
      return stay({ ...state, prompt: { kind: "stop", target } });
    case "K":
      return stay({ ...state, prompt: { kind: "signal", text: "", target } });
    case "l":
    case "enter":
      return act({ ...state, log: { target, lines: [], below: 0 } }, { kind: "openLog", target });
    default:
      return stay(state);
  }
}

function stepLog(state: TopState, log: LogPane, key: string): TopStep {
  if (key === "q" || key === "escape" || key === "l") {
    return act({ ...state, log: undefined }, { kind: "closeLog" });
  }
  if (key === "?") return stay({ ...state, help: true });
  const move = moveOf(key, Math.max(1, state.size.rows - 2));
  if (move === undefined) return stay(state);
  return stay({
    ...state,
    log: {
      ...log,
      below: Math.min(Math.max(0, log.below - move), Math.max(0, log.lines.length - 1)),
    },
  });
}
