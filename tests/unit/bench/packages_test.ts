import { assertEquals } from "@std/assert";
import { broughtBy, closure, parseEntries } from "../../bench/packages.ts";

const ENTRIES = parseEntries([
  "libc6\toptional\t13000\tlibgcc-s1, \t",
  "libgcc-s1\toptional\t140\tlibc6 (>= 2.35)\t",
  "dpkg\trequired\t6000\ttar (>= 1.28), libc6\t",
  "s6\toptional\t1158\t, libc6 (>= 2.34), libs6-2.11 (>= 2.11.2.0) | other\t",
  "libs6-2.11\toptional\t200\tskalibs:any\t",
  "libskarnet\toptional\t300\t\tskalibs (= 2.13), more",
  "",
].join("\n"));

Deno.test("closure: what a package needs, by the first alternative and by what others provide; circles end", () => {
  assertEquals([...closure(["s6"], ENTRIES)].map(({ name }) => name).sort(), [
    "libc6",
    "libgcc-s1",
    "libs6-2.11",
    "libskarnet",
    "s6",
  ]);
});

Deno.test("broughtBy: without what every system has", () => {
  assertEquals(
    broughtBy(["s6"], ENTRIES).map(({ name, installedKib }) => [name, installedKib]).sort(),
    [
      ["libs6-2.11", 200],
      ["libskarnet", 300],
      ["s6", 1158],
    ],
  );
});
