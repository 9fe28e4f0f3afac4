/**
 * Things of every kind at paths that a supervisor, a scan or a client opens, several at a time,
 * before the start of a service and while it runs. The others go on; when what was planted is gone,
 * and its services with it, descriptors and memory are as before.
 */
import { assertNotMatch } from "@std/assert";
import { SERVICEDIR_FILES } from "../../lib/servicedir/core/servicedir_files.ts";
import { run } from "../fixture/command.ts";
import { plant, PLANT_KINDS, type PlantKind, plantRefusal } from "../fixture/plants.ts";
import type { TreeSpec } from "../fixture/tree.ts";
import { BYSTANDER, Patient, SLEEP, STACK_TRACE } from "../fault/patient.ts";
import { findsTest, fuzzTest } from "./fuzz_test_case.ts";
import type { Fuzzer, Round } from "./fuzzer.ts";
import { LIMIT_MS, takeAway } from "./obeying.ts";
import { plantedSvscan, PlantedTools } from "./planted.ts";

const FILES = Object.keys(SERVICEDIR_FILES);
const SERVICE_PATHS = [
  ...FILES,
  ...["lock", "control", "status", "death_tally", "status.new", "reason", "service-lock"].map((
    name,
  ) => `supervise/${name}`),
  "event/ftrig1:@4000000000000000:abcdef",
  ...["run", "finish", "supervise", "event", "notification-fd", "logscript", "down"].map((name) =>
    `log/${name}`
  ),
  "env/NAME",
  "data/check",
];
/**
 * What belongs to the scan directory: its FIFO and its lock are s6-svscan's own, without which
 * nobody could tell it anything.
 */
const SCANDIR_PATHS = ["crash", "finish", "SIGUSR1", "SIGHUP", "SIGWINCH"].map((name) =>
  `.s6-svscan/${name}`
);
const ODD_NAMES = ["odd", "odd/run", "s6-svscan-log"];
const CLIENTS: readonly (readonly string[])[] = [
  ["s6-svstat"],
  ["s6-svdt", "-r"],
  ["s6-svok"],
  ["s6-svc", "-r"],
  ["s6-svwait", "-t", "50", "-u"],
  ["hexad", "check"],
];
const DOCUMENTED = [0, 1, 3, 99, 100, 102, 111];
const ILL = ["ill0", "ill1", "ill2", "ill3"];
/** To root nothing is unreadable, and an ordinary user makes no device. */
const KINDS = PLANT_KINDS.filter((kind) => plantRefusal(kind) === undefined);

function serviceFiles(service: string): TreeSpec {
  return {
    [`${service}/run!`]: SLEEP,
    [`${service}/finish!`]: "#!/bin/sh\nexit 0\n",
    [`${service}/log/run!`]: "#!/bin/sh\nexec cat >/dev/null\n",
    [`${service}/timeout-kill`]: "1000\n",
  };
}

class Planting {
  readonly #patient: Patient;
  readonly #round: Round;
  readonly #scandirPlants = new Set<string>();

  constructor(patient: Patient, round: Round) {
    this.#patient = patient;
    this.#round = round;
  }

  /** Somewhere in a service, or in the scan directory. */
  plant(service: string): void {
    const { dice, step } = this.#round;
    const kind: PlantKind = dice.pick(KINDS);
    const inScandir = dice.onceIn(6);
    const path = inScandir
      ? dice.pick([...SCANDIR_PATHS, ...ODD_NAMES])
      : `${service}/${dice.pick(SERVICE_PATHS)}`;
    step(`${kind} at ${path}`);
    if (inScandir) this.#scandirPlants.add(path);
    this.plantAt(path, kind);
  }

  /** As said, where that is possible. */
  plantAt(path: string, kind: PlantKind): void {
    const place = this.#patient.tree.path(path);
    const parent = place.slice(0, place.lastIndexOf("/"));
    try {
      Deno.mkdirSync(parent, { recursive: true });
    } catch (error) {
      if (error instanceof Error) return; // something else has been planted there
      throw error;
    }
    Deno.mkdirSync(this.#patient.tree.path(".behind"), { recursive: true });
    this.#put(kind, place);
  }

  #put(kind: PlantKind, place: string): void {
    const behind = this.#patient.tree.path(".behind", crypto.randomUUID());
    try {
      plant(kind, place, behind);
    } catch (error) {
      // below a link or a device, or a supervisor was faster
      if (!(error instanceof Error) || !("code" in error || error.message.includes("unable to"))) {
        throw error;
      }
    }
  }

