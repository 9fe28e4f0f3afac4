import { assertEquals, assertMatch } from "@std/assert";
import { Block } from "../../../lib/logdir/block.ts";
import { containerLines, containerNote } from "../../../lib/logdir/container_lines.ts";
import type { OutputForm } from "../../../lib/logreader/core/service_line.ts";
import { bytes } from "../../fake/logdir_story.ts";

const FORM = { service: "web" };
const NAME: OutputForm = { kind: "name" };
const JSON_FORM: OutputForm = { kind: "json" };
const decode = (out: Uint8Array): string => new TextDecoder().decode(out);
const delivery = (form: OutputForm, selected: readonly number[], head = "") => ({
  form,
  selected: Uint8Array.from(selected),
  head: bytes(head),
});

Deno.test("the lines that are selected, each behind the service's name, its stamps and its prefix", () => {
  const block = new Block(bytes("a\nb\n\n"), "");
  assertEquals(
    decode(containerLines(block, [delivery(NAME, [1, 0, 1], "T p ")], FORM)),
    "web | T p a\nweb | T p \n",
  );
});

Deno.test("several directives: each line for each of them, in the order of the lines", () => {
  const block = new Block(bytes("a\nb\n"), "");
  const out = decode(
    containerLines(block, [delivery(NAME, [1, 1]), delivery(JSON_FORM, [0, 1], "p ")], FORM),
  );
  assertMatch(
    out,
    /^web \| a\nweb \| b\n\{"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z","service":"web","message":"p b"\}\n$/,
  );
});

Deno.test("more than was ever put together before", () => {
  const text = `${"x".repeat(9000)}\n`.repeat(30);
  const out = decode(
    containerLines(new Block(bytes(text), ""), [delivery(NAME, Array(30).fill(1))], FORM),
  );
  assertEquals(out, `web | ${"x".repeat(9000)}\n`.repeat(30));
});

Deno.test("with the time of day: it comes first, and the names are as wide as is asked", () => {
  const timed: OutputForm = { kind: "time", width: 6 };
  const out = decode(
    containerLines(new Block(bytes("a\n"), ""), [delivery(timed, [1], "p ")], FORM),
  );
  assertMatch(out, /^\d\d:\d\d:\d\d web {4}\| p a\n$/);
});

Deno.test("a note of our own has the same form", () => {
  assertEquals(decode(containerNote("3 lines", NAME, FORM)), "web | hexad: 3 lines\n");
  assertEquals(
    JSON.parse(decode(containerNote("3 lines", JSON_FORM, FORM))).message,
    "hexad: 3 lines",
  );
});
