/**
 * Turns the stop and reload settings of a systemd unit into files of a service: its signals, its
 * time limit and which processes get SIGKILL. Source: systemd.kill(5), systemd.service(5). Pure.
 */
import { MAX_UINT } from "../../core/linux/config_file.ts";
import type { Notes } from "./import_notes.ts";
import type { Section } from "../../grammars/core/section_file.ts";
import { signalNumber } from "../../core/linux/signals.ts";
import { unitBoolean, unitSeconds } from "../../grammars/core/unit_times.ts";

const DEFAULT_STOP_SECONDS = 90;

export class StopReader {
  readonly #service: Section;
  readonly #notes: Notes;
  readonly #files: Record<string, string> = {};

  constructor(service: Section, notes: Notes) {
    this.#service = service;
    this.#notes = notes;
  }

  /** The files with these settings. */
  files(): Readonly<Record<string, string>> {
    this.#signal("KillSignal", "down-signal");
    this.#signal("RestartKillSignal", undefined);
    const both = this.#service.take("TimeoutSec");
    const text = this.#service.take("TimeoutStopSec") ?? both;
    const seconds = text === undefined || text.value === ""
      ? DEFAULT_STOP_SECONDS
      : unitSeconds(text.value);
    if (seconds === undefined) {
      this.#notes.entry(text!, "no time that can be read; 90 seconds are taken");
    }
    const kills = this.#service.take("SendSIGKILL");
    const never = seconds === Infinity || seconds === 0 ||
      (kills !== undefined && !unitBoolean(kills.value));
    if (!never) {
      this.#files["timeout-kill"] = String(
        Math.min(MAX_UINT, Math.round((seconds ?? DEFAULT_STOP_SECONDS) * 1000)),
      );
    }
    const mode = this.#service.take("KillMode");
    if (mode === undefined || mode.value === "control-group" || mode.value === "mixed") {
      this.#files["flag-kill-leftovers"] = "";
    }
    if (mode?.value === "none") {
      this.#notes.entry(mode, "s6-svc -d sends the down-signal all the same");
    }
    for (
      const [key, purpose] of [["ExecReload", "reload-signal"], [
        "ExecStop",
        "down-signal",
      ]] as const
    ) {
      for (const entry of this.#service.takeAll(key)) {
        const signal = signalOfKill(entry.value);
        if (signal === undefined) {
          this.#notes.entry(
            entry,
            purpose === "down-signal"
              ? "a service is stopped by its down-signal; find the one that does this"
              : "a service is told to reload by a signal",
          );
        } else if (signal !== (purpose === "down-signal" ? "TERM" : "HUP")) {
          this.#files[purpose] = signal;
          if (purpose === "down-signal") {
            this.#notes.entry(
              entry,
              `${signal} is the down-signal; systemd sends SIGTERM right behind it, and here there is SIGKILL after timeout-kill`,
            );
          }
        }
      }
    }
    return this.#files;
  }

  #signal(key: string, file: string | undefined): void {
    const entry = this.#service.take(key);
    if (entry === undefined || entry.value === "") return;
    const name = entry.value.toUpperCase().replace(/^SIG/, "");
    if (!signalNumber(name)) this.#notes.entry(entry, "no signal");
    else if (file === undefined) {
      this.#notes.entry(entry, "a restart has the same signal as a stop");
    } else if (name !== "TERM") this.#files[file] = name;
  }
}

/** The signal of `/bin/kill -QUIT $MAINPID`; undefined if the command is something else. */
function signalOfKill(command: string): string | undefined {
  const match =
    /^[-@:+!]*(?:\/usr)?(?:\/bin\/)?kill\s+(?:-s\s*|--signal[ =]|-)?(?:SIG)?([A-Z0-9]+)?\s*(?:--\s+)?\$\{?MAINPID\}?$/
      .exec(
        command.trim(),
      );
  if (match === null) return undefined;
  const name = match[1] ?? "TERM";
  return signalNumber(name) ? name : undefined;
}
