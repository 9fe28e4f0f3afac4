/**
 * The programs that read what a supervisor keeps in `supervise`, while a service runs there whose
 * files have been spoilt.
 */
import { assertEquals, assertNotMatch } from "@std/assert";
import { BYSTANDER, type Patient, STACK_TRACE } from "../fault/patient.ts";
import { run } from "../fixture/command.ts";
import { plant, PLANT_KINDS, plantRefusal } from "../fixture/plants.ts";
import type { Round } from "./fuzzer.ts";
import { mutated } from "./mutation.ts";
import { LIMIT_MS } from "./obeying.ts";

const FILES = [
  "supervise/status",
  "supervise/death_tally",
  "supervise/reason",
  "run",
  "notification-fd",
  "down-signal",
  "log/logscript",
];
const CLIENTS: readonly (readonly string[])[] = [
  ["s6-svstat"],
  ["s6-svstat", "-o", "up,pid,exitcode,signal,updownfor,wantedup"],
  ["s6-svdt", "-r"],
  ["s6-svdt", "-n", "2"],
  ["s6-svok"],
  ["s6-svwait", "-t", "20", "-d"],
  ["hexad", "check"],
];
const DOCUMENTED = [0, 1, 3, 99, 100, 102, 111];
const KINDS = PLANT_KINDS.filter((kind) => plantRefusal(kind) === undefined);

/** What was planted before may be a terabyte. */
const MOST_BYTES = 1_000_000;

/** Spoils one file of the service. */
function spoil({ tree }: Patient, service: string, { dice, step }: Round): void {
  const path = `${service}/${dice.pick(FILES)}`;
  const place = tree.path(path);
  const found = tree.exists(path) ? Deno.lstatSync(place) : undefined;
  const there = found?.isFile && found.size <= MOST_BYTES
    ? tree.bytes(path)
    : new Uint8Array(dice.below(80));
  if (dice.onceIn(8)) {
    const kind = dice.pick(KINDS);
    step(`${kind} at ${path}`);
    Deno.mkdirSync(place.slice(0, place.lastIndexOf("/")), { recursive: true });
    plant(kind, place, tree.path(`.behind-${crypto.randomUUID()}`));
    return;
  }
  // not ever longer from step to step
  const bytes = mutated(there.length > 1000 ? there.slice(0, 35) : there, dice, [
    "SIGTERM",
    "n20 t ./main",
    "#!/bin/sh\n",
  ]);
  step(`${bytes.length} bytes in ${path}: ${bytes.subarray(0, 40)}`);
  Deno.mkdirSync(place.slice(0, place.lastIndexOf("/")), { recursive: true });
  if (tree.exists(path)) Deno.removeSync(place, { recursive: true });
  Deno.writeFileSync(place, bytes, { mode: path.endsWith("run") ? 0o755 : 0o644 });
}

interface StatusDocument {
  readonly services: readonly { readonly name: string; readonly state: string }[];
}

/** Spoils something of the service and has it read. The bystander is told as it is. */
export async function fuzzLive(patient: Patient, service: string, round: Round): Promise<void> {
  const { dice, ours, step } = round;
  spoil(patient, service, round);
  const [program = "", ...args] = dice.pick(CLIENTS);
  step(`${program} ${args.join(" ")} ${service}`);
  const { code, stderr } = await run(ours.bin(program), [...args, patient.tree.path(service)], {
    timeoutMs: LIMIT_MS,
  });
  if (!DOCUMENTED.includes(code)) throw new Error(`${program} exited ${code}: ${stderr}`);
  assertNotMatch(stderr, STACK_TRACE, program);
  step("hexad status -j");
  const whole = await run(ours.bin("hexad"), ["status", "-j", "-S", patient.tree.root], {
    timeoutMs: LIMIT_MS,
  });
  assertNotMatch(whole.stderr, STACK_TRACE, "hexad status");
  const { services } = JSON.parse(whole.stdout) as StatusDocument;
  assertEquals(services.find(({ name }) => name === BYSTANDER)?.state, "up", whole.stdout);
}
