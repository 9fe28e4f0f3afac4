import { assertEquals, assertThrows } from "@std/assert";
import { copyFirstLines } from "../../../lib/files/head.ts";
import { eachLine, readAll, standardInput } from "../../../lib/files/input.ts";
import { BrokenPipe, Output, writeFully } from "../../../lib/files/output.ts";
import {
  copyAfterBytes,
  copyAfterLines,
  copyLastBytes,
  copyLastLines,
} from "../../../lib/files/tail.ts";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { pipe } from "../../../lib/libc/fd.ts";
import { O_RDONLY, O_RDWR } from "../../../lib/core/linux/open_flags.ts";
import { close, open } from "../../../lib/libc/file.ts";
import { seededRandom } from "../core/seeded_random.ts";

/** One character a byte. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** No more than a call can have arguments. */
const CHUNK = 16_384;

function textOf(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return text;
}

/** A file with that content, open at its beginning. It has no name. */
function fileOf(text: string): number {
  const path = Deno.makeTempFileSync({ prefix: "hexad-input-" });
  Deno.writeFileSync(path, bytesOf(text));
  const fd = open(path, O_RDWR);
  Deno.removeSync(path);
  return fd;
}

/** What `copy` makes of a text. */
function copied(text: string, copy: (inFd: number, outFd: number) => void): string {
  const inFd = fileOf(text);
  const outFd = fileOf("");
  copy(inFd, outFd);
  const again = open(`/proc/self/fd/${outFd}`, O_RDONLY);
  const result = textOf(readAll(standardInput(again)));
  for (const fd of [inFd, outFd, again]) close(fd);
  return result;
}

/** Lines of all lengths around the size of a block, the last one perhaps without end. */
function randomText(random: (below: number) => number): string {
  const lengths = [0, 0, 1, 2, 3, 100, 65_534, 65_535, 65_536, 65_537, 140_000];
  const lines = Array.from(
    { length: random(6) },
    (_, i) => String.fromCharCode(97 + i).repeat(lengths[random(lengths.length)]!),
  );
  return lines.join("\n") + (random(2) === 0 ? "\n" : "");
}

/** The lines of a text, each with its end. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

Deno.test("eachLine(): every line, whatever its length, and whether it has an end", () => {
  const random = seededRandom(0x11e);
  for (let round = 0; round < 60; round++) {
    const text = randomText(random);
    const fd = fileOf(text);
    const lines: string[] = [];
    eachLine(
      standardInput(fd),
      (line, ended) => void lines.push(textOf(line) + (ended ? "\n" : "")),
    );
    close(fd);
    assertEquals(lines, linesOf(text));
  }
});

Deno.test("eachLine(): lines may end with another byte, and something is done before each read", () => {
  const fd = fileOf("a\0b\n\0\0c");
  const lines: string[] = [];
  let reads = 0;
  eachLine(standardInput(fd), (line, ended) => void lines.push(`${textOf(line)} ${ended}`), {
    separator: 0,
    beforeRead: () => void reads++,
  });
  close(fd);
  assertEquals(lines, ["a true", "b\n true", " true", "c false"]);
  assertEquals(reads, 2);
});

Deno.test("copyFirstLines(), copyLastLines(), copyAfterLines(), and those of bytes: of random texts, what they say", () => {
  const random = seededRandom(0x7a11);
  for (let round = 0; round < 60; round++) {
    const text = randomText(random);
    const lines = linesOf(text);
    const count = random(7);
    const bytes = [0, 1, 3, 65_535, 65_536, 65_537, 200_000][random(7)]!;
    const exact = random(2) === 0;
    assertEquals(
      copied(text, (i, o) => copyFirstLines(standardInput(i), o, count, { exact })),
      lines.slice(0, count).join(""),
    );
    assertEquals(
      copied(text, (i, o) => copyLastLines(standardInput(i), o, count)),
      count === 0 ? "" : lines.slice(-count).join(""),
    );
    assertEquals(
      copied(text, (i, o) => copyAfterLines(standardInput(i), o, count)),
      lines.slice(count).join(""),
    );
    assertEquals(
      copied(text, (i, o) => copyLastBytes(standardInput(i), o, bytes)),
      bytes === 0 ? "" : text.slice(-bytes),
    );
    assertEquals(
      copied(text, (i, o) => copyAfterBytes(standardInput(i), o, bytes)),
      text.slice(bytes),
    );
  }
});

Deno.test("copyFirstLines(): an exact one leaves the rest to be read", () => {
  const text = `a\n${"b".repeat(100_000)}\nc\nd\n`;
  assertEquals(
    copied(text, (inFd, outFd) => {
      copyFirstLines(standardInput(inFd), outFd, 3, { exact: true });
      assertEquals(textOf(readAll(standardInput(inFd))), "d\n");
    }),
    text.slice(0, -2),
  );
});

Deno.test("Output: pieces of all sizes come out in order, and only when it is flushed", () => {
  const pieces = [1, 65_535, 1, 1, 65_536, 3, 200_000, 2].map((length, i) =>
    String.fromCharCode(97 + i).repeat(length)
  );
  const written = copied("", (_, outFd) => {
    const output = new Output(outFd);
    for (const piece of pieces) output.put(bytesOf(piece));
    output.putByte(10);
    output.flush();
    output.put(bytesOf("never flushed"));
  });
  assertEquals(written, `${pieces.join("")}\n`);
});

Deno.test("writeFully(): a pipe without reader is a BrokenPipe, another failure is none", () => {
  const { readFd, writeFd } = pipe();
  close(readFd);
  assertThrows(
    () => writeFully(writeFd, bytesOf("x")),
    BrokenPipe,
    "unable to write to standard output: Broken pipe",
  );
  close(writeFd);
  const readOnly = open("/dev/null", O_RDONLY);
  const error = assertThrows(
    () => writeFully(readOnly, bytesOf("x"), "write there"),
    SyscallError,
    "unable to write there: Bad file descriptor",
  );
  assertEquals(error instanceof BrokenPipe, false);
  close(readOnly);
});
