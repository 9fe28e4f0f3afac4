/**
 * hexad reexec: s6-svscan becomes the program that now stands at its path. No service notices that,
 * and no line of a log is lost; a program that can't go on changes nothing.
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Result, run } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { OURS } from "../fixture/toolset.ts";
import { logFiles } from "./log_lines.ts";
import { ownCopy } from "./own_copy.ts";
import { BYSTANDER, Patient, SLEEP } from "./patient.ts";

const TIMES = 12;

/** Counts until it is told to stop, and says so at its end. */
const COUNTER = `#!/bin/sh
trap 'echo end; exit 0' TERM
i=0
while :; do i=$((i+1)); echo $i; sleep 0.01; done
`;

const SERVICES = {
  "counter/run!": COUNTER,
  "counter/log/run!": "#!/bin/sh\nexec cat >>lines\n",
  "hosted/run!": COUNTER,
  "hosted/log/logscript": "./lines\n",
  "victim/run!": SLEEP,
  "obedient/run!": SLEEP,
  "late/run!": "#!/bin/sh\nuntil test -e go; do sleep 0.05; done\necho >&5\nexec sleep 1000000\n",
  "late/notification-fd": "5\n",
  "stubborn/run!": "#!/bin/sh\ntrap '' TERM\necho >trapped\nwhile :; do sleep 0.1; done\n",
  "stubborn/timeout-kill": "2000\n",
};
const UP = [
  "counter",
  "counter/log",
  "hosted",
  "hosted/log",
  "victim",
  "obedient",
  "late",
  "stubborn",
];

function reexec({ tree }: Patient): Promise<Result> {
  return run(OURS.bin("hexad"), ["reexec", "-S", tree.root]);
}

async function reexecuted(patient: Patient): Promise<void> {
  const { code, stdout, stderr } = await reexec(patient);
  assertEquals([code, stderr], [0, ""], patient.said);
  assertMatch(stdout, /: version (\S+) goes on in the place of version \1 after \d+ ms\n$/);
}

Deno.test(`${TIMES} times in a row under deaths and commands: no restart, every line once, readiness and timeouts go over, descriptors level`, async () => {
  await using patient = await Patient.admit(SERVICES, {
    toolset: ownCopy,
    healthy: UP,
    under: ["prlimit", "--nofile=300:4000"],
  });
  const { tree } = patient;
  await eventually("stubborn to ignore SIGTERM", () => tree.exists("stubborn/trapped"));
  await patient.command("d", "stubborn");
  await reexecuted(patient);
  await patient.obeyed(BYSTANDER); // then what it does once at its start is over
  patient.measure(); // a program that has been handed over to is one that has just begun
  const before = UP.map((name) => patient.status(name).pid);
  for (let i = 1; i < TIMES; i++) {
    if (i % 4 === 1) await patient.killAndReturn("victim");
    if (i === 4) await patient.command("h", "hosted/log");
    if (i % 4 === 2) await patient.command("d", "obedient");
    if (i % 4 === 3) await patient.command("u", "obedient");
    await reexecuted(patient);
  }
  await patient.finished("stubborn"); // its timeout-kill has begun in the first program
  assertEquals(patient.status("stubborn").wstat, 9);
  await patient.command("u", "stubborn", "obedient");
  tree.add({ "late/go": "" });
  const { code } = await patient.client("s6-svwait", ["-U", "-t", "40000"], "late");
  assertEquals(code, 0, patient.said);
  const after = UP.map((name) => patient.status(name).pid);
  for (const name of ["counter", "counter/log", "hosted", "hosted/log", "late"]) {
    assertEquals(after[UP.indexOf(name)], before[UP.indexOf(name)], `pid of ${name}`);
  }
  await patient.command("d", "counter", "hosted");
  await eventually("the last line", () => tree.text("counter/log/lines").endsWith("end\n"));
  const lines = tree.text("counter/log/lines").split("\n").slice(0, -2);
  assertEquals(lines, lines.map((_, i) => String(i + 1)));
  const hosted = (): string => logFiles(tree.path("hosted/log/lines")).join("");
  await eventually("the last line of the hosted log", () => hosted().endsWith("end\n"));
  const numbers = hosted().split("\n").slice(0, -2);
  assertEquals(numbers, numbers.map((_, i) => String(i + 1)));
  await patient.command("u", "counter", "hosted");
  await patient.killAndReturn("victim");
  const limits = Deno.readTextFileSync(`/proc/${patient.status("victim").pid}/limits`);
  assertMatch(limits, /^Max open files +300 +4000 /m); // what s6-svscan was first started with
  await patient.recovered();
});

