/** A program of a test's own, whose file it may replace. */
import { OURS, type Toolset } from "../fixture/toolset.ts";
import type { Tree } from "../fixture/tree.ts";

/** A copy of the program in the tree, where no scan looks. */
export function ownCopy(tree: Tree): Toolset {
  tree.add({ ".bin/": "" });
  Deno.copyFileSync(OURS.bin("hexad"), tree.path(".bin/hexad"));
  Deno.symlinkSync("hexad", tree.path(".bin/s6-svscan"));
  return { ...OURS, bin: (program) => tree.path(".bin", program) };
}
