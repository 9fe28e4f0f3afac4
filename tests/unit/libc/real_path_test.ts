import { assertEquals, assertThrows } from "@std/assert";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { realPath } from "../../../lib/libc/cwd.ts";

Deno.test("realPath() resolves links, and names the path that it can't resolve", () => {
  const root = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "hexad-real-path-" }));
  Deno.mkdirSync(`${root}/real`);
  Deno.symlinkSync("real", `${root}/link`);
  assertEquals(realPath(`${root}/./link/../link`), `${root}/real`);
  assertEquals(
    assertThrows(() => realPath(`${root}/none`), SyscallError).message,
    `unable to resolve ${root}/none: No such file or directory`,
  );
  Deno.removeSync(root, { recursive: true });
});
