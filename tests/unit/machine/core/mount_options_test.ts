import { assertEquals } from "@std/assert";
import { NO_MOUNT_OPTIONS, withMountOptions } from "../../../../lib/machine/core/mount_options.ts";

const CASES: readonly (readonly [lists: readonly string[], flags: number, data: string])[] = [
  [[], 0, ""],
  [["defaults"], 0, ""],
  [["ro,nosuid,nodev,noexec"], 15, ""],
  [["ro", "rw"], 0, ""],
  [["rw", "ro"], 1, ""],
  [["ro,noexec,sync,defaults"], 0, ""],
  [["noatime,defaults"], 1024, ""],
  [["size=16m,nosuid,mode=0755"], 2, "size=16m,mode=0755"],
  [["size=16m", "mode=0755"], 0, "size=16m,mode=0755"],
  [["bind,remount,ro"], 4096 + 32 + 1, ""],
  [["shared,private"], 1 << 18, ""],
  [["private", "slave", "bind"], (1 << 19) + 4096, ""],
  [["strictatime,lazytime,nostrictatime"], 1 << 25, ""],
  [[",,ro,"], 1, ""],
  [["noauto,toString,constructor"], 0, "noauto,toString,constructor"],
];

for (const [lists, flags, data] of CASES) {
  Deno.test(`withMountOptions(): ${lists.join(" then ") || "nothing"}`, () => {
    assertEquals(lists.reduce(withMountOptions, NO_MOUNT_OPTIONS), { flags, data });
  });
}
