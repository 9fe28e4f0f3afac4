import { assertEquals, assertThrows } from "@std/assert";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { realPath } from "../../../lib/libc/real_path.ts";
import { removeTree } from "../../../lib/files/remove_tree.ts";

Deno.test("removeTree() removes a directory with all that is in it, and links without what they point to", () => {
  const root = Deno.makeTempDirSync({ prefix: "hexad-remove-tree-" });
  Deno.mkdirSync(`${root}/keep`);
  Deno.writeTextFileSync(`${root}/keep/file`, "");
  Deno.mkdirSync(`${root}/tree/a/b`, { recursive: true });
  Deno.writeTextFileSync(`${root}/tree/a/.hidden`, "");
  Deno.symlinkSync(`${root}/keep`, `${root}/tree/link`);
  Deno.symlinkSync("nowhere", `${root}/tree/dangling`);
  removeTree(`${root}/tree`);
  assertEquals([...Deno.readDirSync(root)].map(({ name }) => name), ["keep"]);
  assertEquals([...Deno.readDirSync(`${root}/keep`)].length, 1);
  removeTree(`${root}/tree`);
  removeTree(`${root}/keep/file`);
  assertEquals([...Deno.readDirSync(`${root}/keep`)].length, 0);
  removeTree(root);
});

Deno.test("realPath() resolves links, and names the path that it can't resolve", () => {
  const root = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "hexad-real-path-" }));
  Deno.mkdirSync(`${root}/real`);
  Deno.symlinkSync("real", `${root}/link`);
  assertEquals(realPath(`${root}/./link/../link`), `${root}/real`);
  assertEquals(
    assertThrows(() => realPath(`${root}/none`), SyscallError).message,
    `unable to resolve ${root}/none: No such file or directory`,
  );
  removeTree(root);
});
