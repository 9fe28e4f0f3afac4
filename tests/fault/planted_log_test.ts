/**
 * Things that the owner of a log directory has planted in it, of every kind and under every name
 * that a logger opens there: before the start, and while it writes. The logger is root's, and so is
 * what the links lead to. One log host runs a log for each kind and name, and the probe: its lines
 * come, the others' too, and what is behind a link has neither been written to nor been given
 * another mode.
 */
import { assertEquals, assertNotMatch } from "@std/assert";
import { run } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import {
  type Plant,
  plant,
  PLANT_GROUPS,
  type PlantKind,
  plantsRefusal,
} from "../fixture/plants.ts";
import { OURS } from "../fixture/toolset.ts";
import type { Tree, TreeSpec } from "../fixture/tree.ts";
import { lastLogged } from "./log_lines.ts";
import { Patient, STACK_TRACE } from "./patient.ts";
import { ORDERED_PRODUCER } from "./producers.ts";
import { testUnless } from "./refusal.ts";

const LOGDIR = "lines";
const STATUS = "last";
const ARCHIVE = `${LOGDIR}/@400000006553f10000000000.s`;
const FILES = ["current", "lock", "state", "previous", "processed", "newstate"].map((name) =>
  `${LOGDIR}/${name}`
);
const PATHS = [...FILES, ARCHIVE, LOGDIR, STATUS, `${STATUS}.new`];
const SCRIPT = `n3 s4096 r50 =${STATUS} ?cat ./${LOGDIR}\n`;
const PROBE = "probe";
const NOBODY = 65534;
/** A file of lines is smaller; what is planted may be huge. */
const LARGEST = 1e6;
const LIMIT_MS = 60_000;

interface Place {
  readonly kind: PlantKind;
  readonly service: string;
  readonly path: string;
}

function placesOf(kinds: readonly PlantKind[]): readonly Place[] {
  return kinds.flatMap((kind, group) =>
    PATHS.map((path, index) => ({ kind, path, service: `ill${group}-${index}` }))
  );
}

function producers(services: readonly string[]): TreeSpec {
  const files = services.map((service) => ({
    [`${service}/run!`]: ORDERED_PRODUCER,
    [`${service}/go|`]: "",
    [`${service}/log/logscript`]: SCRIPT,
    [`${service}/log/${LOGDIR}/`]: "",
  }));
  return Object.assign({}, ...files);
}

/** The log directories belong to a user, in whose place the test plants. */
function plantAll(places: readonly Place[], tree: Tree): readonly Plant[] {
  Deno.mkdirSync(tree.path(".behind"), { recursive: true });
  return places.map(({ kind, service, path }) => {
    const directory = tree.path(service, "log");
    if (path !== LOGDIR) Deno.chownSync(`${directory}/${LOGDIR}`, NOBODY, NOBODY);
    return plant(
      kind,
      `${directory}/${path}`,
      tree.path(".behind", `${service} ${path.replaceAll("/", " ")}`),
    );
  });
}

/** The number of the last line that is stored; 0 if `current` has none, or is none. */
function lastStored(tree: Tree, service: string): number {
  const logdir = tree.path(service, "log", LOGDIR);
  try {
    const { isFile, size } = Deno.lstatSync(`${logdir}/current`);
    return isFile && size < LARGEST ? lastLogged(logdir) : 0;
  } catch {
    return 0;
  }
}

class Logs {
  readonly patient: Patient;
  readonly #places: readonly Place[];
  #fed = 0;

  constructor(patient: Patient, places: readonly Place[]) {
    this.patient = patient;
    this.#places = places;
  }

  /**
   * Those whose lines come all the same. Not where the directory itself is something else, and
   * there is nowhere for them to go; where an ordinary user can't help himself; where the processor
   * has been given a terabyte to read before the next lines can be stored.
   */
  get #storing(): readonly string[] {
    const places = this.#places.filter(({ kind, path }) =>
      path !== LOGDIR && kind !== "an unreadable file" &&
      !(kind === "a huge file" && path === `${LOGDIR}/current`)
    );
    return [PROBE, ...places.map(({ service }) => service)];
  }

  /** Enough for two rotations. */
  async feed(lines = 200): Promise<void> {
    const { tree } = this.patient;
    this.#fed += lines;
    for (const service of [PROBE, ...this.#places.map(({ service }) => service)]) {
      Deno.writeTextFileSync(tree.path(service, "go"), `${lines}\n`);
    }
    for (const service of this.#storing) {
      const what = `line ${this.#fed} of ${service} ${
        JSON.stringify(this.#places.find((place) => place.service === service))
      }`;
      await eventually(what, () => lastStored(tree, service) === this.#fed, LIMIT_MS);
    }
    await this.patient.killAndReturn("bystander");
  }

  /** What reads logs and states. */
  async look(): Promise<void> {
    const { root } = this.patient.tree;
    const readers = [["status", "-S", root], ["check", "-S", root], [
      "logs",
      "-S",
      root,
      "-n",
      "all",
    ], [
      "logs",
      "-S",
      root,
      "--since",
      "1h",
    ]];
    for (const words of readers) {
      // some of what is shown is a terabyte long
      const script = '"$@" | head -c 1000000 >/dev/null';
      const { code, stderr } = await run("/bin/sh", [
        "-c",
        script,
        "sh",
        OURS.bin("hexad"),
        ...words,
      ], { timeoutMs: LIMIT_MS });
      assertEquals(code, 0, words.join(" "));
      assertNotMatch(stderr, STACK_TRACE);
    }
  }
}

/** A log directory that is a link is allowed, and written in. */
function assertUntouched(plants: readonly Plant[]): void {
  for (const { path, assertUntouched } of plants) {
    if (!path.endsWith(`/${LOGDIR}`)) assertUntouched();
  }
}

for (const { name, kinds } of PLANT_GROUPS) {
  const places = placesOf(kinds);
  const services = [PROBE, ...places.map(({ service }) => service)];
  const spec = producers(services);
  const user = { ordinaryUser: kinds.includes("an unreadable file") };

  testUnless(
    plantsRefusal(kinds),
    `${name} under each name of a log directory before the start: every line is stored`,
    async () => {
      let plants: readonly Plant[] = [];
      const prepare = (tree: Tree): void => {
        plants = plantAll(places, tree);
      };
      await using patient = await Patient.admit(spec, { ...user, prepare });
      const isUp = (service: string): boolean =>
        patient.tree.exists(`${service}/supervise/status`) && patient.status(service).pid > 0;
      await eventually("the services", () => services.every(isUp), LIMIT_MS);
      patient.measure();
      const logs = new Logs(patient, places);
      await logs.feed();
      await logs.look();
      assertUntouched(plants);
      await patient.recovered();
    },
  );

  testUnless(
    plantsRefusal(kinds),
    `${name} under each name of a log directory while it is written to: every line is stored`,
    async () => {
      await using patient = await Patient.admit(spec, user);
      await eventually(
        "the loggers",
        () => services.every((service) => patient.tree.exists(`${service}/log/${LOGDIR}/lock`)),
        LIMIT_MS,
      );
      const logs = new Logs(patient, places);
      await logs.feed(1);
      const plants = plantAll(places, patient.tree);
      patient.measure();
      await logs.feed();
      await logs.look();
      assertUntouched(plants);
      await patient.recovered();
    },
  );
}
