/** One run of s6-log, and all that is there afterwards. */
import { signalProcess } from "../fixture/command.ts";
import { within } from "../fixture/deadline.ts";
import { isArchiveName } from "../../lib/logdir/core/rotation.ts";
import type { Toolset } from "../fixture/toolset.ts";

/** Every byte a character of its own. */
const BYTES = new TextDecoder("latin1");

/**
 * What a log directory holds. Texts have a character for each byte; stamps are replaced by words.
 */
export interface LogdirContent {
  /** Of the archives, the oldest first, and then of `current`. */
  readonly files: readonly string[];
  /** The suffixes of the archives. */
  readonly suffixes: string;
  /** The modes of what is in it, `lock` and all; of the archives once each. */
  readonly modes: Readonly<Record<string, string>>;
}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  /** Standard error without warnings: their words are each program's own. */
  readonly alerts: string;
  readonly logdirs: Readonly<Record<string, LogdirContent>>;
  readonly statuses: Readonly<Record<string, string>>;
}

/** A status file may be too short for its stamps. No line of ours begins like one. */
const CUT_STAMP = /^(STAMP )?(@[0-9a-f]*|20\d\d[-\d: .]*)$/;

export function withoutStamps(text: string): string {
  return text.replaceAll(/@[0-9a-f]{24}/g, "STAMP").replaceAll(
    /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{9}/g,
    "DATE",
  );
}

function textOf(path: string): string {
  return withoutStamps(BYTES.decode(Deno.readFileSync(path)));
}

export function readLogdir(path: string): LogdirContent {
  const names = [...Deno.readDirSync(path)].map(({ name }) => name).sort();
  const archives = names.filter(isArchiveName);
  const modes: Record<string, string> = {};
  for (const name of names) {
    modes[archives.includes(name) ? name.slice(-2) : name] =
      (Deno.statSync(`${path}/${name}`).mode! & 0o7777).toString(8);
  }
  return {
    files: [...archives, "current"].map((name) => textOf(`${path}/${name}`)),
    suffixes: archives.map((name) => name.slice(-1)).join(""),
    modes,
  };
}

/** Log directories and status files in `directory`. */
function readAll(directory: string): Pick<Outcome, "logdirs" | "statuses"> {
  const logdirs: Record<string, LogdirContent> = {};
  const statuses: Record<string, string> = {};
  for (const { name, isDirectory } of Deno.readDirSync(directory)) {
    if (isDirectory) logdirs[name] = readLogdir(`${directory}/${name}`);
    else statuses[name] = textOf(`${directory}/${name}`).replace(CUT_STAMP, "CUT STAMP");
  }
  return { logdirs, statuses };
}

/**
 * How the input gets there: all at once, or the next line only when the script's last action, `1`,
 * has shown the one before.
 */
export type Feed = "at once" | "line by line";

async function feedAtOnce(
  child: Deno.ChildProcess,
  input: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const stdout = new Response(child.stdout).bytes();
  const writer = child.stdin.getWriter();
  try {
    await writer.write(input);
    await writer.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error; // the script is not accepted
  }
  return BYTES.decode(await stdout);
}

async function feedLineByLine(
  child: Deno.ChildProcess,
  input: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const writer = child.stdin.getWriter();
  const reader = child.stdout.getReader();
  const seen: Uint8Array[] = [];
  for (let start = 0; start < input.length;) {
    const end = input.indexOf(10, start) + 1;
    await writer.write(input.subarray(start, end));
    for (let shown = false; !shown;) {
      const { value } = await reader.read();
      if (value === undefined) throw new Error("the logger has closed its output");
      shown = value.at(-1) === 10;
      seen.push(value);
    }
    start = end;
  }
  await writer.close();
  for (let next = await reader.read(); next.value !== undefined; next = await reader.read()) {
    seen.push(next.value);
  }
  return BYTES.decode(await new Blob(seen as Uint8Array<ArrayBuffer>[]).bytes());
}

/**
 * The runtime gives a child a socket; C's s6-log loses a last line without newline there, and its
 * words are about pipes.
 */
const THROUGH_A_PIPE = 'cat | "$0" "$@"';

/** Runs s6-log in `directory` on `input`. */
export async function runLogger(
  toolset: Toolset,
  directory: string,
  args: readonly string[],
  input: Uint8Array<ArrayBuffer>,
  feed: Feed = "at once",
): Promise<Outcome> {
  const child = new Deno.Command("/bin/sh", {
    args: ["-c", THROUGH_A_PIPE, toolset.bin("s6-log"), ...args],
    cwd: directory,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stderr = new Response(child.stderr).bytes();
  const run = feed === "at once" ? feedAtOnce(child, input) : feedLineByLine(child, input);
  try {
    const [stdout, messages, { code }] = await within(
      Promise.all([run, stderr, child.status]),
      `the end of ${toolset.name} s6-log ${args.join(" ")}`,
    );
    const alerts = BYTES.decode(messages).replaceAll(/^s6-log: (warning|fatal): .*\n/gm, "");
    return {
      code,
      stdout: withoutStamps(stdout),
      alerts: withoutStamps(alerts),
      ...readAll(directory),
    };
  } catch (error) {
    signalProcess(child.pid, "SIGKILL");
    throw error;
  }
}

/**
 * The same without what C's reading in blocks has a say in: where one file ends and the next
 * begins.
 */
export function withoutFileEnds(outcome: Outcome): unknown {
  const logdirs = Object.entries(outcome.logdirs).map(([name, { files, modes }]) => {
    const { [".s"]: _, ...others } = modes;
    return [name, { content: files.join(""), modes: others }];
  });
  return { ...outcome, logdirs: Object.fromEntries(logdirs) };
}

function flatten(value: unknown, path: string, into: Map<string, string>): void {
  if (typeof value !== "object" || value === null) into.set(path, String(value));
  else for (const [key, part] of Object.entries(value)) flatten(part, `${path}.${key}`, into);
}

/**
 * @throws {Error} If they differ: where, and a little of what stands there, since all of it can't
 *   be read.
 */
export function assertSame(ours: unknown, theirs: unknown, name: string): void {
  const [left, right] = [new Map<string, string>(), new Map<string, string>()];
  flatten(ours, "", left);
  flatten(theirs, "", right);
  for (const path of new Set([...left.keys(), ...right.keys()])) {
    const [a, b] = [left.get(path), right.get(path)];
    if (a === b) continue;
    let at = 0;
    while (a !== undefined && b !== undefined && a[at] === b[at]) at++;
    const shown = (text: string | undefined): string =>
      text === undefined ? "nothing" : JSON.stringify(text.slice(Math.max(0, at - 60), at + 60));
    throw new Error(
      `${name}: ${path} differs at ${at}: ours ${shown(a)} (${a?.length} bytes), theirs ${
        shown(b)
      } (${b?.length} bytes)`,
    );
  }
}
