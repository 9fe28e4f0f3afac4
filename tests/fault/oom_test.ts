/**
 * Deaths for want of memory: told from other deaths by SIGKILL. By the kernel itself, where a
 * control group can be made; and by its count in the files of a container, as they are where
 * cgroups are of version 2, of version 1, or not there.
 */
import { assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { run, signalProcess } from "../fixture/command.ts";
import { subscribe } from "../fixture/events.ts";
import { OURS } from "../fixture/toolset.ts";
import type { TreeSpec } from "../fixture/tree.ts";
import { MemoryLimit, memoryLimitRefusal } from "./memory_limit.ts";
import { Patient, SLEEP } from "./patient.ts";
import { refusalOf, testUnless } from "./refusal.ts";

const LIMIT_BYTES = 200e6;
const WARNING = "s6-supervise hungry: warning: the service was killed by the kernel: out of memory";

/**
 * Takes more than there is once somebody writes to the FIFO `go`; the kernel is to choose it and
 * nobody else.
 */
const HUNGRY = `open my $f, ">", "/proc/self/oom_score_adj" or die; print $f 1000; close $f;
open my $go, "<", "go"; <$go>; my @all; push @all, "x" x 1e7 while 1;`;

const DIRECTLY = `#!/usr/bin/perl\n${HUNGRY}\n`;
const IN_A_SHELL = `#!/bin/sh\nperl -e '${HUNGRY}'\nexit $?\n`;

async function ours(patient: Patient, program: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(OURS.bin(program), args, { cwd: patient.tree.root });
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  return stdout.trimEnd();
}

for (
  const [what, script, line] of [
    ["a service that the kernel has killed for want of memory", DIRECTLY, "signal SIGKILL"],
    ["a shell that says so of its program (137)", IN_A_SHELL, "exitcode 137"],
  ] as const
) {
  testUnless(
    memoryLimitRefusal(),
    `${what}: told, on record, restarted; C's clients see what they always saw`,
    async () => {
      using limit = new MemoryLimit(LIMIT_BYTES);
      const spec: TreeSpec = {
        "hungry/run!": script,
        "hungry/go|": "",
        "hungry/restart-delay": "3600000\n",
      };
      await using patient = await Patient.admit(spec, { healthy: ["hungry"], under: limit.under });
      await using events = subscribe(patient.tree.path("hungry/event"));
      await patient.tree.feed("hungry/go", "\n");
      await events.expect("dD");
      await patient.says(new RegExp(WARNING));
      assertMatch(
        await ours(patient, "s6-svstat", "hungry"),
        /^down \(.*, out of memory, next start in \d+ seconds$/,
      );
      assertEquals(await ours(patient, "s6-svstat", "-o", "oom", "hungry"), "true");
      assertMatch(
        await ours(patient, "s6-svdt", "-r", "hungry"),
        new RegExp(`^@[0-9a-f]{24} ${line} oom next=@[0-9a-f]{24}$`),
      );
      assertNotMatch((await patient.client("s6-svstat", [], "hungry")).stdout, /memory/);
      assertMatch(
        (await patient.client("s6-svdt", [], "hungry")).stdout,
        new RegExp(`^@[0-9a-f]{24} ${line}\n$`),
      );
      patient.tree.add({ "hungry/run!": SLEEP });
      await patient.command("u", "hungry");
      await patient.up("hungry");
      signalProcess(patient.status("hungry").pid, "SIGKILL");
      await patient.down("hungry");
      assertEquals(await ours(patient, "s6-svstat", "-o", "oom", "hungry"), "false");
      patient.tree.remove("hungry/restart-delay");
      await patient.command("u", "hungry");
      await patient.recovered();
    },
  );
}

const NAMESPACE_REFUSAL = refusalOf("unshare", [
  "-m",
  "mount",
  "-t",
  "tmpfs",
  "none",
  "/sys/fs/cgroup",
]);

/** Words before a program: it sees these files of its own instead of the machine's cgroups. */
function inCgroup(line: string, directory: string): readonly string[] {
  const script =
    `mount -t tmpfs none /sys/fs/cgroup && mkdir -p /sys/fs/cgroup${directory} && mount --bind "$FAKE" /sys/fs/cgroup${directory} &&
printf '%s\\n' '${line}' >"$FAKE/self" && mount --bind "$FAKE/self" /proc/$$/cgroup && exec "$@"`;
  return ["unshare", "-m", "sh", "-c", script, "sh"];
}

for (
  const [what, line, directory, file] of [
    ["version 2, in a namespace", "0::/", "", "memory.events"],
    ["version 2, the host's path", "0::/docker/abc", "/docker/abc", "memory.events"],
    [
      "version 2, the host's path, and what is mounted is our own",
      "0::/docker/abc",
      "",
      "memory.events",
    ],
    ["version 1", "4:memory:/docker/abc", "/memory/docker/abc", "memory.oom_control"],
  ] as const
) {
  testUnless(
    NAMESPACE_REFUSAL,
    `cgroups of ${what}: SIGKILL is the kernel's if its count has risen, and somebody's if not`,
    async () => {
      const fake = Deno.makeTempDirSync({ prefix: "hexad-cgroup-" });
      try {
        Deno.writeTextFileSync(`${fake}/${file}`, "max 0\noom_kill 5\n");
        await using patient = await Patient.admit({ "hungry/run!": SLEEP }, {
          healthy: ["hungry"],
          env: { FAKE: fake },
          under: inCgroup(line, directory),
        });
        await patient.killAndReturn("hungry");
        assertNotMatch(patient.said, /out of memory/);
        Deno.writeTextFileSync(`${fake}/${file}`, "max 9\noom_kill 6\n");
        await patient.killAndReturn("hungry");
        await patient.says(new RegExp(WARNING));
        await patient.killAndReturn("hungry");
        assertEquals(patient.said.match(/out of memory/g)?.length, 1);
        const lines = (await ours(patient, "s6-svdt", "-r", "hungry")).split("\n").map((death) =>
          death.replace(/^@\S+ /, "")
        );
        assertEquals(lines, ["signal SIGKILL", "signal SIGKILL oom", "signal SIGKILL"]);
        await patient.recovered();
      } finally {
        Deno.removeSync(fake, { recursive: true });
      }
    },
  );
}

testUnless(NAMESPACE_REFUSAL, "no cgroups at all: SIGKILL is SIGKILL", async () => {
  const under = [
    "unshare",
    "-m",
    "sh",
    "-c",
    'mount -t tmpfs none /sys/fs/cgroup && exec "$@"',
    "sh",
  ];
  await using patient = await Patient.admit({ "hungry/run!": SLEEP }, {
    healthy: ["hungry"],
    under,
  });
  await patient.killAndReturn("hungry");
  assertNotMatch(patient.said, /out of memory/);
  await patient.recovered();
});
