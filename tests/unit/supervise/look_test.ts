/**
 * The directory is read once for a death and the start that follows at once; a large one, or one
 * that can't be read, changes nothing.
 */
import { assertEquals } from "@std/assert";
import { running } from "../../fake/supervised_service.ts";

const EVERYTHING = {
  finish: "",
  "max-death-tally": "1",
  "restart-policy": "on-failure",
  "restart-delay": "250",
  "max-restarts": "3/60",
  "flag-kill-leftovers": "",
  "flag-essential": "",
  "notification-fd": "3",
};

Deno.test("one look for each death, none for anything else", () => {
  const service = running();
  assertEquals(service.port.looks, 0);
  service.exit(1).elapse(1000).send("d").dieOf(15).send("u");
  assertEquals(service.port.looks, 2);
});

for (const files of [{}, EVERYTHING]) {
  Deno.test(`a directory that can't be read in one look, with ${Object.keys(files).length} files: the same happens`, () => {
    const lives = [true, false].map((isSmall) => {
      const service = running(files);
      service.port.isSmall = isSmall;
      service.elapse(3000).exit(1);
      if ("finish" in files) service.leftovers(0).exit(0);
      service.elapse(250).exit(0);
      if ("finish" in files) service.leftovers(0).exit(0);
      service.elapse(60_000);
      return [service.done(), service.essentialEnds];
    });
    assertEquals(lives[0], lives[1]);
  });
}

Deno.test("a file that comes after the look is found by the next start that is not at once", () => {
  const service = running().exit(1).write("notification-fd", "3");
  assertEquals(service.elapse(1000).did("run"), ["run 1001 ready on 3"]);
});

Deno.test("a ./finish that comes after the look is found when leftovers have taken their time", () => {
  const service = running({ "flag-kill-leftovers": "" }).exit(1).leftovers(1).elapse(100).write(
    "finish",
    "",
  ).leftovers(0);
  assertEquals(service.did("finish"), ["finish 1001 (1 0 db 1000)"]);
});
