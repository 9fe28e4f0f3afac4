/** A chain is run; what the probe has seen, what was written, and how it ended. */
import { assertEquals } from "@std/assert";
import { run } from "../../fixture/command.ts";
import { within } from "../../fixture/deadline.ts";
import { makeTree, type Tree } from "../../fixture/tree.ts";
import { OURS, ROOT } from "../../fixture/toolset.ts";
import type { ChainCase } from "./chain_case.ts";

export interface Side {
  readonly name: "ours" | "theirs";
  /** The directory of its links. */
  readonly links: string;
}

export const OUR_SIDE: Side = { name: "ours", links: OURS.bin("hexad").replace(/\/hexad$/, "") };
export const THEIR_SIDE: Side = { name: "theirs", links: "/usr/lib/execline/bin" };

/** Where in the script it was, which ours tells after a message. */
const PLACE = / \((?:run|-c|ROOT\/links\/execlineb):\d+:\d+\)/g;

/** 32 and 33 are the C library's own. */
const LIBC_SIGNALS = 0x1_8000_0000n;

/** Every byte a character of its own. */
const BYTES = new TextDecoder("latin1");

/** Compiles the probe into `directory`. Returns its path. */
export async function buildProbe(directory: string): Promise<string> {
  const probe = `${directory}/probe`;
  const { code, stderr } = await run("gcc", [
    "-O1",
    "-o",
    probe,
    `${ROOT}/tests/interop/execline/probe.c`,
  ]);
  assertEquals([code, stderr], [0, ""]);
  return probe;
}

/** What a case came to, as text to be compared. Paths, pids and pipes are replaced by names. */
export async function outcomeOf(one: ChainCase, side: Side, probe: string): Promise<string> {
  using tree = makeTree({
    "w/": "",
    "probe-bin/": "",
    ...(one.script === undefined ? {} : { "w/run!": one.script }),
  });
  Deno.copyFileSync(probe, tree.path("probe-bin/probe"));
  for (const [name, text] of Object.entries(one.files ?? {})) tree.add({ [`w/${name}`]: text });
  const links = tree.path("links");
  Deno.symlinkSync(side.links, links);
  const before = new Set(filesIn(tree.path("w")).keys());
  const { pid, status, stdout, stderr } = await runCase(one, tree, links);
  const text = [
    `exit ${status.signal ?? status.code}`,
    ...records(tree, one.unordered ?? false),
    `stdout ${JSON.stringify(stdout)}`,
    ...messages(stderr).map((line) => `stderr ${line}`),
    ...[...filesIn(tree.path("w"))].filter(([name]) => !before.has(name)).map(([name, content]) =>
      `file ${name} ${JSON.stringify(content)}`
    ),
  ].join("\n");
  return named(text, { tree, side, pid });
}

interface Ended {
  readonly pid: number;
  readonly status: Deno.CommandStatus;
  readonly stdout: string;
  readonly stderr: string;
}

async function runCase(one: ChainCase, tree: Tree, links: string): Promise<Ended> {
  const [program = "execlineb", ...args] = one.command ??
    ["execlineb", ...(one.options ?? ["-P"]), "run", ...(one.args ?? [])];
  const command = [program.includes("/") ? program : `${links}/${program}`, ...args];
  const [path, ...rest] = one.redirections === undefined
    ? command
    : ["/bin/sh", "-c", `exec "$@" ${one.redirections}`, "sh", ...command];
  const child = new Deno.Command(path!, {
    args: rest,
    cwd: tree.path("w"),
    clearEnv: true,
    env: { PATH: `${links}:${tree.path("probe-bin")}:/usr/bin:/bin`, ...one.env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  const fed = writer.write(new TextEncoder().encode(one.stdin ?? "")).then(() => writer.close())
    .catch(() => {/* it does not read */});
  const all = Promise.all([
    child.status,
    new Response(child.stdout).bytes(),
    new Response(child.stderr).bytes(),
    fed,
  ]);
  const [status, stdout, stderr] = await within(all, `the end of "${one.title}"`);
  return { pid: child.pid, status, stdout: BYTES.decode(stdout), stderr: BYTES.decode(stderr) };
}

function filesIn(directory: string, prefix = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (
    const { name, isDirectory, isFile } of [...Deno.readDirSync(directory)].sort((a, b) =>
      a.name < b.name ? -1 : 1
    )
  ) {
    if (isDirectory) {
      for (const [inner, text] of filesIn(`${directory}/${name}`, `${prefix}${name}/`)) {
        found.set(inner, text);
      }
    } else {found.set(
        prefix + name,
        isFile ? BYTES.decode(Deno.readFileSync(`${directory}/${name}`)) : "(special)",
      );}
  }
  return found;
}

function records(tree: Tree, unordered: boolean): string[] {
  if (!tree.exists("records")) return [];
  const all = tree.text("records").split("BEGIN\n").slice(1).map((record) =>
    record.replace("END\n", "").trimEnd()
  );
  return unordered ? all.sort() : all;
}

/** The programs that complain, and how: the wording of the rest is each side's own. */
function messages(stderr: string): string[] {
  const lines = stderr.split("\n").filter((line) => line !== "");
  return lines.flatMap((line, i) => {
    const head = /^[^:]+: (fatal|warning|usage|info):/.exec(line)?.[0];
    if (head === undefined) return [line];
    const [program] = head.split(":");
    // of a wrong usage ours says what is wrong, too
    return lines[i + 1]?.startsWith(`${program}: usage:`) ? [] : [head];
  });
}

/** Paths, pids and pipes by names that are the same on both sides. */
function named(
  text: string,
  { tree, side, pid }: { readonly tree: Tree; readonly side: Side; readonly pid: number },
): string {
  const name = namer(new Map([[`P${Deno.pid}`, "HARNESS"], [`P${pid}`, "TOP"]]));
  const processLine = (
    _: string,
    own: string,
    parent: string,
    group: string,
    session: string,
  ): string => {
    // between the chain and a program in a block C has as many processes as there are blocks around
    // it
    const ancestor = own === String(pid) ? ` ppid ${name("P", parent)}` : "";
    return `pid ${name("P", own)}${ancestor} pgid ${name("G", group)} sid ${name("S", session)}`;
  };
  return text.replaceAll(tree.root, "ROOT").replaceAll(PLACE, "").replaceAll(
    /\bexecline-(cd|umask): /g,
    "$1: ",
  ).replaceAll(
    side.links,
    "LINKS",
  )
    .replaceAll(/(pipe|socket):\[(\d+)\]/g, (_, kind, number) => name(kind, number))
    .replaceAll(/^pid (\d+) ppid (\d+) pgid (\d+) sid (\d+)$/gm, processLine)
    .replaceAll(
      /^(Sig...:\s*)([0-9a-f]{16})$/gm,
      (_, field, set) => field + (BigInt(`0x${set}`) & ~LIBC_SIGNALS).toString(16),
    )
    .replaceAll(/^(env (?:!|SEEN_PID)=)(\d+)$/gm, (_, start, number) => start + name("P", number));
}

/** Names for numbers, in the order in which they are met: `pipe1`, `pipe2`. */
function namer(names: Map<string, string>): (kind: string, number: string) => string {
  const counts: Record<string, number> = {};
  return (kind, number) => {
    const key = kind + number;
    if (!names.has(key)) names.set(key, `${kind}${counts[kind] = (counts[kind] ?? 0) + 1}`);
    return names.get(key)!;
  };
}
