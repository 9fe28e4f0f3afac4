import { assertEquals, assertThrows } from "@std/assert";
import { remoteAction } from "../../../../lib/remote/core/remote_action.ts";
import { settingOf } from "../../../../lib/remote/core/setting_of.ts";
import { SIGNAL_LETTERS } from "../../../../lib/servicedir/core/control_letters.ts";

Deno.test("remoteAction(): what a server can be asked for by the letters of a supervisor", () => {
  assertEquals(remoteAction("u"), { action: "start" });
  assertEquals(remoteAction("d"), { action: "stop" });
  assertEquals(remoteAction("ru"), { action: "restart" });
  for (const [signal, letter] of Object.entries(SIGNAL_LETTERS)) {
    assertEquals(remoteAction(letter), { action: "signal", signal });
  }
  for (const letters of ["", "o", "x", "K"]) {
    assertEquals(remoteAction(letters), undefined, letters);
  }
});

Deno.test("settingOf(): a file that is there and counts, or nothing", () => {
  const row = { file: "reload-signal", given: true, fault: null, value: "USR1" };
  const of = (...settings: unknown[]): string | undefined =>
    settingOf(JSON.stringify({ settings }), "reload-signal");
  assertEquals(of({ ...row, file: "other" }, row), "USR1");
  assertEquals(of({ ...row, given: false, value: "SIGHUP" }), undefined);
  assertEquals(of({ ...row, fault: "no signal", value: "SIGHUP" }), undefined);
  assertEquals(of({ ...row, value: 1 }, null), undefined);
  assertEquals(of(), undefined);
  for (const text of ["", "null", "[]", '{"settings": {}}']) {
    assertThrows(() => settingOf(text, "reload-signal"), SyntaxError);
  }
});
