/**
 * The commands of runit's sv: what each sends to the supervisor, what it waits for, and what follows
 * if the time is up. Source: runit, sv(8), sv.c. Pure.
 */
import { compareTain, type Tain } from "../../core/time/tain.ts";
import type { OldStatus } from "./old_status.ts";

export interface SvAction {
  /** Letters as runsv takes them; "" for `check`, which sends nothing. */
  readonly letters: string;
  /** Letters of what to wait for, `C` that of `check`; "" for nothing. */
  readonly waits: string;
  /** Send SIGKILL when the time is up. */
  readonly kills: boolean;
}

function waiting(letters: string, kills = false): SvAction {
  return { letters, waits: letters, kills };
}

function only(letters: string): SvAction {
  return { letters, waits: "", kills: false };
}

/** Those that are known by their whole names; others by their first letters. */
const NAMED: Readonly<Record<string, SvAction>> = {
  "try-restart": waiting("tc"),
  check: { letters: "", waits: "C", kills: false },
  shutdown: waiting("x"),
  start: waiting("u"),
  stop: waiting("d"),
  restart: waiting("tcu"),
  reload: waiting("h"),
  "force-reload": waiting("tc", true),
  "force-restart": waiting("tcu", true),
  "force-shutdown": waiting("x", true),
  "force-stop": waiting("d", true),
};

const LETTERS: Readonly<Record<string, SvAction>> = {
  ...Object.fromEntries(Array.from("udophaitckq12", (letter) => [letter, only(letter)])),
  x: only("x"),
  e: only("x"),
  X: waiting("x", true),
  E: waiting("x", true),
  D: waiting("d", true),
  T: waiting("tc", true),
};

/** What a word asks for: "status", an action, or undefined for what sv does not know. */
export function svAction(word: string): SvAction | "status" | undefined {
  if (Object.hasOwn(NAMED, word)) return NAMED[word];
  if (word.startsWith("s")) return "status";
  return LETTERS[word.charAt(0)];
}

/** The letters of s6's supervisor. Its `x` waits for the service to be down, runsv's makes it so. */
export function s6Letters(letters: string): string {
  return letters.replace("x", "dx");
}

/** Would runsv do anything about it? It has nothing to do where the service wants that already. */
export function isNeedless(letters: string, { wantsUp }: OldStatus): boolean {
  return letters.startsWith("u") && wantsUp;
}

/**
 * Is what was asked for there?
 *
 * @param begun When sv has started
 * @param isHealthy What the service's `check` says; asked only where it matters
 */
export function isReached(
  waits: string,
  status: OldStatus,
  begun: Tain,
  isHealthy: () => boolean,
): boolean {
  return Array.from(waits).every((letter) => {
    const isUp = status.pid !== 0;
    switch (letter) {
      case "x":
        // s6-svscan has started another supervisor at once: what it does is not the old one's doing
        return compareTain(status.since, begun) >= 0 &&
          (status.state === "run" || status.neverStarted);
      case "u":
        return status.state === "run" && isHealthy();
      case "d":
        return status.state === "down";
      case "C":
        return !isUp || isHealthy();
      case "t":
      case "k":
        return isUp
          ? status.state === "run" && compareTain(status.since, begun) >= 0 && isHealthy()
          : !status.wantsUp;
      case "o":
        return isUp ? !status.wantsUp : compareTain(status.since, begun) >= 0;
      case "p":
        return !isUp || status.paused;
      case "c":
        return !isUp || !status.paused;
      default:
        return true; // a signal is no state
    }
  });
}
