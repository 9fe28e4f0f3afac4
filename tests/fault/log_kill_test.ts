/**
 * A logger that is killed with SIGKILL while s6-svscan holds its pipe. What was in the pipe is
 * there afterwards, what the logger had written too. What it had read and not written is lost: at
 * most the block that it was reading (256 KiB), and what waited for the disk or for a processor
 * (PENDING_LIMIT, 2 MiB).
 */
import { assert, assertEquals, assertGreater, assertLessOrEqual } from "@std/assert";
import { BLOCK_SIZE, PENDING_LIMIT } from "../../lib/logdir/engine.ts";
import { eventually } from "../fixture/deadline.ts";
import { OURS } from "../fixture/toolset.ts";
import { archivesOf, assertComplete, gapsOf, lastLogged, logFiles } from "./log_lines.ts";
import { Patient } from "./patient.ts";
import { eagerProducer, heldBack, ORDERED_PRODUCER } from "./producers.ts";

const S6_LOG = OURS.bin("s6-log");

function logger(script: string): string {
  return `#!/bin/sh\nexec ${S6_LOG} ${script}\n`;
}

async function order(patient: Patient, lines: number): Promise<void> {
  await patient.tree.feed("db/go", `${lines}\n`);
}

function killLogger(patient: Patient): void {
  Deno.kill(patient.status("db/log").pid, "SIGKILL");
}

/**
 * Waits until no rotation is under way. What a processor has made stands in `processed` for a
 * moment after `previous` has gone.
 */
async function stored(patient: Patient): Promise<void> {
  const isOver = (): boolean =>
    !["previous", "processed"].some((name) => patient.tree.exists(`db/log/lines/${name}`));
  await eventually("the last rotation to end", isOver);
}

Deno.test("killed with nothing in its buffer, 6 times: every line is there once and in order, those written while it was dead too", async () => {
  const spec = {
    "db/run!": ORDERED_PRODUCER,
    "db/go|": "",
    "db/log/run!": logger("n1000 s4096 ./lines"),
  };
  await using patient = await Patient.admit(spec, { healthy: ["db", "db/log"] });
  const logdir = patient.tree.path("db/log/lines");
  let last = 0;
  for (let round = 0; round < 6; round++) {
    const { pid } = patient.status("db/log");
    await order(patient, 150);
    last += 150;
    await eventually(`line ${last}`, () => lastLogged(logdir) === last);
    if (round % 2 === 0) {
      killLogger(patient);
    } else { // it is stopped first, so that lines wait in the pipe when it dies
      Deno.kill(pid, "SIGSTOP");
      await order(patient, 50);
      last += 50;
      killLogger(patient);
    }
    await eventually("another logger", () => ![0, pid].includes(patient.status("db/log").pid));
  }
  await eventually(`line ${last}`, () => lastLogged(logdir) === last);
  assertComplete(logdir, last);
  assertGreater(archivesOf(logdir).filter((name) => name.endsWith(".u")).length, 2);
  patient.measure();
  await patient.recovered();
});

Deno.test("killed while lines come in bursts that fill the pipe, 6 times: what is there is in order, and no more is missing than a block for each kill", async () => {
  const lengthBytes = 500;
  // never full: while a full file is being stored, more than a block may wait
  const spec = {
    "db/run!": eagerProducer(lengthBytes, 400),
    "db/log/run!": logger("n1000 s268435455 ./lines"),
  };
  await using patient = await Patient.admit(spec, { healthy: ["db", "db/log"] });
  const logdir = patient.tree.path("db/log/lines");
  for (let kills = 0; kills < 6; kills++) {
    const { pid } = patient.status("db/log");
    const before = lastLogged(logdir);
    await eventually("lines to arrive", () => lastLogged(logdir) > before + 2000);
    killLogger(patient);
    await eventually("another logger", () => ![0, pid].includes(patient.status("db/log").pid));
  }
  Deno.kill(patient.status("db").pid, "SIGTERM");
  await eventually("the producer to end", () => patient.tree.exists("db/count"));
  const count = Number(patient.tree.text("db/count"));
  await eventually(`line ${count}`, () => lastLogged(logdir) === count);
  await stored(patient);
  const gaps = gapsOf(logdir, /^\d+ x*$/).map(({ missingLines }) => missingLines * lengthBytes);
  assertLessOrEqual(gaps.length, 6);
  // a line that was cut in two by the kill counts as missing as well
  for (const gap of gaps) assertLessOrEqual(gap, BLOCK_SIZE + 2 * lengthBytes);
});

Deno.test("killed while a processor holds everything up: what waited is lost, at most 2 MiB and a block; the rest is there", async () => {
  const lengthBytes = 4000;
  const spec = {
    "db/run!": eagerProducer(lengthBytes),
    "db/log/run!": logger(
      "n10000 s1000000 '?[ -e ../go ] || exec sleep 1000000; exec cat' ./lines",
    ),
  };
  await using patient = await Patient.admit(spec, { healthy: ["db", "db/log"] });
  const logdir = patient.tree.path("db/log/lines");
  await eventually(
    "a full current beside a processor",
    () => patient.tree.exists("db/log/lines/processed") && lastLogged(logdir) > 450,
  );
  const { pid } = patient.status("db/log");
  const producer = patient.status("db").pid;
  await eventually("the producer to be held back", heldBack(producer));
  patient.tree.add({ "db/log/go": "" });
  killLogger(patient);
  await eventually("another logger", () => ![0, pid].includes(patient.status("db/log").pid));
  const before = lastLogged(logdir);
  await eventually("lines to arrive, more than are lost", () => lastLogged(logdir) > before + 2000);
  Deno.kill(producer, "SIGTERM");
  await eventually("the producer to end", () => patient.tree.exists("db/count"));
  const count = Number(patient.tree.text("db/count"));
  await eventually(`line ${count}`, () => lastLogged(logdir) === count);
  await stored(patient);
  const gaps = gapsOf(logdir, /^\d+ x*$/);
  assertEquals(gaps.length, 1, JSON.stringify(gaps));
  const lostBytes = gaps[0]!.missingLines * lengthBytes;
  assertLessOrEqual(lostBytes, PENDING_LIMIT + BLOCK_SIZE + 2 * lengthBytes, JSON.stringify(gaps));
  assertGreater(lostBytes, PENDING_LIMIT - BLOCK_SIZE, "the test has not filled the buffer");
  assert(logFiles(logdir).length > 2);
});
