/** A root with nothing but a tarball for arm64, and programs that run in it. */
import { DIST, filesFor } from "../../tools/layout.ts";
import { run as runTool } from "../../tools/command.ts";
import { type Background, type Result, run, start } from "../fixture/command.ts";
import { makeTree, type Tree, type TreeSpec } from "../fixture/tree.ts";

/** The emulator needs seconds for each start. */
export const LIMIT_MS = 300_000;

const PATH = "/command:/usr/bin:/usr/lib/hexad/bin:/bin";
const FILES = filesFor("aarch64");

export interface Arm64Root extends Disposable {
  readonly tree: Tree;
  /** Runs a program in it to its end, in a namespace of its own with its own /proc. */
  run(program: string, args: readonly string[], stdin?: string): Promise<Result>;
  /** Starts one in the same way beside the test. */
  startAsInit(program: string, args: readonly string[]): Background;
}

async function rootOf(tarball: string, into: string, spec: TreeSpec): Promise<Arm64Root> {
  const tree = makeTree({ "proc/": "", "tmp/": "", "dev/": "", ...spec });
  await runTool("tar", ["-xzf", `${DIST}/${tarball}`, "-C", tree.path(into)]);
  await runTool("mknod", ["-m", "666", tree.path("dev/null"), "c", "1", "3"]);
  // five seconds, the default, are a start or two here
  const env = { PATH, S6_KILL_FINISH_MAXTIME: String(LIMIT_MS), S6_KILL_GRACETIME: "0" };
  const options = { timeoutMs: LIMIT_MS, env };
  const inside = (program: string, args: readonly string[]): readonly string[] => [
    "--pid",
    "--fork",
    "--kill-child",
    "--mount",
    `--root=${tree.root}`,
    "--mount-proc=/proc",
    program,
    ...args,
  ];
  return {
    tree,
    run: (program, args, stdin = "") =>
      run("/usr/bin/unshare", inside(program, args), { ...options, stdin }),
    startAsInit: (program, args) => start("/usr/bin/unshare", inside(program, args), options),
    [Symbol.dispose]: () => tree[Symbol.dispose](),
  };
}

/** With s6 and execline in /usr. */
export function scratchRoot(spec: TreeSpec): Promise<Arm64Root> {
  return rootOf(FILES.tarball, "usr", { "usr/": "", ...spec });
}

/** With /init. */
export function overlayRoot(spec: TreeSpec): Promise<Arm64Root> {
  return rootOf(FILES.overlayTarball, ".", { "etc/": "", "run/": "", ...spec });
}
