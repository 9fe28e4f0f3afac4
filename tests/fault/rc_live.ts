/** A scan directory with a live folder of s6-rc, whose services are definitions of the test's. */
import { assertEquals } from "@std/assert";
import { type Result, run } from "../fixture/command.ts";
import { startSvscan, type Svscan } from "../fixture/scan.ts";
import { OURS, requireToolset } from "../fixture/toolset.ts";
import { makeTree, type Tree, type TreeSpec } from "../fixture/tree.ts";

requireToolset(OURS);

const LIMIT_MS = 60_000;

/** A oneshot and nothing else. */
export const ONE: TreeSpec = { "src/one/type": "oneshot\n", "src/one/up": "true\n" };

export interface LiveOptions {
  /** Definitions in src/, and whatever else the tree is to hold. */
  readonly files?: TreeSpec;
  /** Called before anything runs. What it returns is disposed of when nothing runs any more. */
  readonly prepare?: (tree: Tree) => Promise<void> | Disposable | void;
  /** Where the live folder is. Default: `live`. */
  readonly live?: string;
}

export interface LiveRc {
  readonly tree: Tree;
  readonly svscan: Svscan;
  readonly live: string;
  /** `s6-rc -l LIVE ARGS`. */
  rc(...args: readonly string[]): Promise<Result>;
  /** The same; it must succeed. @returns the lines of its output */
  did(...args: readonly string[]): Promise<string[]>;
}

export function command(program: string, args: readonly string[]): Promise<Result> {
  return run(OURS.bin(program), args, { timeoutMs: LIMIT_MS });
}

async function succeeds(program: string, args: readonly string[]): Promise<void> {
  const { code, stderr } = await command(program, args);
  assertEquals([code, stderr], [0, ""], program);
}

/** Compiles src/ to db/ and takes it into the live folder. */
export async function withLive(
  use: (rc: LiveRc) => Promise<void>,
  { files = ONE, prepare, live: name = "live" }: LiveOptions = {},
): Promise<void> {
  using tree = makeTree({ "scan/": "", "src/": "", ...files });
  using _prepared = await prepare?.(tree) ?? undefined;
  const live = tree.path(name);
  await using svscan = await startSvscan(OURS, tree, { scandir: "scan" });
  await succeeds("s6-rc-compile", [tree.path("db"), tree.path("src")]);
  await succeeds("s6-rc-init", ["-c", tree.path("db"), "-l", live, tree.path("scan")]);
  const rc = (...args: readonly string[]): Promise<Result> =>
    command("s6-rc", ["-l", live, ...args]);
  const did = async (...args: readonly string[]): Promise<string[]> => {
    const { code, stdout, stderr } = await rc(...args);
    assertEquals(code, 0, `s6-rc ${args.join(" ")}: ${stderr}`);
    return stdout.split("\n").filter((line) => line !== "");
  };
  await use({ tree, svscan, live, rc, did });
}
