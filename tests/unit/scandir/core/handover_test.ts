import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  countedFrom,
  decodeHandover,
  descriptorsOf,
  encodeHandover,
  type Handover,
  type HeldService,
} from "../../../../lib/scandir/core/handover.ts";
import { newMachine, STATES } from "../../../../lib/supervise/core/machine.ts";

const MOMENT = { monotonicMs: 1234.5, wallclock: { sec: 4611686020000000037n, nano: 999_999_999 } };
const NEW = newMachine(MOMENT, true);

const MARK = {
  world: { bootId: "0f".repeat(16), pidNamespace: 4026531836n, root: "64769:2", isInit: true },
  directory: "64769:3",
  started: { fromUs: 1_000_001, toUs: 1_000_002 },
  notification: { inode: 12345n, fd: 3 },
  pipe: 2n ** 40n,
};

const SERVICES: readonly HeldService[] = STATES.map((state, i) => ({
  devino: `1:${i}`,
  name: ["web", "web/log", "caf\u00e9", "\udcff", '"\n'][i]!,
  isLogger: i === 1,
  ...(i === 0 ? { peer: "1:1" } : {}),
  active: i !== 2,
  ...(i < 2 ? { pipeFd: 30 + i } : {}),
  nextBeginMs: i * 0.5,
  ending: i === 3,
  unasked: i === 4,
  hasReadRest: i === 1,
  supervisor: {
    machine: {
      ...NEW,
      state,
      dying: i === 3,
      status: { ...NEW.status, pid: 77, wstat: 256, flagfinishing: state === "FINISH" },
      history: { doublings: i, restartsMs: [1.5, 2.5].slice(0, i) },
      over: i === 0 ? "max-restarts" as const : undefined,
    },
    ...(i === 1 ? { dueMs: 99.25, pid: 77, notificationFd: 40, pidfd: 41, mark: MARK } : {}),
    ...(i === 2 ? { log: { host: "@", id: 9, fifoFd: 9 } } : {}),
    dirFd: 50 + i,
    lockFd: 60 + i,
    controlFd: 70 + i,
    stdioClosed: i === 4,
  },
}));

const HANDOVER: Handover = {
  from: "1.2.3",
  originMs: 1000,
  atMs: 5000.125,
  dirFd: 3,
  lockFd: 4,
  controlFd: 5,
  entrance: 6,
  logHosts: {
    lastId: 9,
    keeps: true,
    slow: ["web|\udcff"],
    all: [{ key: "@", user: "", pid: 70, socketFd: 7 }, {
      key: "1:1:@",
      user: "x",
      pid: 71,
      socketFd: 8,
    }],
  },
  scanAtMs: 17,
  services: [
    ...SERVICES,
    {
      devino: "2:1",
      name: "waits",
      isLogger: false,
      active: true,
      nextBeginMs: 9,
      ending: false,
      unasked: false,
      hasReadRest: false,
    },
  ],
};

const BYTES = encodeHandover(HANDOVER);

function edited(edit: (fields: Record<string, unknown>) => void): Uint8Array {
  const fields = JSON.parse(new TextDecoder().decode(BYTES));
  edit(fields);
  return new TextEncoder().encode(JSON.stringify(fields));
}

Deno.test("what is handed over comes back as it was, names of any bytes and every state too", () => {
  assertEquals(decodeHandover(BYTES), HANDOVER);
});

Deno.test("another program's clock began at another moment: every time moves, and nothing else", () => {
  const moved = countedFrom(3000, HANDOVER);
  assertEquals(moved.atMs, 3000.125);
  assertEquals(moved.scanAtMs, 17 - 2000);
  const { supervisor: held, nextBeginMs } = moved.services[1]!;
  assertEquals(nextBeginMs, 0.5 - 2000);
  assertEquals(held?.dueMs, 99.25 - 2000);
  assertEquals(held?.machine.startedMs, 1234.5 - 2000);
  assertEquals(held?.machine.nextStartMs, 1234.5 - 2000);
  assertEquals(held?.machine.history.restartsMs, [1.5 - 2000]);
  assertEquals(countedFrom(1000, moved), HANDOVER);
});

Deno.test("all descriptors go over, and each once", () => {
  const all = descriptorsOf(HANDOVER);
  assertEquals(new Set(all).size, all.length);
  assertEquals(all.length, 4 + 2 + 2 + 3 * STATES.length + 2 + 1);
});

Deno.test("another form is refused, and says which", () => {
  for (const form of [0, 2, 1.5]) {
    const bytes = edited((fields) => fields.form = form);
    assertThrows(() => decodeHandover(bytes), SyntaxError, `has form ${form}, not 1`);
  }
});

Deno.test("a state cut anywhere is refused", () => {
  for (let length = 0; length < BYTES.length; length++) {
    assertThrows(() => decodeHandover(BYTES.subarray(0, length)), SyntaxError, "is not whole");
  }
});

Deno.test("one that is too long is refused before it is read", () => {
  const long = { length: 2 ** 31 } as Uint8Array;
  assertThrows(() => decodeHandover(long), SyntaxError, "too long");
});

Deno.test("a standard descriptor is never one that was handed over", () => {
  for (const fd of [-1, 0, 1, 2, 2.5, 2 ** 31, "3", null]) {
    assertThrows(
      () => decodeHandover(edited((fields) => fields.lockFd = fd)),
      SyntaxError,
      "lockFd",
    );
  }
});

/** All places of a value, as paths. */
function places(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([name, inner]) => places(inner, [...path, name])),
  ];
}

Deno.test("whatever field is of another kind: it is refused with a reason, or read as what it can be", () => {
  const all = places(JSON.parse(new TextDecoder().decode(BYTES)));
  assert(all.length > 100);
  let refused = 0;
  for (const path of all.slice(1)) {
    for (const wrong of [null, "x", -7, true, [], {}, [[]]]) {
      const bytes = edited((fields) => {
        let object = fields;
        for (const name of path.slice(0, -1)) object = object[name] as Record<string, unknown>;
        object[path.at(-1)!] = wrong;
      });
      try {
        decodeHandover(bytes);
      } catch (error) {
        assert(error instanceof SyntaxError, `${path.join(".")}: ${error}`);
        assert(!error.message.includes("JSON"), error.message);
        refused++;
      }
    }
  }
  assert(refused > all.length * 4, `${refused} of ${all.length} places`);
});

Deno.test("flipped bytes never lead to anything but a refusal or a whole state", () => {
  for (let at = 0; at < BYTES.length; at++) {
    const bytes = BYTES.slice();
    bytes[at]! ^= 1 << (at % 8);
    try {
      assertEquals(decodeHandover(bytes).services.length, HANDOVER.services.length);
    } catch (error) {
      assert(error instanceof SyntaxError, `${at}: ${error}`);
    }
  }
});
