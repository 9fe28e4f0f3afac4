/**
 * A limit of file sizes (ulimit -f): what is beyond it fails with EFBIG, as a warning of that
 * service or log; nobody dies of SIGXFSZ.
 */
import { assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { SIGXFSZ } from "../../lib/core/linux/signals.ts";
import { run } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { isAlive } from "../fixture/processes.ts";
import { archivesOf, lastLogged, logFiles, numberedLines } from "./log_lines.ts";
import { Patient, SLEEP, STACK_TRACE } from "./patient.ts";
import { ORDERED_PRODUCER } from "./producers.ts";
import { RunningLogger } from "./running_logger.ts";

/** Less than the script's size, and no multiple of a line's. */
const LIMIT_BYTES = 2001;

async function limit(pid: number, bytes: number | "unlimited"): Promise<void> {
  const { code, stderr } = await run("prlimit", [
    "--pid",
    String(pid),
    `--fsize=${bytes}:unlimited`,
  ]);
  assertEquals(code, 0, stderr);
}

function ignoresSignal(pid: number, signal: number): boolean {
  const mask = /^SigIgn:\s*([0-9a-f]+)$/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))![1]!;
  return (BigInt(`0x${mask}`) >> BigInt(signal - 1) & 1n) === 1n;
}

Deno.test("a limit of file sizes on s6-svscan: services are restarted, with warnings; without it their status is right again", async () => {
  await using patient = await Patient.admit({ "web/run!": SLEEP, "web/finish!": "#!/bin/sh\n" }, {
    healthy: ["web"],
  });
  await limit(patient.pid, 0);
  const { pid } = patient.status("web");
  Deno.kill(pid, "SIGKILL");
  await patient.says(/s6-supervise web: warning: unable to write status file: File too large/);
  await patient.says(
    /s6-supervise web: warning: unable to update supervise\/death_tally: File too large/,
  );
  await limit(patient.pid, "unlimited");
  await patient.recovered();
});

Deno.test("a limit of file sizes on a log host: each log is rotated there, and no line is lost", async () => {
  const names = ["a", "b"];
  const spec = Object.assign(
    {},
    ...names.map((name) => ({
      [`${name}/run!`]: ORDERED_PRODUCER,
      [`${name}/go|`]: "",
      [`${name}/log/logscript`]: "n1000 s20000 ./lines",
    })),
  );
  await using patient = await Patient.admit(spec, { healthy: ["a", "b", "a/log", "b/log"] });
  const host = patient.status("a/log").pid;
  await limit(host, LIMIT_BYTES);
  const lines = 200;
  for (const name of names) Deno.writeTextFileSync(patient.tree.path(`${name}/go`), `${lines}\n`);
  for (const name of names) {
    const logdir = patient.tree.path(`${name}/log/lines`);
    await eventually(`line ${lines} of ${name}`, () => lastLogged(logdir) === lines);
    assertEquals(logFiles(logdir).join(""), numberedLines(lines));
    for (const archive of archivesOf(logdir)) {
      assertEquals(Deno.statSync(`${logdir}/${archive}`).size <= LIMIT_BYTES, true, archive);
    }
    await patient.says(
      new RegExp(
        `s6-supervise ${name}/log: warning: unable to write to ./lines/current: File too large`,
      ),
    );
  }
  assertEquals(names.map((name) => patient.status(`${name}/log`).pid), [host, host]);
  await patient.recovered();
});

Deno.test("a limit of file sizes on s6-log: rotated there, and no line is lost", async () => {
  await using logger = await RunningLogger.start(["n1000", "s20000", "./log"], {
    under: ["prlimit", `--fsize=${LIMIT_BYTES}`],
  });
  await logger.feed(1000);
  await logger.says(/warning: unable to write to \.\/log\/current: File too large/);
  assertEquals(await logger.end(), 0, logger.said);
  const files = logFiles(logger.logdir);
  assertEquals(files.join(""), numberedLines(1000));
  assertEquals(
    files.filter((text) => !text.endsWith("\n")).length,
    1,
    "files that end within a line: only the first one can",
  );
});

Deno.test("a limit of file sizes from the start on: s6-svscan runs, and what it starts has the default for SIGXFSZ", async () => {
  await using patient = await Patient.admit({
    ".s6-svscan/finish!": "#!/bin/sh\nexec grep ^SigIgn /proc/self/status\n",
  }, {
    under: ["prlimit", "--fsize=4096"],
  });
  assertEquals(ignoresSignal(patient.pid, SIGXFSZ), true);
  assertEquals(ignoresSignal(patient.status("bystander").pid, SIGXFSZ), false);
  await patient.recovered();
  const { pid } = patient;
  await patient.svscan.stop();
  assertEquals(isAlive(pid), false);
  const mask = BigInt(`0x${/SigIgn:\s*([0-9a-f]+)/.exec(patient.said)![1]}`);
  assertEquals(mask >> BigInt(SIGXFSZ - 1) & 1n, 0n);
  assertMatch(patient.said, /SigIgn/);
  assertNotMatch(patient.said, STACK_TRACE);
});
