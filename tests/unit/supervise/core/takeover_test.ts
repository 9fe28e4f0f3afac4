/** What a supervisor does about what an earlier one may have left running. */
import { assertEquals } from "@std/assert";
import type { ProcessStat } from "../../../../lib/core/linux/process_stat.ts";
import { TAIN_ZERO } from "../../../../lib/core/time/tain.ts";
import type { LifeRecord, ProcessWorld } from "../../../../lib/servicedir/core/life_record.ts";
import type { Svstatus } from "../../../../lib/servicedir/core/svstatus.ts";
import {
  decideTakeover,
  type Remains,
  type Sighting,
} from "../../../../lib/supervise/core/takeover.ts";

const US = 50;
const PID = 77;
const HERE: ProcessWorld = {
  bootId: "0123456789abcdef".repeat(2),
  pidNamespace: 4026531836n,
  root: "1:2",
  isInit: false,
};
const RECORD: LifeRecord = {
  world: HERE,
  directory: "1:3",
  started: { fromUs: 1_234_569_999, toUs: 1_234_570_000 },
  dying: false,
  slain: false,
  draining: false,
  sweeping: false,
};
const UP: Svstatus = {
  stamp: TAIN_ZERO,
  readystamp: TAIN_ZERO,
  pid: PID,
  wstat: 0,
  flagpaused: false,
  flagfinishing: false,
  flagwantup: true,
  flagready: true,
};
const PROCESS: ProcessStat = {
  pid: PID,
  state: "S",
  ppid: 1,
  group: PID,
  session: PID,
  threads: 1,
  kernel: false,
  cpuTicks: 0,
  ownTicks: 0,
  startTicks: 123_456,
};

function remains(life: Partial<LifeRecord> = {}, status: Partial<Svstatus> = {}): Remains {
  return { status: { ...UP, ...status }, life: { ...RECORD, ...life } };
}

function sighting(seen: Partial<Sighting> = {}): Sighting {
  return { world: HERE, ourPid: US, process: PROCESS, unrecorded: [], ...seen };
}

const GONE: Sighting = { world: HERE, ourPid: US, unrecorded: [] };
const ADOPTED = { kind: "adopt", pid: PID, ours: false, recorded: true } as const;
const WITHOUT_RECORD: Remains = { status: UP };
const { started: _, ...UNSTARTED } = RECORD;
const LOG_OF_HOST: Remains = { status: UP, life: UNSTARTED };
const FOREIGN: ProcessWorld = { ...HERE, pidNamespace: 4026531999n };

const CASES: readonly (readonly [
  what: string,
  remains: Remains | undefined,
  sighting: Sighting,
  outcome: object,
])[] = [
  ["there is no status", undefined, sighting(), { kind: "start" }],
  ["nothing ran", remains({}, { pid: 0 }), sighting(), { kind: "start" }],
  ["the recorded process runs", remains(), sighting(), ADOPTED],
  [
    "the recorded process started in the next tick",
    remains(),
    sighting({ process: { ...PROCESS, startTicks: 123_457 } }),
    ADOPTED,
  ],
  [
    "its pid was another's before",
    remains(),
    sighting({ process: { ...PROCESS, startTicks: 123_455 } }),
    { kind: "start" },
  ],
  [
    "its pid was reused",
    remains(),
    sighting({ process: { ...PROCESS, startTicks: 123_458 } }),
    { kind: "start" },
  ],
  ["it has ended", remains(), GONE, { kind: "start" }],
  ["it is a zombie", remains(), sighting({ process: { ...PROCESS, state: "Z" } }), {
    kind: "start",
  }],
  [
    "only its first thread has ended",
    remains(),
    sighting({ process: { ...PROCESS, state: "Z", threads: 2 } }),
    ADOPTED,
  ],
  ["its parent is this process", remains(), sighting({ process: { ...PROCESS, ppid: US } }), {
    ...ADOPTED,
    ours: true,
  }],
  ["./finish runs", remains({}, { flagfinishing: true }), sighting(), ADOPTED],
  [
    "it is a log of a log host",
    LOG_OF_HOST,
    sighting(),
    { kind: "start" },
  ],
  [
    "the machine was started again",
    remains({ world: { ...HERE, bootId: "f".repeat(32) } }),
    sighting(),
    { kind: "start" },
  ],
  ["another namespace", remains({ world: FOREIGN }), sighting(), {
    kind: "doubt",
    why: "it was started in another PID namespace",
  }],
  [
    "another namespace, of which its supervisor was PID 1",
    remains({ world: { ...FOREIGN, isInit: true } }),
    sighting(),
    { kind: "start" },
  ],
  ["another root directory", remains({ world: { ...HERE, root: "1:3" } }), sighting(), {
    kind: "doubt",
    why: "process 77 was started under another root directory",
  }],
  [
    "another root directory, and it has ended",
    remains({ world: { ...HERE, root: "1:3" } }),
    GONE,
    { kind: "start" },
  ],
  ["there is no /proc", remains(), { world: undefined, ourPid: US, unrecorded: [] }, {
    kind: "doubt",
    why: "process 77 may be it; there is no /proc of this PID namespace to look",
  }],
  ["its leftovers were being killed", remains({ sweeping: true }), GONE, { kind: "sweep" }],
  ["no record, and nothing runs", WITHOUT_RECORD, GONE, { kind: "start" }],
  [
    "no record, and a process started when the service was",
    WITHOUT_RECORD,
    sighting({ startedLaterMs: -1500 }),
    {
      kind: "doubt",
      why: "process 77 may be it; its supervisor has not recorded when it was started",
    },
  ],
  [
    "no record, and a process started later",
    WITHOUT_RECORD,
    sighting({ startedLaterMs: 2001 }),
    { kind: "start" },
  ],
  [
    "no record, and a process started before",
    WITHOUT_RECORD,
    sighting({ startedLaterMs: -2001 }),
    { kind: "start" },
  ],
  [
    "no record, and a zombie",
    WITHOUT_RECORD,
    sighting({
      startedLaterMs: 0,
      process: { ...PROCESS, state: "Z" },
    }),
    { kind: "start" },
  ],
  [
    "it was started and not recorded",
    remains({}, { pid: 0 }),
    { ...GONE, unrecorded: [PROCESS] },
    { ...ADOPTED, recorded: false },
  ],
  [
    "it was started and not recorded, and there is no status",
    undefined,
    { ...GONE, unrecorded: [{ ...PROCESS, ppid: US }] },
    { ...ADOPTED, ours: true, recorded: false },
  ],
  [
    "the life after the recorded one was not recorded",
    remains(),
    { ...GONE, unrecorded: [{ ...PROCESS, pid: 78 }] },
    { ...ADOPTED, pid: 78, recorded: false },
  ],
  [
    "two processes may be what was started",
    remains({}, { pid: 0 }),
    { ...GONE, unrecorded: [PROCESS, { ...PROCESS, pid: 78 }] },
    { kind: "doubt", why: "processes 77 and 78 run in its directory" },
  ],
];

for (const [what, remains, sighting, outcome] of CASES) {
  Deno.test(`takeover: ${what}`, () => assertEquals(decideTakeover(remains, sighting), outcome));
}
