/** The utilities about processes: s6-maximumtime, s6-nice, s6-nuke, s6-pause, s6-sleep, s6-sync. */
import { assert, assertEquals } from "@std/assert";
import { start } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import { niceness } from "./niceness.ts";
import { testUtility } from "./utility_case.ts";

requireToolset(OURS);

const CHILD_TELLS =
  `trap 'echo got TERM; exit 3' TERM; trap 'echo got USR1; exit 3' USR1; while :; do sleep 0.02; done`;

testUtility("s6-maximumtime", [
  { args: ["10000", "true"] },
  { args: ["10000", "sh", "-c", "cat; exit 7"], stdin: "in", stdout: "in", code: 7 },
  { args: ["0", "echo", "x"], stdout: "x\n" },
  { args: ["-k", "4294967295", "s6-echo", "ours"], stdout: "ours\n" },
  {
    args: ["10000", "sh", "-c", "kill -9 $$"],
    code: 111,
    stderr: /^s6-maximumtime: fatal: sh was killed by SIGKILL$/m,
  },
  {
    args: ["50", "sleep", "1000"],
    code: 99,
    stderr: /^s6-maximumtime: fatal: sleep has not ended after 50 milliseconds$/m,
  },
  // cat ends when the child is gone, and has what it said at the end
  { shell: `"$0" 300 sh -c "${CHILD_TELLS}" 2>/dev/null | cat`, stdout: "got TERM\n" },
  { shell: `"$0" -k1 300 sh -c "${CHILD_TELLS}" 2>/dev/null | cat`, stdout: "got USR1\n" },
  {
    shell: `"$0" -0 20 sh -c 'sleep 0.3; echo still here' 2>/dev/null | cat`,
    stdout: "still here\n",
  },
  {
    args: ["10000", "nobody-has-this"],
    code: 111,
    stderr: /unable to spawn nobody-has-this: No such file/,
  },
  { args: ["soon", "true"], code: 100, stderr: /invalid time: soon/ },
  { args: ["100"], code: 100, stderr: /a time and a program are needed/ },
  { args: ["-z", "1", "true"], code: 100, stderr: /unknown option: -z/ },
]);

testUtility("s6-nice", [
  { args: ["nice"], stdout: niceness(10), like: ["nice", "nice"] },
  { args: ["-n", "3", "nice"], stdout: niceness(3) },
  { args: ["-n", "+3", "s6-nice", "-n", "4", "nice"], stdout: niceness(7) },
  { args: ["-n", "1000", "nice"], stdout: niceness(1000) },
  { args: ["-n", "-5", "nice"], stdout: niceness(-5) },
  {
    shell: `exec setpriv --reuid=65534 --regid=65534 --clear-groups "$0" -n -5 nice`,
    stdout: niceness(0),
    stderr: /^s6-nice: warning: unable to add -5 to the niceness: Operation not permitted$/m,
  },
  {
    shell: `exec setpriv --reuid=65534 --regid=65534 --clear-groups "$0" -i -n -5 nice`,
    code: 111,
    stderr: /^s6-nice: fatal: unable to add -5/m,
  },
  { args: ["nobody-has-this"], code: 127, stderr: /unable to exec nobody-has-this/ },
  { args: ["-n", "1.5", "nice"], code: 100, stderr: /invalid value: 1\.5/ },
  { args: ["-n", "5"], code: 100, stderr: /a program is needed/ },
]);

testUtility("s6-sleep", [
  { args: ["0"] },
  { args: ["-m", "20", "echo", "x"], stdout: "x\n" },
  { args: ["0", "s6-sleep", "-m", "1", "false"], code: 1 },
  { args: ["0", "nobody-has-this"], code: 127, stderr: /unable to exec nobody-has-this/ },
  { args: ["-1"], code: 100, stderr: /unknown option: -1/ },
  { args: ["1.5"], code: 100, stderr: /invalid duration: 1\.5/ },
  { args: [], code: 100, stderr: /no duration given/ },
]);

Deno.test("s6-sleep: a signal that doesn't end it doesn't end the sleep either", async () => {
  const clock = performance.now();
  await using sleeper = start(OURS.bin("s6-sleep"), ["-m", "400"]);
  sleeper.kill("SIGCONT");
  sleeper.kill("SIGWINCH");
  assertEquals(await sleeper.ended(), 0);
  assert(performance.now() - clock >= 400);
});

