import { assertEquals } from "@std/assert";
import { byBytes } from "../../../../lib/core/text/bytes.ts";

Deno.test("byBytes(): digits before capitals before small letters, a prefix before what continues it, bytes above ASCII last", () => {
  const sorted = [
    "",
    "01-a",
    "10-b",
    "9",
    "B",
    "a",
    "a-",
    "a.sh",
    "ab",
    "z",
    "é",
    "\u{ffff}",
    "😀",
  ];
  assertEquals([...sorted].reverse().sort(byBytes), sorted);
});
