/**
 * Standard output that nobody reads, while hosted logs write to it: supervision goes on, other logs
 * do, and so does what a log stores elsewhere. A log that has nothing but the output makes its
 * service wait, as a service that writes to it by itself does.
 */
import { assert, assertEquals } from "@std/assert";
import { eventually } from "../fixture/deadline.ts";
import type { TreeSpec } from "../fixture/tree.ts";
import { OpenFifo } from "./fifo.ts";
import { assertComplete, lastLogged } from "./log_lines.ts";
import { Patient } from "./patient.ts";
import { eagerProducer, heldBack, ORDERED_PRODUCER } from "./producers.ts";

const LINE_BYTES = 200;

/** A standard output whose reader reads when the test says so. */
class Stuck implements Disposable {
  readonly #fifo: OpenFifo;
  /** All that was read. */
  text = "";

  constructor(path: string) {
    this.#fifo = new OpenFifo(path);
  }

  async readUntil(pattern: RegExp): Promise<void> {
    await eventually(
      `${pattern} on standard output; its end is ${JSON.stringify(this.text.slice(-200))}`,
      () => {
        this.take();
        return pattern.test(this.text);
      },
    );
  }

  /** Reads what is there. */
  take(): void {
    this.text += this.#fifo.drain();
  }

  [Symbol.dispose](): void {
    this.#fifo[Symbol.dispose]();
  }
}

async function withStuckOutput(
  spec: TreeSpec,
  healthy: readonly string[],
  body: (patient: Patient, output: Stuck) => Promise<void>,
): Promise<void> {
  let output: Stuck | undefined;
  await using patient = await Patient.admit({ "out|": "", ...spec }, {
    healthy,
    redirect: "1<>out",
    prepare: (tree) => output = new Stuck(tree.path("out")),
  });
  using stuck = output!;
  await body(patient, stuck);
}

function last(patient: Patient, service: string): number {
  return lastLogged(patient.tree.path(`${service}/log/lines`));
}

Deno.test("stdout is not read: a log that is stored too goes on without it, and later the reader is told how many lines he has missed", async () => {
  const spec = {
    "web/run!": ORDERED_PRODUCER,
    "web/go|": "",
    "web/log/logscript": "n1000 s4000000 ./lines o",
  };
  await withStuckOutput(spec, ["web", "web/log"], async (patient, output) => {
    await patient.tree.feed("web/go", "200000\n"); // 10 MB, more than all pipes and bounds take
    await eventually("every line in the directory", () => last(patient, "web") === 200000);
    assertComplete(patient.tree.path("web/log/lines"), 200000);
    await patient.command("a", "web/log");
    await output.readUntil(/^web \| hexad: [0-9]+ lines are left out here, since nobody read$/m);
    await patient.tree.feed("web/go", "10\n");
    await output.readUntil(/^web \| 200010 x*\n/m);
    const lines = output.text.split("\n").slice(0, -1);
    const noted = lines.findIndex((line) => line.includes("left out"));
    const missing = Number(/\d+/.exec(lines[noted]!)![0]);
    const numbers = lines.filter((_, i) => i !== noted).map((line) =>
      Number(/^web \| (\d+) x*$/.exec(line)?.[1])
    );
    assertEquals(numbers.slice(0, noted).findIndex((number, i) => number !== i + 1), -1);
    assertEquals(
      numbers.slice(noted).findIndex((number, i) => number !== noted + missing + i + 1),
      -1,
    );
    assertEquals(numbers.at(-1), 200010);
    patient.measure();
    await patient.recovered();
  });
});

Deno.test("stdout is not read: a service whose log is nothing else waits, the others don't, and nothing of it is lost", async () => {
  const spec = {
    "loud/run!": eagerProducer(LINE_BYTES),
    "loud/log/logscript": "o",
    "web/run!": ORDERED_PRODUCER,
    "web/go|": "",
    "web/log/logscript": "n1000 s100000 ./lines",
  };
  await withStuckOutput(spec, ["loud", "loud/log", "web", "web/log"], async (patient, output) => {
    await eventually("it to be held back", heldBack(patient.status("loud").pid));
    await patient.tree.feed("web/go", "3000\n");
    await eventually("every line of the other", () => last(patient, "web") === 3000);
    await patient.killAndReturn("bystander");
    Deno.kill(patient.status("loud").pid, "SIGTERM");
    await output.readUntil(/^loud \| 2000 /m);
    await eventually("the producer to end", () => {
      output.take();
      return patient.tree.exists("loud/count");
    });
    const count = Number(patient.tree.text("loud/count"));
    await output.readUntil(new RegExp(`^loud \\| ${count} x*\\n`, "m"));
    const lines = output.text.split("\n").slice(0, -1);
    assertEquals(lines.findIndex((line, i) => !line.startsWith(`loud | ${i + 1} `)), -1);
    assertEquals(lines.length, count);
    patient.measure();
    await patient.recovered();
  });
});

Deno.test("stdout is not read: at the end nobody waits for the reader", async () => {
  const spec = {
    "loud/run!": "#!/bin/sh\nexec yes\n",
    "loud/log/logscript": "o",
    "web/run!": "#!/bin/sh\nexec yes\n",
    "web/log/logscript": "oj ./lines",
  };
  await withStuckOutput(spec, ["loud", "loud/log", "web", "web/log"], async (patient) => {
    await eventually("it to be held back", heldBack(patient.status("loud").pid));
    assertEquals(await patient.svscan.stop(), 0);
    await patient.says(
      /s6-supervise loud\/log: warning: nobody reads standard output: \d+ bytes of the last lines are lost/,
    );
    assert((Deno.statSync(patient.tree.path("web/log/lines/current")).mode! & 0o100) !== 0);
  });
});