testUtility("s6-sync", [{}, { args: ["x"] }]);

testUtility("s6-pause", [
  { args: ["-p", "x"], code: 100, stderr: /invalid list of signals: x/ },
  { args: ["-p", "1,two"], code: 100, stderr: /invalid list of signals/ },
  {
    args: ["-p", Array.from({ length: 65 }, () => "1").join(",")],
    code: 100,
    stderr: /more than 64 signals/,
  },
  { args: ["-x"], code: 100, stderr: /unknown option: -x/ },
]);

/** The signals that a process ignores. */
async function ignoredBy(pid: number): Promise<number[]> {
  const mask = BigInt(
    `0x${/^SigIgn:\s*([0-9a-f]+)$/m.exec(await Deno.readTextFile(`/proc/${pid}/status`))![1]}`,
  );
  return Array.from({ length: 64 }, (_, i) => i + 1).filter((signal) =>
    (mask >> BigInt(signal - 1) & 1n) === 1n
  );
}

/** Who sleeps in pause(2), number 34 on x86-64. */
async function isPaused(pid: number): Promise<boolean> {
  return (await Deno.readTextFile(`/proc/${pid}/syscall`)).startsWith("34 ");
}

const IGNORED: readonly (readonly [args: readonly string[], signals: readonly number[]])[] = [
  [[], []],
  [["-t", "-h"], [1, 15]],
  [["-aqbi"], [2, 3, 6, 14]],
  [["-p", "10,12:64", "-t"], [10, 12, 15, 64]],
];
/** SIGPIPE, which the runtime ignores in every process, and what the C library keeps for itself. */
const NOT_OURS: readonly number[] = [13, 32, 33];

for (const [args, signals] of IGNORED) {
  Deno.test(`s6-pause ${args.join(" ")}: waits, ignores ${signals.join(" ") || "nothing"}, and dies of another`, async () => {
    await using pausing = start(OURS.bin("s6-pause"), args);
    await eventually("the pause", () => isPaused(pausing.pid));
    assertEquals(
      (await ignoredBy(pausing.pid)).filter((signal) => !NOT_OURS.includes(signal)),
      signals,
    );
    pausing.kill("SIGUSR2");
    if (signals.includes(12)) pausing.kill("SIGUSR1");
    pausing.kill("SIGHUP");
    if (signals.includes(1)) pausing.kill("SIGINT");
    assert([128 + 12, 128 + 1].includes(await pausing.ended()));
  });
}

/**
 * In a PID namespace of its own, where everybody is whoever the script starts. Shells tell there
 * who was killed; nobody wants to know.
 */
function alone(script: string): string {
  return `exec unshare --pid --fork --kill-child --mount-proc sh -c 'exec 3>&2 2>/dev/null; ${script}' "$0"`;
}

/**
 * A process that tells what it gets; it is ready, and has got SIGHUP, when there is something to
 * read from `ready`.
 */
const VICTIM = `mkfifo ready
sh -c "trap \\"echo hangup; echo >ready\\" HUP; trap \\"echo terminated; exit\\" TERM; echo >ready; while :; do sleep 0.02; done" &
read x <ready`;

testUtility("s6-nuke", [
  { shell: alone(`${VICTIM}; "$0"; echo $?; kill -9 $!`), stdout: "0\n" },
  {
    shell: alone(`${VICTIM}; "$0" -h; code=$?; read x <ready; echo $code; "$0" -t; wait`),
    stdout: "hangup\n0\nterminated\n",
  },
  { shell: alone(`sleep 1000 & "$0" -k; echo $?; wait $!; echo $?`), stdout: "0\n137\n" },
  { shell: alone(`sleep 1000 & kill -STOP $!; "$0" -t; wait $!; echo $?`), stdout: "143\n" },
  // nobody is there but PID 1 and itself
  {
    shell: alone(`"$0" -h 2>&3`),
    code: 111,
    stderr: /^s6-nuke: fatal: unable to kill: No such process$/m,
  },
  { args: ["-x"], code: 100, stderr: /unknown option: -x/ },
]);
