/**
 * What people run: `n3 s268435455 DIR`, more than three files of it. HEXAD_TEST_LOG_GB says how
 * many gigabytes are logged; it is 1.2 by default, which fills four files and leaves three archives
 * and a beginning.
 */
import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { isArchiveName } from "../../lib/logdir/core/rotation.ts";
import { within } from "../fixture/deadline.ts";
import { OURS, requireToolset } from "../fixture/toolset.ts";
import { makeTree } from "../fixture/tree.ts";

const SIZE_BYTES = 268435455;
const TOTAL_BYTES = Number(Deno.env.get("HEXAD_TEST_LOG_GB") ?? "1.2") * 1e9;
const LIMIT_MS = 20_000 + TOTAL_BYTES / 1e9 * 60_000;

const LF = 10;
const ZERO = 48;
const NUMBER_BYTES = 10;
/** Lines of 12 to 139 bytes, by their number. */
const LONGEST_PADDING = 128;

function paddingOf(number: number): number {
  return (number * 37) % LONGEST_PADDING;
}

/** Fills `block` with the lines from `first` on, as many as go into it. */
function fill(
  block: Uint8Array,
  first: number,
): { readonly bytes: Uint8Array; readonly next: number } {
  let length = 0;
  let number = first;
  for (; length + NUMBER_BYTES + LONGEST_PADDING + 2 <= block.length; number++) {
    let rest = number;
    for (let at = length + NUMBER_BYTES - 1; at >= length; at--) {
      block[at] = ZERO + rest % 10;
      rest = Math.trunc(rest / 10);
    }
    const end = length + NUMBER_BYTES + 1 + paddingOf(number);
    block.fill(45, length + NUMBER_BYTES, end);
    block[end] = LF;
    length = end + 1;
  }
  return { bytes: block.subarray(0, length), next: number };
}

/**
 * Reads whole lines of a file, and checks that each is the one after the line before, from `next`
 * on (or from wherever it begins).
 */
async function checkFile(path: string, next: number | undefined): Promise<number> {
  let expected = next;
  let rest = new Uint8Array(0);
  using file = Deno.openSync(path);
  const block = new Uint8Array(1 << 22);
  for (let count = file.readSync(block); count !== null; count = file.readSync(block)) {
    const bytes = new Uint8Array(rest.length + count);
    bytes.set(rest);
    bytes.set(block.subarray(0, count), rest.length);
    let start = 0;
    for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, start)) {
      let number = 0;
      for (let at = start; at < start + NUMBER_BYTES; at++) {
        number = number * 10 + bytes[at]! - ZERO;
      }
      if (expected !== undefined) {
        assert(number === expected, `${path}: ${number} stands where ${expected} should`);
      }
      assert(
        end - start === NUMBER_BYTES + 1 + paddingOf(number),
        `${path}: line ${number} has ${end - start} bytes`,
      );
      expected = number + 1;
      start = end + 1;
    }
    rest = bytes.slice(start);
    await Promise.resolve();
  }
  assertEquals(rest.length, 0, `${path} ends within a line`);
  assert(expected !== undefined, `${path} is empty`);
  return expected;
}

Deno.test(`n3 s${SIZE_BYTES}, ${TOTAL_BYTES / 1e9} GB: at most three archives of at most that size, no line split, none missing in what is kept`, async () => {
  requireToolset(OURS);
  using tree = makeTree();
  const child = new Deno.Command("/bin/sh", {
    args: ["-c", 'cat | "$0" "$@"', OURS.bin("s6-log"), "n3", `s${SIZE_BYTES}`, "./log"],
    cwd: tree.root,
    stdin: "piped",
    stderr: "inherit",
  }).spawn();
  const writer = child.stdin.getWriter();
  const block = new Uint8Array(1 << 20);
  let next = 1;
  for (let total = 0; total < TOTAL_BYTES;) {
    const filled = fill(block, next);
    await within(writer.write(filled.bytes.slice()), `room after ${total} bytes`);
    total += filled.bytes.length;
    next = filled.next;
  }
  await writer.close();
  assertEquals((await within(child.status, "the end of s6-log", LIMIT_MS)).code, 0);

  const archives = [...Deno.readDirSync(tree.path("log"))].map(({ name }) => name).filter(
    isArchiveName,
  ).sort();
  assertEquals(archives.length, Math.min(3, Math.floor(TOTAL_BYTES / SIZE_BYTES)));
  let expected: number | undefined;
  for (const name of [...archives, "current"]) {
    const { size } = Deno.statSync(tree.path("log", name));
    assertLessOrEqual(size, SIZE_BYTES, name);
    if (name !== "current") assertLessOrEqual(SIZE_BYTES - 2000, size, name);
    expected = await checkFile(tree.path("log", name), expected);
  }
  assertEquals(expected, next, "the last line");
});
