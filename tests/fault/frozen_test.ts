/**
 * Others that are stopped by SIGSTOP: a client, a service, a logger. Nobody else waits for them;
 * when they go on, nothing is lost.
 */
import { assertEquals } from "@std/assert";
import { run, start } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { isAlive } from "../fixture/processes.ts";
import { OURS } from "../fixture/toolset.ts";
import { assertComplete, lastLogged } from "./log_lines.ts";
import { Patient, SLEEP } from "./patient.ts";
import { stateLetter } from "./process_facts.ts";

/** SIGSTOP, until the process is stopped. */
async function freeze(pid: number): Promise<void> {
  Deno.kill(pid, "SIGSTOP");
  await eventually("the process to be stopped", () => stateLetter(pid) === "T");
}

Deno.test("a client is stopped while it waits: events go on past it, and when it goes on it tells what has come about", async () => {
  await using patient = await Patient.admit({ "other/run!": SLEEP }, { healthy: ["other"] });
  const fifodir = patient.tree.path("other/event");
  await using client = start(OURS.bin("s6-svwait"), ["-D", patient.tree.path("other")]);
  await eventually(
    "the client to listen",
    () => [...Deno.readDirSync(fifodir)].some(({ name }) => name.startsWith("ftrig1:@")),
  );
  await freeze(client.pid);
  await patient.command("d", "other");
  await eventually("the service to be down", () => patient.status("other").pid === 0);
  await patient.command("u", "other");
  await patient.up("other");
  client.kill("SIGCONT");
  assertEquals(await client.ended(), 0); // it was down once
  await patient.recovered();
});

Deno.test("a service is stopped: s6-svc -d ends it all the same, and others are restarted meanwhile", async () => {
  await using patient = await Patient.admit({ "ill/run!": SLEEP, "other/run!": SLEEP }, {
    healthy: ["ill", "other"],
  });
  const { pid } = patient.status("ill");
  await freeze(pid);
  await patient.killAndReturn("other");
  await patient.command("d", "ill");
  await patient.finished("ill");
  assertEquals(isAlive(pid), false);
  await patient.command("u", "ill");
  await patient.recovered();
});

Deno.test("a logger is stopped: its service waits when the pipe is full, nobody else does; it goes on, and every line is there", async () => {
  const lines = 50_000;
  // more than a pipe ever holds
  const writer = `#!/usr/bin/perl
$| = 1;
for my $n (1 .. ${lines}) { print "$n ", "x" x 60, "\\n" }
open(my $over, ">", "over"); close $over;
sleep 1000000;
`;
  await using patient = await Patient.admit({
    "web/run!": "#!/bin/sh\nread line <go\nexec ./writer\n",
    "web/go|": "",
    "web/writer!": writer,
    "web/log/run!": `#!/bin/sh\nexec ${OURS.bin("s6-log")} -d 3 -- n1000 s100000 ./log\n`,
    "web/log/notification-fd": "3\n",
    "other/run!": SLEEP,
  }, { healthy: ["other", "web", "web/log"] });
  const wait = await run(OURS.bin("s6-svwait"), ["-U", patient.tree.path("web/log")]);
  assertEquals(wait.code, 0);
  const { pid } = patient.status("web/log");
  await freeze(pid);
  await Deno.writeTextFile(patient.tree.path("web/go"), "go\n");
  await patient.killAndReturn("other");
  assertEquals(patient.tree.exists("web/over"), false);
  Deno.kill(pid, "SIGCONT");
  await eventually(
    "the last line",
    () => patient.tree.exists("web/over") && lastLogged(patient.tree.path("web/log/log")) === lines,
  );
  assertComplete(patient.tree.path("web/log/log"), lines);
  await patient.recovered();
});
