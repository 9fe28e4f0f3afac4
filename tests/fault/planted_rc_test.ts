/**
 * Things of every kind in the place of the files of s6-rc's live folder, and of the compiled
 * database that it leads to. Whatever comes of a change, there is an answer to it; s6-svscan and a
 * service that has nothing to do with it go on, and what is behind a link stays as it was.
 */
import { assert, assertEquals, assertNotMatch } from "@std/assert";
import { connectIn } from "../../lib/files/sockets.ts";
import { converse } from "../../lib/rc/client.ts";
import { lineText } from "../../lib/rc/core/lines.ts";
import type { Request } from "../../lib/rc/core/protocol.ts";
import { LIVE_SOCKET } from "../../lib/rc/live_folder.ts";
import { run } from "../fixture/command.ts";
import { within } from "../fixture/deadline.ts";
import { plant, PLANT_GROUPS, type PlantKind, plantsRefusal } from "../fixture/plants.ts";
import { OURS } from "../fixture/toolset.ts";
import { BYSTANDER, Patient, SLEEP, STACK_TRACE } from "./patient.ts";
import { testUnless } from "./refusal.ts";

const LIMIT_MS = 60_000;
/** What is opened by the process that supervises. */
const PATHS = [
  "live/lock",
  "live/state",
  "live/state.new",
  "live/prefix",
  "live/servicedirs/web/down",
  "live/servicedirs/web/timeout-kill",
  "live/servicedirs/s6rc-oneshot-runner/run",
  "db/lock",
  "db/hexad-rc",
  "db/servicedirs/web/run",
];
/** A client reads these by itself. */
const READ_BY_CLIENTS = ["live/lock", "live/state", "live/prefix", "db/lock", "db/hexad-rc"];
const CLIENTS: readonly (readonly string[])[] = [
  ["s6-rc", "-a", "list"],
  ["s6-rc-db", "list", "all"],
];
/** Each of these is a process: the other kinds are opened in the same way. */
const ASKED_BY_CLIENTS: readonly PlantKind[] = ["a dangling link", "a FIFO", "a huge file"];
const DOCUMENTED = [0, 1, 2, 3, 4, 5, 9, 10, 99, 100, 111];

async function made(patient: Patient, words: readonly string[]): Promise<void> {
  const [program = "", ...args] = words;
  const { code, stderr } = await run(OURS.bin(program), args, { cwd: patient.tree.path(".rc") });
  assertEquals([words, code, stderr], [words, 0, ""]);
}

async function admit(): Promise<Patient> {
  const patient = await Patient.admit({
    ".rc/src/web/type": "longrun\n",
    ".rc/src/web/run!": SLEEP,
    ".rc/src/once/type": "oneshot\n",
    ".rc/src/once/up": "true\n",
  });
  const at = patient.tree.path(".rc");
  await made(patient, ["s6-rc-compile", `${at}/db`, `${at}/src`]);
  await made(patient, ["s6-rc-init", "-c", `${at}/db`, "-l", `${at}/live`, patient.tree.root]);
  await asked(patient, "up");
  patient.measure();
  return patient;
}

interface Answer {
  readonly code: number | undefined;
  readonly lines: string;
}

const WELL: Answer = { code: 0, lines: "" };

async function answerTo(patient: Patient, request: Request): Promise<Answer> {
  const fd = connectIn(patient.tree.path(".rc/live"), LIVE_SOCKET);
  assert(fd >= 0, `connect: ${fd}`);
  const lines: string[] = [];
  const code = await within(
    converse({
      fd,
      request,
      withStdio: false,
      say: (line) => lines.push(lineText("s6-rc", line)),
    }),
    () => `an answer to ${JSON.stringify(request)}; s6-svscan said ${patient.said}`,
    LIMIT_MS,
  );
  return { code, lines: lines.join("\n") };
}

