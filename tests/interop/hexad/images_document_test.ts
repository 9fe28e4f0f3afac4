/** The service directories that docs/images.md and docs/migration.md write are sound. */
import { assert, assertEquals } from "@std/assert";
import { run } from "../../fixture/command.ts";
import { OURS, requireToolset, ROOT } from "../../fixture/toolset.ts";
import { makeTree } from "../../fixture/tree.ts";

requireToolset(OURS);

/** With what hexad check is called for what the document has written. */
const DOCUMENTS: readonly (readonly [document: string, checks: readonly (readonly string[])[]])[] =
  [
    ["docs/images.md", [["--root", "scratch", "scratch/service"], ["rootfs"]]],
    ["docs/migration.md", [["service"]]],
  ];

for (const [document, checks] of DOCUMENTS) {
  Deno.test(`${document}: what its commands write, hexad check finds sound`, async () => {
    using tree = makeTree();
    const blocks = Array.from(
      Deno.readTextFileSync(`${ROOT}/${document}`).matchAll(/^```sh\n([^]*?)^```$/gm),
      ([, text]) => text!,
    );
    assert(blocks.length > 0);
    for (const block of blocks) {
      const { code, stderr } = await run("/bin/sh", ["-euc", block], { cwd: tree.root });
      assertEquals([code, stderr], [0, ""], block);
    }
    // what the Dockerfile adds
    if (tree.exists("scratch")) {
      tree.add({ "scratch/usr/": "", "scratch/app!": "\x7fELF" });
      const unpacked = await run("tar", [
        "-xzf",
        `${ROOT}/dist/hexad-x86_64.tar.gz`,
        "-C",
        tree.path("scratch/usr"),
      ]);
      assertEquals([unpacked.code, unpacked.stderr], [0, ""]);
    }
    for (const words of checks) {
      const { code, stdout, stderr } = await run(
        OURS.bin("hexad"),
        ["check", "--errors", ...words],
        { cwd: tree.root },
      );
      assertEquals([code, stdout], [0, ""], stdout + stderr);
    }
  });
}
