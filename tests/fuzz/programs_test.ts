/**
 * Programs with mistakes in them as run, finish, program of a signal and script of a boot. They run
 * as an ordinary user. s6-svscan and the other services go on, and a boot comes to its CMD.
 */
import { assertEquals, assertNotMatch } from "@std/assert";
import { BYSTANDER, Patient, SLEEP, STACK_TRACE } from "../fault/patient.ts";
import { start } from "../fixture/command.ts";
import { makeTree, type Tree } from "../fixture/tree.ts";
import type { Dice } from "./dice.ts";
import { findsTest, fuzzTest } from "./fuzz_test_case.ts";
import type { Fuzzer, Round } from "./fuzzer.ts";
import { mutated, mutatedText } from "./mutation.ts";
import { takeAway } from "./obeying.ts";
import { PlantedTools } from "./planted.ts";

const WORDS = ["#!", "/bin/sh", "\r\n", "exec ", "'", '"', "\\", "$X", "{ ", " }", "(", "|", ";"];
/** The header of an ELF file and those of its segments. */
const ELF_HEAD = 64 + 13 * 56;
const NOBODY = "65534";
const CMD_CODE = 7;

function services(ours: Round["ours"]): readonly string[] {
  return [
    "#!/bin/sh\necho one\nexec sleep 100000\n",
    `#!${ours.bin("execlineb")} -P\nforeground { echo one } sleep 100000\n`,
    "#!/usr/bin/env sh\necho $1\nexit 3\n",
    "#!/bin/sh -e\nfalse\n",
  ];
}

/** Its code as it is: what is wrong is what tells how to load it. */
function brokenElf(dice: Dice): Uint8Array<ArrayBuffer> {
  const program = Deno.readFileSync("/bin/true");
  program.set(mutated(program.slice(0, ELF_HEAD), dice).subarray(0, ELF_HEAD));
  return program;
}

/**
 * The kernel makes arguments of a script's first line, and those that are not UTF-8 the runtime
 * refuses with words of its own: argument_bytes_test.ts.
 */
function brokenScript(text: string, dice: Dice): Uint8Array<ArrayBuffer> {
  const script = mutatedText(text, dice, WORDS);
  const end = script.indexOf(10);
  return script.map((byte, at) => byte >= 0x80 && (end < 0 || at < end) ? 0x3f : byte);
}

function brokenProgram({ dice, ours }: Round): Uint8Array<ArrayBuffer> {
  return dice.onceIn(5) ? brokenElf(dice) : brokenScript(dice.pick(services(ours)), dice);
}

function shown(bytes: Uint8Array): string {
  return JSON.stringify(new TextDecoder("latin1").decode(bytes.subarray(0, 120)));
}

/** As an editor saves it: it is never half there. */
function place(tree: Tree, path: string, bytes: Uint8Array): void {
  Deno.mkdirSync(tree.path(path.slice(0, path.lastIndexOf("/"))), { recursive: true });
  Deno.writeFileSync(tree.path(`${path}.tmp`), bytes, { mode: 0o755 });
  tree.rename(`${path}.tmp`, path);
}

/** All files go to the user who runs what is tested. */
function giveAway(tree: Tree): void {
  if (Deno.uid() !== 0) return;
  const args = ["-RhP", `${NOBODY}:${NOBODY}`, tree.root];
  if (!new Deno.Command("chown", { args }).outputSync().success) {
    throw new Error(`unable to give ${tree.root} to an ordinary user`);
  }
}

const ILL = ["ill0", "ill1", "ill2"];
const PLACES = ["run", "run", "finish"];

async function supervise(round: Round): Promise<void> {
  const { dice, step, ours } = round;
  await using patient = await Patient.admit({}, { ordinaryUser: true, toolset: () => ours });
  const { tree, svscan } = patient;
  for (const service of ILL) {
    const files = { "run!": SLEEP, "timeout-kill": "500\n", "timeout-finish": "500\n" };
    for (const [name, text] of Object.entries(files)) tree.add({ [`${service}/${name}`]: text });
  }
  giveAway(tree);
  svscan.signal("SIGALRM");
  for (let count = 8 + dice.below(10); count > 0; count--) {
    const program = brokenProgram(round);
    const isSignal = dice.onceIn(5);
    const path = isSignal ? ".s6-svscan/SIGUSR1" : `${dice.pick(ILL)}/${dice.pick(PLACES)}`;
    step(`${path}: ${shown(program)}`);
    place(tree, path, program);
    if (isSignal) svscan.signal("SIGUSR1");
    else await patient.client("s6-svc", ["-ku"], path.slice(0, path.indexOf("/")));
    if (dice.onceIn(4)) {
      step("the bystander is killed");
      await patient.killAndReturn(BYSTANDER);
    }
  }
  step("all of it is taken away");
  await takeAway(patient, ILL);
  await patient.recovered();
}

const BOOT_PLACES = [
  "etc/cont-init.d/20-ill",
  "etc/cont-finish.d/20-ill",
  "etc/services.d/ill/run",
  "etc/services.d/ill/finish",
];

async function boot({ dice, ours, step }: Round): Promise<void> {
  using tree = makeTree({
    "init=": ours.bin("hexad"),
    "etc/cont-init.d/10-well!": "#!/bin/sh\necho first\n",
    "etc/cont-init.d/30-well!": "#!/bin/sh\necho third\n",
    "etc/services.d/well/run!": SLEEP,
  });
  const path = dice.pick(BOOT_PLACES);
  const scripts = ["#!/bin/sh\necho one\nexit 0\n", `#!${ours.bin("execlineb")} -P\necho one\n`];
  const program = brokenScript(dice.pick(scripts), dice);
  step(`a boot with ${path}: ${shown(program)}`);
  place(tree, path, program);
  giveAway(tree);
  const ids = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"];
  const command = [tree.path("init"), "sh", "-c", `echo cmd; exit ${CMD_CODE}`];
  const [first = "", ...rest] = Deno.uid() === 0 ? ["setpriv", ...ids, ...command] : command;
  const env = {
    S6_RUNDIR: tree.path("run"),
    S6_RUNTIME_PROFILE: tree.path("etc"),
    S6_KILL_FINISH_MAXTIME: "500",
    S6_SERVICES_GRACETIME: "500",
    S6_KILL_GRACETIME: "500",
  };
  await using init = start(first, rest, { env, cwd: tree.root });
  const code = await init.ended();
  const said = `${init.stdout.text}${init.stderr.text}`;
  assertNotMatch(said, STACK_TRACE);
  assertEquals(code, CMD_CODE, said);
  const missing = ["first", "third", "cmd"].filter((line) => !init.stdout.text.includes(line));
  assertEquals(missing, [], `what the boot did not come to: ${said}`);
}

const PROGRAMS: Fuzzer = {
  name: "programs",
  file: "tests/fuzz/programs_test.ts",
  async play(round): Promise<void> {
    await boot(round);
    await supervise(round);
    await boot(round);
  },
};

fuzzTest(PROGRAMS);

findsTest(PROGRAMS, {
  what: "an /init that ends with another code than its CMD",
  plant: () => new PlantedTools({ "hexad": "exit 3" }),
  says: /Values are not equal/,
});
