/**
 * Things that somebody has planted in service directories, of every kind and at every path that a
 * supervisor or a client opens: before the start, and while the services run. Nothing waits for
 * them, what is behind a link stays as it was, and a service that has none of them goes on: it is
 * what each test asks. A service for each kind and path, many under one s6-svscan.
 */
import { assert, assertNotMatch } from "@std/assert";
import { SERVICEDIR_FILES } from "../../lib/servicedir/core/servicedir_files.ts";
import { O_WRONLY } from "../../lib/core/linux/open_flags.ts";
import { close, write } from "../../lib/libc/file.ts";
import { tryOpenFifo } from "../../lib/libc/wary_open.ts";
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
import { BYSTANDER, Patient, SLEEP, STACK_TRACE } from "./patient.ts";
import { testUnless } from "./refusal.ts";

/** What clients read too. */
const TOLD = ["supervise/lock", "supervise/control", "supervise/status", "supervise/death_tally"];
const PATHS = [
  ...Object.keys(SERVICEDIR_FILES).filter((name) => name !== "logscript"),
  ...TOLD,
  "supervise/status.new",
  "supervise/death_tally.new",
  "supervise/reason",
  "supervise/reason.new",
  "supervise/service-lock",
  "event/ftrig1:@4000000000000000:abcdef",
  "log/run",
  "log/supervise",
  "log/logscript",
];
const CLIENTS: readonly (readonly string[])[] = [["s6-svstat"], ["s6-svdt"], ["s6-svc", "-r"]];
const DOCUMENTED = [0, 1, 3, 99, 100, 102, 111];
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

/**
 * A lock-fd, so that service-lock is used; a finish script, which is started too. Not more, so that
 * each needs as many descriptors at any time.
 */
function wellDefined(places: readonly Place[]): TreeSpec {
  const files = places.map(({ service }) => ({
    [`${service}/run!`]: SLEEP,
    [`${service}/finish!`]: "#!/bin/sh\nexit 0\n",
    [`${service}/lock-fd`]: "7\n",
  }));
  return Object.assign({}, ...files);
}

function plantAll(places: readonly Place[], tree: Tree): readonly Plant[] {
  Deno.mkdirSync(tree.path(".behind"), { recursive: true });
  return places.map(({ kind, service, path }) => {
    const place = tree.path(service, path);
    Deno.mkdirSync(place.slice(0, place.lastIndexOf("/")), { recursive: true });
    return plant(kind, place, tree.path(".behind", `${service} ${path.replaceAll("/", " ")}`));
  });
}

/** What may be written to: that `supervise`, `event` and `log` are links is allowed. */
function assertUntouched(plants: readonly Plant[]): void {
  for (const { path, assertUntouched } of plants) {
    if (!/\/(supervise|event|log)$/.test(path)) assertUntouched();
  }
}

async function client(words: readonly string[]): Promise<void> {
  const [program = "", ...args] = words;
  const { code, stderr } = await run(OURS.bin(program), args, { timeoutMs: LIMIT_MS });
  assert(DOCUMENTED.includes(code), `${words.join(" ")} exited ${code}: ${stderr}`);
  assertNotMatch(stderr, STACK_TRACE, words.join(" "));
}

/** As s6-svc does it, where there is a FIFO and somebody reads it. */
function tell(directory: string, letters: string): void {
  const fd = tryOpenFifo(`${directory}/supervise/control`, O_WRONLY);
  if (fd < 0) return;
  write(fd, new TextEncoder().encode(letters));
  close(fd);
}

/**
 * All that a supervisor opens is opened: services die, are told to go down and up. Meanwhile the
 * bystander obeys and is restarted.
 */
async function upset(patient: Patient, places: readonly Place[]): Promise<void> {
  for (const letters of ["k", "DU"]) {
    for (const { service } of places) tell(patient.tree.path(service), letters);
    await patient.killAndReturn(BYSTANDER);
  }
}

async function exercise(
  patient: Patient,
  places: readonly Place[],
  plants: readonly Plant[],
): Promise<void> {
  const { tree } = patient;
  patient.svscan.signal("SIGALRM");
  await upset(patient, places);
  await client(["hexad", "status", "-S", tree.root]);
  await client(["hexad", "check", "-S", tree.root]);
  for (const { service } of places.filter(({ path }) => TOLD.includes(path))) {
    await Promise.all(
      CLIENTS.map(([program = "", ...args]) => client([program, ...args, tree.path(service)])),
    );
  }
  patient.measure();
  await upset(patient, places);
  await patient.recovered();
  assertUntouched(plants);
}

for (const { name, kinds } of PLANT_GROUPS) {
  const places = placesOf(kinds);
  // to root nothing is unreadable
  const user = { ordinaryUser: kinds.includes("an unreadable file") };

  testUnless(
    plantsRefusal(kinds),
    `${name} at each path of a service directory before the start: others go on`,
    async () => {
      let plants: readonly Plant[] = [];
      const prepare = (tree: Tree): void => {
        plants = plantAll(places, tree);
      };
      await using patient = await Patient.admit(wellDefined(places), { ...user, prepare });
      await exercise(patient, places, plants);
    },
  );

  testUnless(
    plantsRefusal(kinds),
    `${name} at each path of a service directory while the services run: others go on`,
    async () => {
      await using patient = await Patient.admit(wellDefined(places), user);
      const { tree } = patient;
      const isUp = (service: string): boolean =>
        tree.exists(`${service}/supervise/status`) && patient.status(service).pid > 0;
      await eventually(
        "all services",
        () => places.every(({ service }) => isUp(service)),
        LIMIT_MS,
      );
      await exercise(patient, places, plantAll(places, tree));
    },
  );
}
