import { assertEquals } from "@std/assert";
import { parseMountTable, parseSwaps } from "../../../../lib/machine/core/mount_table.ts";

Deno.test("parseMountTable() takes blanks and tabs, leaves comments and empty lines out, and undoes escapes", () => {
  const table = "# a comment\n\n  \t\n/dev/sda1\t/  ext4 ro,noatime 0 1\n" +
    "  tmpfs /a\\040b\\011c\\134d\\043 tmpfs\n//host/x\\0401 /m cifs credentials=/a\\040b";
  assertEquals(parseMountTable(table), [
    { source: "/dev/sda1", target: "/", type: "ext4", options: "ro,noatime" },
    { source: "tmpfs", target: "/a b\tc\\d#", type: "tmpfs", options: "" },
    { source: "//host/x 1", target: "/m", type: "cifs", options: "credentials=/a b" },
  ]);
  assertEquals(parseMountTable(""), []);
});

Deno.test("parseSwaps() leaves the heading out", () => {
  const heading = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";
  assertEquals(parseSwaps(heading), []);
  assertEquals(
    parseSwaps(`${heading}/swap\\040file  file\t\t1024\t0\t-2\n/dev/sda2 partition 9 0 -3\n`),
    ["/swap file", "/dev/sda2"],
  );
});