async function asked(
  patient: Patient,
  direction: "up" | "down",
  names: readonly string[] = ["web", "once"],
): Promise<Answer> {
  return await answerTo(patient, {
    command: "change",
    live: patient.tree.path(".rc/live"),
    direction,
    names,
    all: false,
    forced: false,
    prune: false,
    timeoutMs: LIMIT_MS / 2,
    verbosity: 1,
  });
}

async function updated(patient: Patient): Promise<Answer> {
  return await answerTo(patient, {
    command: "update",
    live: patient.tree.path(".rc/live"),
    database: patient.tree.path(".rc/db"),
    conversions: [],
    forced: false,
    block: false,
    timeoutMs: LIMIT_MS / 2,
    verbosity: 1,
  });
}

/** Down and up, and taken over into a new live folder. */
async function work(patient: Patient, what: string, names: readonly string[]): Promise<void> {
  for (const direction of ["down", "up"] as const) {
    const answer = await asked(patient, direction, names);
    assert(DOCUMENTED.includes(answer.code ?? -1), `${what}: ${answer.code} ${answer.lines}`);
  }
  const { code, lines } = await updated(patient);
  assert(DOCUMENTED.includes(code ?? -1), `${what}: the update: ${code} ${lines}`);
  assertNotMatch(`${lines}\n${patient.said}`, STACK_TRACE, what);
}

async function clients(patient: Patient, what: string): Promise<void> {
  await Promise.all(CLIENTS.map(async ([program = "", ...args]) => {
    const { code, stderr } = await run(OURS.bin(program), ["-l", "live", ...args], {
      cwd: patient.tree.path(".rc"),
      timeoutMs: LIMIT_MS,
    });
    assert(DOCUMENTED.includes(code), `${what}: ${program} exited ${code}: ${stderr}`);
    assertNotMatch(stderr, STACK_TRACE, `${what}: ${program}`);
  }));
}

async function withPlanted(patient: Patient, kind: PlantKind, path: string): Promise<void> {
  const { tree } = patient;
  const place = `.rc/${path}`;
  const what = `${kind} at ${path}`;
  const aside = tree.exists(place) ? `.rc/aside` : undefined;
  // what is planted in the live folder goes with it when it is replaced
  const real = Deno.realPathSync(tree.path(place.slice(0, place.lastIndexOf("/"))));
  if (aside !== undefined) tree.rename(place, aside);
  const planted = plant(kind, tree.path(place), tree.path(".rc", `behind ${crypto.randomUUID()}`));
  // a longrun that is started again waits for a second
  await work(patient, what, path.includes("/web/") ? ["web"] : ["once"]);
  if (READ_BY_CLIENTS.includes(path) && ASKED_BY_CLIENTS.includes(kind)) {
    await clients(patient, what);
  }
  planted.assertUntouched();
  const name = place.slice(place.lastIndexOf("/") + 1);
  const isThere = real === Deno.realPathSync(tree.path(place.slice(0, place.lastIndexOf("/"))));
  if (isThere && tree.exists(place)) tree.remove(place);
  if (aside !== undefined) {
    if (isThere) Deno.renameSync(tree.path(aside), `${real}/${name}`);
    else tree.remove(aside);
  }
  // it may have been taken over into the live folder
  if (path.startsWith("db/servicedirs")) assertEquals(await updated(patient), WELL);
}

for (const { name, kinds } of PLANT_GROUPS) {
  testUnless(
    plantsRefusal(kinds),
    `${name} at each path of s6-rc's live folder and its database: every change has an answer, and others go on`,
    async () => {
      await using patient = await admit();
      for (const kind of kinds) {
        for (const path of PATHS) await withPlanted(patient, kind, path);
        await patient.killAndReturn(BYSTANDER);
      }
      // all is well again
      for (const direction of ["down", "up"] as const) {
        assertEquals(await asked(patient, direction), WELL);
      }
      await patient.recovered();
    },
  );
}
