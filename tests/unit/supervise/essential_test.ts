/**
 * flag-essential: which ends of a service are its end for good, and which are an administrator's.
 */
import { assertEquals } from "@std/assert";
import { EACCES } from "../../../lib/core/linux/errno.ts";
import { running, type SupervisedService } from "../../fake/supervised_service.ts";

const ESSENTIAL = { "flag-essential": "", finish: "" };

function essentialEnds(service: SupervisedService): number[] {
  return service.essentialEnds;
}

for (
  const [what, die, code] of [
    ["exit 3", (service: SupervisedService) => service.exit(3), 3],
    ["exit 0", (service: SupervisedService) => service.exit(0), 0],
    ["SIGKILL", (service: SupervisedService) => service.dieOf(9), 137],
    ["SIGSEGV with a core", (service: SupervisedService) => service.dieOf(0x8b), 139],
  ] as const
) {
  Deno.test(`flag-essential: ${what}, and ./finish says 125: the end of everybody, with ${code}`, () => {
    const service = die(running(ESSENTIAL));
    assertEquals(essentialEnds(service), []);
    assertEquals(essentialEnds(service.exit(125)), [code]);
    assertEquals(service.port.events, "sudOD");
  });
}

Deno.test("flag-essential: a death after which the service is started again ends nobody", () => {
  assertEquals(essentialEnds(running(ESSENTIAL).exit(3).exit(0).elapse(1000)), []);
});

for (const letter of ["d", "D", "o", "O", "Q"]) {
  Deno.test(`flag-essential: ${letter} is an administrator's wish: its death ends nobody, even if ./finish says 125`, () => {
    assertEquals(essentialEnds(running(ESSENTIAL).send(letter).exit(0).exit(125)), []);
  });
}

Deno.test("flag-essential: `d` while ./finish runs is a wish as well", () => {
  assertEquals(essentialEnds(running(ESSENTIAL).exit(1).send("d").exit(125)), []);
});

Deno.test("flag-essential is looked at when the service has ended", () => {
  assertEquals(
    essentialEnds(running({ finish: "" }).write("flag-essential", "").exit(1).exit(125)),
    [1],
  );
  assertEquals(essentialEnds(running(ESSENTIAL).remove("flag-essential").exit(1).exit(125)), []);
});

Deno.test("flag-essential that can't be looked at: a warning, and it counts as absent", () => {
  const service = running(ESSENTIAL).fail("exists flag-essential", EACCES).exit(1);
  service.done();
  assertEquals(service.exit(125).did("warn"), [
    "warn unable to access flag-essential: Permission denied",
  ]);
  assertEquals(essentialEnds(service), []);
});

Deno.test("flag-essential: `u` after the end, before anybody else has heard of it: started, and its next end counts anew", () => {
  const service = running(ESSENTIAL).exit(1).exit(125).send("u").exit(2).exit(125);
  assertEquals(essentialEnds(service), [1, 2]);
});