/** What may stand at the path, and why it is refused. */
const REFUSED: Readonly<Record<string, readonly [content: string, reason: RegExp]>> = {
  "a program that exits with 0 and says nothing": [
    "#!/bin/true\n",
    /can't go on with what .*exit 0/,
  ],
  "an older one, which does not know the question": [
    "#!/bin/sh\nexit 100\n",
    /can't .*\(exit 100\)/,
  ],
  "one that says that it has another form": [
    "#!/bin/sh\necho 'hexad 9.9.9 can adopt form 2'\n",
    /can't go on with what runs here/,
  ],
  "one that is killed": ["#!/bin/sh\nkill -9 $$\n", /killed by signal 9/],
  "garbage": ["\x7fELF garbage", /unable to run .*: Exec format error/],
  "one whose interpreter is missing": ["#!/none\n", /unable to run .*: No such file/],
  "one that can't be executed once it has answered": [
    "#!/bin/sh\nchmod 644 $0\necho 'hexad 9.9.9 can adopt form 1'\n",
    /unable to execute .*: Permission denied/,
  ],
  "one that never answers": ["#!/bin/sh\nexec sleep 1000000\n", /does not say within 10 s/],
};

Deno.test("whatever stands at the path and can't go on: hexad reexec says why, and everything goes on as before", async () => {
  const patience = { toolset: ownCopy, healthy: ["victim"] };
  await using patient = await Patient.admit({ "victim/run!": SLEEP }, patience);
  const { pid } = patient.status("victim");
  const program = patient.tree.path(".bin/hexad");
  for (const [what, [content, reason]] of Object.entries(REFUSED)) {
    Deno.removeSync(program);
    Deno.writeTextFileSync(program, content, { mode: 0o755 });
    const { code, stderr } = await reexec(patient);
    assertEquals(code, 1, `${what}: ${stderr}`);
    assertMatch(stderr, reason, what);
    await patient.says(
      new RegExp(`unable to re-execute: .*${reason.source}.*\\(going on as before`),
    );
  }
  assertEquals(patient.status("victim").pid, pid);
  await patient.killAndReturn("victim");
  Deno.removeSync(program);
  Deno.copyFileSync(OURS.bin("hexad"), program);
  await reexecuted(patient);
  await patient.recovered();
});

/** It answers well, and then loses the state on the way. */
const FORGETFUL = `#!/bin/sh
case $1 in
reexec) echo 'hexad 9.9.9 can adopt form 1' ;;
*) shift 3; exec .bin/real/s6-svscan --take-over 0 1024 "$@" </dev/null ;;
esac
`;

Deno.test("the new program can't read the state: it begins from what is on disk, and services that run are adopted", async () => {
  const patience = { toolset: ownCopy, healthy: ["victim"] };
  await using patient = await Patient.admit({ "victim/run!": SLEEP }, patience);
  const { tree } = patient;
  const { pid } = patient.status("victim");
  tree.add({ ".bin/real/": "" });
  Deno.copyFileSync(OURS.bin("hexad"), tree.path(".bin/real/hexad"));
  tree.add({ ".bin/hexad!": FORGETFUL });
  Deno.symlinkSync("hexad", tree.path(".bin/real/s6-svscan"));
  const { code, stderr } = await reexec(patient);
  assertEquals(code, 1);
  assertStringIncludes(stderr, "can't read what was handed over: the state is not sealed");
  await patient.says(/\(beginning from what is on disk\)/);
  await patient.up("victim");
  assertEquals(patient.status("victim").pid, pid, patient.said);
  await patient.recovered();
});

Deno.test("hexad status tells that another program stands at the path, until s6-svscan has become it", async () => {
  await using patient = await Patient.admit({ "victim/run!": SLEEP }, {
    toolset: ownCopy,
    healthy: ["victim"],
  });
  const { root } = patient.tree;
  const status = (): Promise<Result> => run(OURS.bin("hexad"), ["status", "-S", root]);
  assertEquals((await status()).stderr, "");
  const program = patient.tree.path(".bin/hexad");
  Deno.removeSync(program);
  assertEquals((await status()).stderr, "", "there is none to become");
  Deno.copyFileSync(OURS.bin("hexad"), program);
  const { code, stderr } = await status();
  assertEquals(code, 0);
  assertMatch(stderr, /^hexad status: warning: process \d+, which supervises, still runs /);
  assertStringIncludes(stderr, `${program} before; for the new one: hexad reexec -S ${root}\n`);
  await reexecuted(patient);
  assertEquals((await status()).stderr, "");
});
