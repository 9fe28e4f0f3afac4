import { assertEquals } from "@std/assert";
import {
  barrierMessage,
  readyMessage,
  tellsReady,
} from "../../../../lib/servicedir/core/notify_socket.ts";

const CASES: readonly (readonly [string, boolean])[] = [
  ["READY=1", true],
  ["READY=1\n", true],
  ["STATUS=up\nREADY=1\nMAINPID=3\n", true],
  ["STATUS=up\nREADY=1", true],
  ["READY=10\n", false],
  ["READY=0\n", false],
  ["XREADY=1\n", false],
  ["STATUS=READY=1\n", false],
  ["", false],
  ["\xff\xfe\n", false],
];

for (const [message, expected] of CASES) {
  Deno.test(`tellsReady(${JSON.stringify(message)}) is ${expected}`, () => {
    assertEquals(
      tellsReady(Uint8Array.from(message, (character) => character.charCodeAt(0))),
      expected,
    );
  });
}

Deno.test("readyMessage() and barrierMessage() are what systemd expects", () => {
  assertEquals(new TextDecoder().decode(readyMessage(42)), "READY=1\nMAINPID=42\n");
  assertEquals(new TextDecoder().decode(barrierMessage()), "BARRIER=1\n");
  assertEquals(tellsReady(readyMessage(1)), true);
});
