import { assertEquals, assertThrows } from "@std/assert";
import { parseLoggerCommand } from "../../../../lib/logdir/core/logger_command.ts";
import { loggerSignal } from "../../../../lib/loghost/core/logger_signals.ts";
import {
  SIGALRM,
  SIGCONT,
  SIGHUP,
  SIGINT,
  SIGKILL,
  SIGSTOP,
  SIGTERM,
  SIGUSR1,
  SIGWINCH,
} from "../../../../lib/core/linux/signals.ts";

Deno.test("options, then the script", () => {
  const { options, script } = parseLoggerCommand(["-bp", "-l", "100", "--", "n3", "/d"]);
  assertEquals(options, {
    verbosity: 1,
    holdBack: true,
    protect: true,
    lineLimit: 100,
    lastLineMs: 2000,
  });
  assertEquals(script.logdirs.map(({ path, archivesMax }) => [path, archivesMax]), [["/d", 3]]);
});

Deno.test("a line limit is at least 48, or none", () => {
  assertEquals(parseLoggerCommand(["-l3", "/d"]).options.lineLimit, 48);
  assertEquals(parseLoggerCommand(["-l0", "/d"]).options.lineLimit, 0);
});

for (
  const [words, fault] of [[[], "no logging script"], [["-b"], "no logging script"], [
    ["-X", "/d"],
    "unknown option",
  ], [
    ["-lx", "/d"],
    "takes a number",
  ], [["x"], "unrecognized"]] as const
) {
  Deno.test(`words that s6-log refuses: ${JSON.stringify(words)}`, () => {
    assertThrows(() => parseLoggerCommand(words), SyntaxError, fault);
  });
}

const MEANINGS = [
  [SIGALRM, "rotate"],
  [SIGTERM, "stop"],
  [SIGHUP, "stop"],
  [SIGSTOP, "hold"],
  [SIGCONT, "go on"],
  [SIGWINCH, "ignore"],
  [SIGKILL, "die"],
  [SIGINT, "die"],
  [SIGUSR1, "die"],
  [34, "die"],
] as const;

for (const [signal, meaning] of MEANINGS) {
  Deno.test(`signal ${signal} to a logger: ${meaning}`, () =>
    assertEquals(loggerSignal(signal, false), meaning));
}

Deno.test("a logger with -p ignores SIGTERM and no other signal", () => {
  assertEquals([SIGTERM, SIGHUP, SIGKILL].map((signal) => loggerSignal(signal, true)), [
    "ignore",
    "stop",
    "die",
  ]);
});
