/**
 * What svlogd's log directories and the `config` in each mean to a logger. Source: runit, svlogd(8).
 * Pure.
 */
import { LOG_CONTROL_START, type LogdirSettings } from "../../logdir/core/log_control.ts";
import type { LogScript, Selection, Stanza } from "../../logdir/core/log_script.ts";
import { withProcessor } from "./multilog_script.ts";
import { oldPattern } from "./old_pattern.ts";

const USUAL_SIZE = 1_000_000;
const UNLIMITED = Number.MAX_SAFE_INTEGER;

export interface SvlogdDirectory {
  readonly path: string;
  /** The text of its `config`; empty if there is none. */
  readonly config: string;
}

export interface SvlogdOptions {
  readonly stamps: boolean;
  /** -l: so much of a file may lack when it is full. */
  readonly lineBytes: number;
}

export function svlogdScript(
  directories: readonly SvlogdDirectory[],
  { stamps, lineBytes }: SvlogdOptions,
): LogScript {
  const read = directories.map(({ path, config }) => ({
    path,
    ...readConfig(config, `${path}/config`, lineBytes),
  }));
  const stanzas = read.flatMap(({ prefix, selections, alerts }, index): Stanza[] => {
    const form = { tai64n: stamps, local: false, prefix };
    // what the stanza before has left does not count
    const all = oldPattern("*", { plus: true });
    const fresh: Selection = { kind: "+", pattern: all };
    const store: Stanza = {
      selections: [fresh, ...selections],
      actions: [{ ...form, kind: "logdir", index }],
    };
    if (alerts.length === 0) return [store];
    // at first no line is for standard error
    const told: Stanza = {
      selections: [{ kind: "-", pattern: all }, ...alerts],
      actions: [{ ...form, kind: "alert", sizeBytes: 0 }],
    };
    return [told, store];
  });
  return {
    stanzas,
    logdirs: read.map(({ path, settings }) => ({ path, ...settings })),
    warnings: read.flatMap(({ warnings }) => warnings),
    needsTai64n: stamps,
    needsLocal: false,
  };
}

interface ReadConfig {
  readonly settings: Omit<LogdirSettings, "path">;
  readonly prefix: string;
  readonly selections: readonly Selection[];
  readonly alerts: readonly Selection[];
  readonly warnings: readonly string[];
}

function readConfig(text: string, file: string, lineBytes: number): ReadConfig {
  let settings: Omit<LogdirSettings, "path"> = {
    ...LOG_CONTROL_START.logdir,
    sizeBytes: USUAL_SIZE,
    toleranceBytes: lineBytes,
  };
  let prefix = "";
  const selections: Selection[] = [];
  const alerts: Selection[] = [];
  const warnings: string[] = [];
  for (const [at, line] of text.split("\n").entries()) {
    if (line === "" || line.startsWith("#")) continue;
    const [letter, rest] = [line[0]!, line.slice(1)];
    const number = /^[0-9]+$/.test(rest) ? Number(rest) : undefined;
    const pattern = (): string => oldPattern(rest, { plus: true });
    const warn = (reason: string): void =>
      void warnings.push(`${file}:${at + 1}: ${line}: ${reason} (going on without it)`);
    if ("snt".includes(letter) && number === undefined) warn("a number must follow the letter");
    else if (letter === "s") {
      const sizeBytes = number! === 0 ? UNLIMITED : number!;
      settings = { ...settings, sizeBytes, toleranceBytes: Math.min(lineBytes, sizeBytes - 1) };
    } else if (letter === "n") {
      settings = { ...settings, archivesMax: number! === 0 ? UNLIMITED : number! };
    } else if (letter === "t") settings = { ...settings, rotateSeconds: number! };
    else if (letter === "!") settings = withProcessor(settings, rest);
    else if (letter === "p") prefix = rest;
    else if (letter === "+" || letter === "-") {
      selections.push({ kind: letter, pattern: pattern() });
    } else if (letter === "e") alerts.push({ kind: "+", pattern: pattern() });
    else if (letter === "E") alerts.push({ kind: "-", pattern: pattern() });
    else if (letter === "u" || letter === "U") warn("lines are not sent by UDP here");
    else if (letter === "N") warn("files are not removed for lack of room here");
    else warn("it is no line of such a file");
  }
  return { settings, prefix, selections, alerts, warnings };
}
