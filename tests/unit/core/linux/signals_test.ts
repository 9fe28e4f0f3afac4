import { assertEquals } from "@std/assert";
import * as signals from "../../../../lib/core/linux/signals.ts";
import { signalName, signalNumber, SIGNALS } from "../../../../lib/core/linux/signals.ts";

/** Numbers and names as Debian's s6-svstat prints them. */
const names: readonly (readonly [number: number, name: string])[] = [
  [1, "SIGHUP"],
  [6, "SIGABRT"],
  [9, "SIGKILL"],
  [15, "SIGTERM"],
  [16, "SIGSTKFLT"],
  [17, "SIGCHLD"],
  [28, "SIGWINCH"],
  [29, "SIGPOLL"],
  [30, "SIGPWR"],
  [31, "SIGSYS"],
  [0, "???"],
  [32, "???"],
  [34, "???"],
  [64, "???"],
  [65, "???"],
  [-1, "???"],
];

for (const [number, name] of names) {
  Deno.test(`signalName(): ${number} is ${name}`, () => assertEquals(signalName(number), name));
}

const texts: readonly (readonly [text: string, number: number | undefined])[] = [
  ["TERM", 15],
  ["SIGTERM", 15],
  ["term", 15],
  ["sigTerm", 15],
  ["15", 15],
  ["SIG15", 15],
  ["sig11", 11],
  ["015", 15],
  ["0", 0],
  ["64", 64],
  ["USR1", 10],
  ["WINCH", 28],
  ["PWR", 30],
  ["IOT", 6],
  ["CLD", 17],
  ["IO", 29],
  ["POLL", 29],
  ["UNUSED", 31],
  ["RTMIN", 34],
  ["SIGRTMIN+3", 37],
  ["rtmin+30", 64],
  ["RTMAX", 64],
  ["RTMAX-1", 63],
  ["SIGRTMAX-30", 34],
  ["RTMIN+31", undefined],
  ["RTMAX-31", undefined],
  ["RTMIN-1", undefined],
  ["RTMIN+", undefined],
  ["65", undefined],
  ["4294967295", undefined],
  ["-9", undefined],
  ["+9", undefined],
  ["", undefined],
  ["SIG", undefined],
  ["SIGSIGTERM", undefined],
  ["TERM ", undefined],
  ["TERM\n", undefined],
  ["TERMINATE", undefined],
  ["constructor", undefined],
  ["__proto__", undefined],
];

for (const [text, number] of texts) {
  Deno.test(`signalNumber(): ${JSON.stringify(text)} is ${number ?? "none"}`, () =>
    assertEquals(signalNumber(text), number));
}

Deno.test("SIGNALS and the named constants: the same numbers, 1 to 31, each read back by name", () => {
  assertEquals(Object.values(SIGNALS), Array.from({ length: 31 }, (_, i) => i + 1));
  for (const [name, number] of Object.entries(SIGNALS)) {
    assertEquals((signals as Record<string, unknown>)[name], number);
    assertEquals(signalNumber(name), number);
    assertEquals(signalName(number), name);
  }
});
