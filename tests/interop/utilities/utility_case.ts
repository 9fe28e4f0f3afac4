/**
 * A command line of one of the portable utilities and what it does, byte for byte. In these tables
 * a character of `stdin` and `stdout` is one byte. What is expected was written down from
 * s6-portable-utils' documents and POSIX; where Debian has a program of the same meaning, the case
 * names it, and it has to print the same.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { decodePath } from "../../../lib/core/text/path_bytes.ts";
import { within } from "../../fixture/deadline.ts";
import { OURS } from "../../fixture/toolset.ts";
import { makeTree, type Tree, type TreeSpec } from "../../fixture/tree.ts";

export interface UtilityCase {
  readonly args?: readonly string[];
  /** A script in which `$0` is the command, in place of `args`. */
  readonly shell?: string;
  readonly stdin?: string;
  /** The whole environment; a PATH alone if absent. */
  readonly env?: Readonly<Record<string, string>>;
  /** What is in the directory that it runs in. */
  readonly tree?: TreeSpec;
  /** The exit code, 0 if absent; 128 and the signal's number for a death. */
  readonly code?: number;
  /** Nothing if absent. */
  readonly stdout?: string;
  /** Nothing if absent. */
  readonly stderr?: RegExp;
  /** Looks at what it has left in the directory. */
  readonly after?: (tree: Tree) => void;
  /** A program of Debian and its arguments, the same as ours if absent, that prints the same. */
  readonly like?: readonly [program: string, ...args: string[]];
}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const PATH = "/usr/bin:/bin";

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function textOf(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return text;
}

export interface Invocation {
  readonly args: readonly string[];
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Runs a program with that environment and no other, to its end. */
export async function runBytes(
  path: string,
  { args, stdin = "", env = { PATH }, cwd }: Invocation,
): Promise<Outcome> {
  const child = new Deno.Command(path, {
    args: [...args],
    env: { ...env },
    clearEnv: true,
    ...(cwd === undefined ? {} : { cwd }),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const fed = feed(child, bytesOf(stdin));
  const [{ code, signal, stdout, stderr }] = await within(
    Promise.all([child.output(), fed]),
    `${path} ${args.join(" ")}`,
  );
  assert(signal === null || code > 128);
  return { code, stdout: textOf(stdout), stderr: decodePath(stderr) };
}

async function feed(child: Deno.ChildProcess, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const writer = child.stdin.getWriter();
  try {
    await writer.write(bytes);
    await writer.close();
  } catch (error) {
    // not every command reads its input
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

async function check(program: string, row: UtilityCase): Promise<void> {
  using tree = makeTree(row.tree);
  const { shell, args = [], stdin = "", code = 0, stdout = "", stderr } = row;
  const command = OURS.bin(program);
  const invocation = {
    args: shell === undefined ? args : ["-c", shell, command],
    stdin,
    cwd: tree.root,
  };
  const outcome = await runBytes(
    shell === undefined ? command : "/bin/sh",
    row.env === undefined ? invocation : { ...invocation, env: row.env },
  );
  if (stderr === undefined) assertEquals(outcome.stderr, "");
  else assertMatch(outcome.stderr, stderr);
  assertEquals({ code: outcome.code, stdout: outcome.stdout }, { code, stdout });
  row.after?.(tree);
  if (row.like !== undefined) await checkPeer(row, row.like);
}

async function checkPeer(
  row: UtilityCase,
  [program, ...own]: readonly [string, ...string[]],
): Promise<void> {
  using tree = makeTree(row.tree);
  const args = own.length > 0 ? own : row.args ?? [];
  const peer = await runBytes(`/usr/bin/${program}`, {
    args,
    stdin: row.stdin ?? "",
    cwd: tree.root,
    env: { PATH, LC_ALL: "C" },
  });
  assertEquals(peer.stdout, row.stdout ?? "", `${program} of Debian prints something else`);
}

function title(program: string, { args = [], shell, stdin }: UtilityCase): string {
  const words = shell ??
    args.map((word) => /^[\w./:,=+-]+$/.test(word) ? word : JSON.stringify(word)).join(" ");
  const input = stdin === undefined
    ? ""
    : ` < ${JSON.stringify(stdin.length > 40 ? `${stdin.slice(0, 40)}...` : stdin)}`;
  return `${program} ${words}${input}`;
}

/** Makes a test of each row. */
export function testUtility(program: string, rows: readonly UtilityCase[]): void {
  for (const row of rows) Deno.test(title(program, row), () => check(program, row));
}
