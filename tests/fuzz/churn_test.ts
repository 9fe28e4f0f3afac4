/**
 * What clients, scripts and people do to services all day, in any order and all at once: bytes in
 * the control FIFOs, signals, rescans, directories that come, go and change their names. Afterwards
 * s6-svscan is the same process, each service obeys, and descriptors and memory are as before.
 */
import { signalProcess } from "../fixture/command.ts";
import type { TreeSpec } from "../fixture/tree.ts";
import { isRead, OpenFifo } from "../fault/fifo.ts";
import { BYSTANDER, Patient, SLEEP } from "../fault/patient.ts";
import type { Dice } from "./dice.ts";
import { findsTest, fuzzTest } from "./fuzz_test_case.ts";
import type { Fuzzer, Round } from "./fuzzer.ts";
import { bringUp, takeAway } from "./obeying.ts";
import { plantedSvscan } from "./planted.ts";

const SERVICES = ["web", "db", "job"];
const FILES: TreeSpec = {
  "web/run!": SLEEP,
  "web/finish!": "#!/bin/sh\nexit 0\n",
  "web/log/run!": "#!/bin/sh\nexec cat >/dev/null\n",
  "db/run!": "#!/bin/sh\necho >&3\nexec sleep 1000000\n",
  "db/notification-fd": "3\n",
  "db/timeout-kill": "1000\n",
  "job/run!": "#!/bin/sh\nexec sleep 0.1\n",
  "job/max-death-tally": "3\n",
};
const SUPERVISED = [...SERVICES, "web/log"];
const SIGNALS = [
  "SIGTERM",
  "SIGKILL",
  "SIGHUP",
  "SIGSTOP",
  "SIGCONT",
  "SIGUSR1",
  "SIGSEGV",
] as const;

/** Commands that end s6-svscan. */
const ENDING = new Set(Array.from("btiq", (letter) => letter.charCodeAt(0)));
const LETTERS = "udoOrRcpkthaq12xXDUQbyiM";

function noise(dice: Dice): Uint8Array<ArrayBuffer> {
  const letters = (): number => LETTERS.charCodeAt(dice.below(LETTERS.length));
  return dice.bytes(1 + dice.below(60)).map((byte) => dice.onceIn(3) ? byte : letters());
}

async function writeNoise(
  patient: Patient,
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  if (!patient.tree.exists(path)) return;
  {
    using fifo = new OpenFifo(patient.tree.path(path));
    fifo.write(bytes);
  }
  await isRead(patient.tree.path(path));
}

class Churn {
  readonly #patient: Patient;
  readonly #round: Round;
  /** Names that services have at the moment, by the names that they had at first. */
  readonly #names = new Map(SERVICES.map((name) => [name, name]));
  readonly #visitors: string[] = [];

  constructor(patient: Patient, round: Round) {
    this.#patient = patient;
    this.#round = round;
  }

  #service(): string {
    const name = this.#names.get(this.#round.dice.pick(SERVICES))!;
    return name.startsWith("web") && this.#round.dice.onceIn(3) ? `${name}/log` : name;
  }

  #rename(from: string, to: string): void {
    const { tree } = this.#patient;
    const [a, b] = [this.#names.get(from)!, this.#names.get(to)!];
    if (from === to) {
      const hidden = a.startsWith(".") ? a.slice(1) : `.${a}`;
      tree.rename(a, hidden);
      this.#names.set(from, hidden);
      return;
    }
    tree.rename(a, ".between");
    tree.rename(b, a);
    tree.rename(".between", b);
    this.#names.set(from, b).set(to, a);
  }

  async step(): Promise<void> {
    const { dice, step } = this.#round;
    const { tree, svscan } = this.#patient;
    switch (dice.below(9)) {
      case 0: {
        const [service, bytes] = [this.#service(), noise(dice)];
        step(`into ${service}/supervise/control: ${bytes}`);
        return await writeNoise(this.#patient, `${service}/supervise/control`, bytes);
      }
      case 1: {
        const bytes = noise(dice).filter((byte) => !ENDING.has(byte));
        step(`into .s6-svscan/control: ${bytes}`);
        return await writeNoise(this.#patient, ".s6-svscan/control", bytes);
      }
      case 2: {
        const [service, signal] = [this.#service(), dice.pick(SIGNALS)];
        step(`${signal} to ${service}`);
        if (!tree.exists(`${service}/supervise/status`)) return;
        const { pid } = this.#patient.status(service);
        return pid > 0 ? signalProcess(pid, signal) : undefined;
      }
      case 3:
        step("SIGALRM to s6-svscan");
        return svscan.signal("SIGALRM");
      case 4: {
        const letters = dice.pick(["-a", "-n", "-an", "-z", "-h"]);
        step(`s6-svscanctl ${letters}`);
        return void await this.#patient.client("s6-svscanctl", [letters], ".");
      }
      case 5:
      case 6: {
        const [from, to] = [dice.pick(SERVICES), dice.pick(SERVICES)];
        step(from === to ? `${from}: hidden, or shown again` : `${from} and ${to} change names`);
        return this.#rename(from, to);
      }
      case 7: {
        const name = `visitor${this.#visitors.push("") - 1}`;
        step(`${name} comes`);
        this.#visitors[this.#visitors.length - 1] = name;
        return tree.add({
          [`${name}/run!`]: dice.pick([SLEEP, "#!/bin/sh\nexit 1\n", "#!/nowhere/sh\n", ""]),
        });
      }
      default: {
        const name = this.#visitors.find((visitor) => tree.exists(visitor));
        step(`${name ?? "nobody"} is removed`);
        return name === undefined ? undefined : removeHard(this.#patient, name);
      }
    }
  }

  /** All as it was at first. */
  async settle(): Promise<void> {
    const { step } = this.#round;
    const { tree } = this.#patient;
    step("all names as at first");
    const names = [...this.#names].filter(([first, now]) => first !== now);
    for (const [first, now] of names) tree.rename(now, `.back-${first}`);
    for (const [first] of names) tree.rename(`.back-${first}`, first);
    await takeAway(this.#patient, this.#visitors);
    step("every service told to go on");
    await bringUp(this.#patient, SUPERVISED);
    await this.#patient.recovered();
  }
}

/** Its supervisor may be making files in it. */
function removeHard({ tree }: Patient, name: string): void {
  try {
    tree.remove(name);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}

const STEPS = 30;

const CHURN: Fuzzer = {
  name: "churn",
  file: "tests/fuzz/churn_test.ts",
  async play(round): Promise<void> {
    await using patient = await Patient.admit(FILES, {
      healthy: ["web", "db", "web/log"],
      toolset: () => round.ours,
    });
    const churn = new Churn(patient, round);
    for (let count = 10 + round.dice.below(STEPS); count > 0; count--) {
      await churn.step();
      if (round.dice.onceIn(5)) await patient.killAndReturn(BYSTANDER);
    }
    await churn.settle();
  },
};

fuzzTest(CHURN);

findsTest(CHURN, {
  what: "an s6-svscan that keeps a descriptor of each start",
  plant: () => plantedSvscan("leak"),
  says: /as many descriptors as before/,
});
findsTest(CHURN, {
  what: "an s6-svscan that ends",
  plant: () => plantedSvscan("end"),
  says: /waited|is dead|event|exited/,
});
