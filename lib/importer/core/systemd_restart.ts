/**
 * Turns the restart settings of a systemd unit into files of a service: Restart=, RestartSec= and
 * the start limit. Source: systemd.service(5), systemd.unit(5). Pure.
 */
import { MAX_UINT } from "../../core/linux/config_file.ts";
import { CLEAN_SIGNALS, exitStatuses } from "./systemd_exit_status.ts";
import type { Notes } from "./import_notes.ts";
import type { Section } from "../../grammars/core/section_file.ts";
import { unitSeconds } from "../../grammars/core/unit_times.ts";

const DEFAULT_BURST = 5;

export class RestartReader {
  readonly #service: Section;
  readonly #unit: Section;
  readonly #notes: Notes;
  readonly #files: Record<string, string> = {};

  constructor(service: Section, unit: Section, notes: Notes) {
    this.#service = service;
    this.#unit = unit;
    this.#notes = notes;
  }

  /** The files with these settings. `type`: the type of the service. */
  files(type: string): Readonly<Record<string, string>> {
    const entry = this.#service.take("Restart");
    const policies: Readonly<Record<string, string>> = {
      no: "never",
      always: "",
      "on-failure": "on-failure",
      "on-abnormal": "on-failure",
      "on-abort": "on-failure",
      "on-watchdog": "on-failure",
      "on-success": "",
    };
    const word = entry?.value ?? "no";
    const policy = policies[word];
    if (policy === undefined) this.#notes.entry(entry!, "no policy that is known; always is taken");
    else if (policy !== "") this.#files["restart-policy"] = policy;
    if (word.startsWith("on-a") || word === "on-watchdog") {
      this.#notes.entry(entry!, "on-failure is taken, which is more");
    }
    if (word === "on-success") this.#notes.entry(entry!, "always is taken, which is more");
    if (type === "oneshot" && word === "no") this.#files["restart-policy"] = "never";
    const delay = this.#milliseconds("RestartSec", this.#service);
    if (delay !== undefined && policy === "never") {
      this.#notes.entry(this.#service.take("RestartSec")!, "it is not started again");
    } else if (delay !== undefined) {
      const ms = String(Math.max(1, delay));
      Object.assign(this.#files, { "restart-delay": ms, "restart-delay-max": ms });
    }
    this.#restartLimit(policy === "never");
    this.#expected(type);
    return this.#files;
  }

  /** Ends that count as success; the down-signal and 0 always do. */
  #expected(type: string): void {
    const entries = this.#service.takeAll("SuccessExitStatus");
    const { codes, signals, unknown } = exitStatuses(entries);
    if (unknown.length > 0) {
      this.#notes.entry(entries.at(-1)!, `${unknown.join(" ")}: no exit code or signal`);
    }
    const policy = this.#files["restart-policy"];
    if (policy === undefined) {
      if (entries.length > 0) {
        this.#notes.entry(entries.at(-1)!, "it is started again whatever it exits with");
      }
      return;
    }
    const usual = policy === "on-failure" && type !== "oneshot" ? CLEAN_SIGNALS : [];
    const words = [
      ...codes.filter((code) => code !== 0),
      ...new Set([...usual, ...signals]),
    ];
    if (words.length > 0) this.#files["exit-codes-ok"] = words.join(" ");
  }

  #restartLimit(never: boolean): void {
    const burst = this.#unit.take("StartLimitBurst") ?? this.#service.take("StartLimitBurst");
    const entry = this.#unit.take("StartLimitIntervalSec") ??
      this.#service.take("StartLimitInterval");
    const interval = this.#milliseconds("StartLimitIntervalSec", this.#unit) ??
      this.#milliseconds("StartLimitInterval", this.#service);
    if (burst === undefined && entry === undefined) return;
    if (never || interval === 0) {
      for (const each of [burst, entry]) {
        if (each !== undefined && each.value !== "0") {
          this.#notes.entry(each, "there is nothing to limit");
        }
      }
      return;
    }
    const count = burst === undefined ? DEFAULT_BURST : Number(burst.value);
    if (!Number.isInteger(count) || count < 1) return this.#notes.entry(burst!, "no number");
    this.#files["max-restarts"] = `${Math.min(4096, count - 1)}/${
      Math.max(1, Math.ceil((interval ?? 10_000) / 1000))
    }`;
  }

  /** Parses a time in a section. Adds a note if it is not one. */
  #milliseconds(key: string, section: Section): number | undefined {
    const entry = section.take(key);
    if (entry === undefined || entry.value === "") return undefined;
    const seconds = unitSeconds(entry.value);
    if (seconds === undefined) this.#notes.entry(entry, "no time that can be read");
    return seconds === undefined ? undefined : Math.min(MAX_UINT, Math.round(seconds * 1000));
  }
}