  /** All that opens files is made to. */
  async provoke(): Promise<void> {
    const { dice, step, ours } = this.#round;
    const { tree, svscan } = this.#patient;
    const service = dice.pick(ILL);
    switch (dice.below(4)) {
      case 0: {
        const signal = dice.pick(["SIGALRM", "SIGWINCH", "SIGALRM"] as const);
        step(`${signal} to s6-svscan`);
        return svscan.signal(signal);
      }
      case 1: {
        step("hexad status, hexad check");
        await this.#client(ours.bin("hexad"), ["status", "-S", tree.root]);
        return await this.#client(ours.bin("hexad"), ["check", "-S", tree.root]);
      }
      case 2: {
        return await this.ask(service, dice.pick(CLIENTS));
      }
      default: {
        const letters = dice.pick(["k", "r", "du", "DU", "h", "a", "1", "p", "c", "t"]);
        step(`s6-svc -${letters} ${service}`);
        return await this.#client(ours.bin("s6-svc"), [`-${letters}`, tree.path(service)]);
      }
    }
  }

  /** A client about a service. */
  async ask(service: string, [program = "", ...args]: readonly string[]): Promise<void> {
    this.#round.step(`${program} ${args.join(" ")} ${service}`);
    await this.#client(this.#round.ours.bin(program), [...args, this.#patient.tree.path(service)]);
  }

  async #client(path: string, args: readonly string[]): Promise<void> {
    const { code, stderr } = await run(path, args, { timeoutMs: LIMIT_MS });
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (!DOCUMENTED.includes(code)) {
      throw new Error(`${name} ${args.join(" ")} exited ${code}: ${stderr}`);
    }
    assertNotMatch(stderr, STACK_TRACE, name);
  }

  /** Everything that was planted is gone. */
  async clear(): Promise<void> {
    const { step } = this.#round;
    step("all of it is taken away");
    const { tree } = this.#patient;
    for (const path of this.#scandirPlants) {
      if (path.startsWith(".s6-svscan/") && tree.exists(path)) tree.remove(path);
    }
    await takeAway(this.#patient, [...ILL, "odd", "s6-svscan-log"]);
  }
}

const KINDS_FUZZER: Fuzzer = {
  name: "kinds of files",
  file: "tests/fuzz/kinds_test.ts",
  async play(round): Promise<void> {
    const { dice, step } = round;
    await using patient = await Patient.admit({}, { toolset: () => round.ours });
    const planting = new Planting(patient, round);
    for (const service of ILL) {
      patient.tree.add(serviceFiles(service));
      if (dice.onceIn(2)) {
        for (let count = dice.below(3); count > 0; count--) planting.plant(service);
      }
    }
    patient.svscan.signal("SIGALRM");
    for (let count = 8 + dice.below(20); count > 0; count--) {
      if (dice.onceIn(2)) planting.plant(dice.pick(ILL));
      else await planting.provoke();
      if (dice.onceIn(6)) {
        step("the bystander is killed");
        await patient.killAndReturn(BYSTANDER);
      }
    }
    await planting.clear();
    await patient.recovered();
  },
};

fuzzTest(KINDS_FUZZER);

findsTest(KINDS_FUZZER, {
  what: "an s6-svscan that prints a stack trace",
  plant: () => plantedSvscan("trace"),
  says: /TypeError: planted/,
});

/** One thing that a reader opens, and that reader; what else comes is chance's. */
const ONE_FIFO: Fuzzer = {
  name: "kinds of files",
  file: "tests/fuzz/kinds_test.ts",
  async play(round): Promise<void> {
    await using patient = await Patient.admit({}, { toolset: () => round.ours });
    const planting = new Planting(patient, round);
    patient.tree.add({ "ill0/supervise/": "" });
    planting.plantAt("ill0/supervise/status", "a FIFO");
    await planting.ask("ill0", ["s6-svstat"]);
  },
};

findsTest(ONE_FIFO, {
  what: "an s6-svstat that a FIFO stops for good",
  plant: () =>
    new PlantedTools({
      "s6-svstat":
        `for last; do :; done\n[ -f "$last/supervise/status" ] || exit 9\nexec "$REAL" "$@"`,
    }),
  says: /s6-svstat .* exited 9/,
});
