/** A caretaker: who asks for the end comes to it, and it ends the tree in steps. */
import { assertEquals } from "@std/assert";
import type { Caretaker } from "../../../lib/scandir/caretaker.ts";
import type { ScandirOptions } from "../../../lib/scandir/scandir_options.ts";
import { scanned, type Svscan } from "../../fake/svscan.ts";

/** A loop whose caretaker writes down what it is told. */
function cared(
  found: string,
  options: Partial<ScandirOptions> = {},
): { readonly svscan: Svscan; readonly heard: string[] } {
  const heard: string[] = [];
  const caretaker: Caretaker = {
    onEndAsked: (order) => void heard.push(order),
    onServicesEnded: () => void heard.push("drained"),
  };
  return { svscan: scanned(found, { ...options, caretaker }), heard };
}

Deno.test("caretaker: orders and signals to end come to it, and nothing ends by itself", () => {
  const { svscan, heard } = cared("web:d1 db:d2");
  svscan.send("tqb").signal("SIGTERM").signal("SIGABRT");
  assertEquals(heard, ["terminate", "terminate hard", "abort", "terminate", "abort"]);
  assertEquals([svscan.done(), svscan.leaves], [[], 0]);
});

Deno.test("caretaker: after terminate() it hears that all but the catch-all logger has ended, once; dismiss() ends that and the loop", () => {
  const { svscan, heard } = cared("s6-svscan-log:d1 web:d2+l2 db:d3");
  svscan.scandir.terminate(false);
  assertEquals(svscan.end("db", "web").did("TERM", "HUP"), ["TERM web", "TERM db", "HUP web/log"]);
  assertEquals(heard, []);
  svscan.end("web/log");
  assertEquals([heard, svscan.did("output", "HUP")], [["drained"], []]);
  svscan.scandir.dismiss();
  assertEquals([heard, svscan.did("output", "HUP"), svscan.leaves], [["drained"], [
    "output released",
    "HUP s6-svscan-log",
  ], 0]);
  assertEquals(svscan.end("s6-svscan-log").leaves, 1);
});

Deno.test("caretaker: with nothing to end it hears so at once, and the loop stays until it is dismissed", () => {
  const { svscan, heard } = cared("");
  svscan.scandir.terminate(false);
  assertEquals([heard, svscan.leaves], [["drained"], 0]);
  svscan.scandir.dismiss();
  assertEquals([heard, svscan.leaves], [["drained"], 1]);
});

Deno.test("caretaker: dismissed while services still end, the loop leaves after them without another word", () => {
  const { svscan, heard } = cared("web:d1");
  svscan.scandir.terminate(false);
  svscan.scandir.dismiss();
  assertEquals([svscan.leaves, svscan.end("web").leaves, heard], [0, 1, []]);
});

Deno.test("signal orders of one's own: they replace those of s6-svscan, and a program in .s6-svscan comes first", () => {
  const signalOrders = { SIGUSR2: { kind: "terminate", hard: false }, SIGQUIT: undefined } as const;
  const { svscan, heard } = cared("web:d1", { signalOrders });
  svscan.signal("SIGQUIT").signal("SIGTERM").signal("SIGUSR2");
  assertEquals(heard, ["terminate"]);
  svscan.port.signalPrograms.add("SIGUSR2");
  assertEquals([svscan.signal("SIGUSR2").did("program"), heard], [["program SIGUSR2"], [
    "terminate",
  ]]);
});
