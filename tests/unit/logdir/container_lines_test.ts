import { assertEquals, assertMatch } from "@std/assert";
import { Block } from "../../../lib/logdir/block.ts";
import { containerLines, containerNote } from "../../../lib/logdir/container_lines.ts";
import { bytes } from "../../fake/logdir_story.ts";

const FORM = { service: "web", colours: false };
const decode = (out: Uint8Array): string => new TextDecoder().decode(out);
const delivery = (json: boolean, selected: readonly number[], head = "") => ({
  json,
  selected: Uint8Array.from(selected),
  head: bytes(head),
});

Deno.test("the lines that are selected, each behind the service's name, its stamps and its prefix", () => {
  const block = new Block(bytes("a\nb\n\n"), "");
  assertEquals(
    decode(containerLines(block, [delivery(false, [1, 0, 1], "T p ")], FORM)),
    "web | T p a\nweb | T p \n",
  );
});

Deno.test("several directives: each line for each of them, in the order of the lines", () => {
  const block = new Block(bytes("a\nb\n"), "");
  const out = decode(
    containerLines(block, [delivery(false, [1, 1]), delivery(true, [0, 1], "p ")], FORM),
  );
  assertMatch(
    out,
    /^web \| a\nweb \| b\n\{"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z","service":"web","message":"p b"\}\n$/,
  );
});

Deno.test("more than was ever put together before", () => {
  const text = `${"x".repeat(9000)}\n`.repeat(30);
  const out = decode(
    containerLines(new Block(bytes(text), ""), [delivery(false, Array(30).fill(1))], FORM),
  );
  assertEquals(out, `web | ${"x".repeat(9000)}\n`.repeat(30));
});

Deno.test("a note of our own has the same form", () => {
  assertEquals(decode(containerNote("3 lines", false, FORM)), "web | hexad: 3 lines\n");
  assertEquals(JSON.parse(decode(containerNote("3 lines", true, FORM))).message, "hexad: 3 lines");
});
