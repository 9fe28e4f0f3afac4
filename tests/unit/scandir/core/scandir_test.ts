/**
 * Plans of a scan, in a notation: `web:d2+l2` is a directory d2 found as web, with its log/ l2;
 * `add web/log l2 <- d2` a logger with its producer, `add web d2 -> l2` the producer with its
 * logger.
 */
import { assert, assertEquals } from "@std/assert";
import {
  type FoundService,
  type KnownService,
  orderOfByte,
  planScan,
  type ScanAction,
  type ScanLimits,
  SIGNAL_ORDERS,
} from "../../../../lib/scandir/core/scandir.ts";
import { seededRandom } from "../../core/seeded_random.ts";

const LIMITS: ScanLimits = { servicesMax: 1000, nameMax: 251 };

function found(words: string): FoundService[] {
  return words.split(" ").filter((word) => word !== "").map((word) => {
    const [name = "", directories = ""] = word.split(":");
    const [devino = "", log] = directories.split("+");
    return log === undefined ? { name, devino } : { name, devino, log };
  });
}

/**
 * What would be known after a scan that found `active`, and an earlier one that found `inactive`.
 */
function known(active: string, inactive = ""): Map<string, KnownService> {
  const services = [[active, true], [inactive, false]] as const;
  return new Map(
    services.flatMap(([words, isActive]) =>
      found(words).flatMap(({ name, devino, log }): KnownService[] =>
        log === undefined ? [{ devino, name, isLogger: false, active: isActive }] : [
          { devino: log, name: `${name}/log`, peer: devino, isLogger: true, active: isActive },
          { devino, name, peer: log, isLogger: false, active: isActive },
        ]
      )
    ).map((service) => [service.devino, service]),
  );
}

function told(action: ScanAction): string {
  switch (action.kind) {
    case "add": {
      const { name, devino, peer, isLogger, active } = action.service;
      return `add ${name} ${devino}${
        peer === undefined ? "" : ` ${isLogger ? "<-" : "->"} ${peer}`
      }${active ? "" : " inactive"}`;
    }
    case "pair":
      return `pair ${action.devino} ${action.peer}`;
    case "rename":
      return `rename ${action.devino} ${action.name}`;
    case "activate":
    case "deactivate":
      return `${action.kind} ${action.devino}`;
    case "warn":
      return `warn ${action.text}`;
    default:
      return action satisfies never;
  }
}

interface Row {
  readonly what: string;
  readonly known?: ReadonlyMap<string, KnownService>;
  readonly found: string;
  readonly unclear?: readonly string[];
  readonly limits?: Partial<ScanLimits>;
  readonly plan: readonly string[];
  readonly retrySeconds?: number;
}

const inactiveLogger = new Map(known("web:d1+l1")).set("l1", {
  devino: "l1",
  name: "web/log",
  peer: "d1",
  isLogger: true,
  active: false,
});

const rows: readonly Row[] = [
  { what: "an empty directory", found: "", plan: [] },
  { what: "new services", found: "db:d1 web:d2", plan: ["add db d1", "add web d2"] },
  {
    what: "a new service with a logger",
    found: "web:d1+l1",
    plan: ["add web/log l1 <- d1", "add web d1 -> l1"],
  },
  {
    what: "nothing has changed",
    known: known("db:d1 web:d2+l2"),
    found: "web:d2+l2 db:d1",
    plan: [],
  },

  {
    what: "a directory has another name now: the same service",
    known: known("db:d1"),
    found: "sql:d1",
    plan: ["rename d1 sql"],
  },
  {
    what: "a logger goes with its service",
    known: known("web:d1+l1"),
    found: "www:d1+l1",
    plan: ["rename d1 www", "rename l1 www/log"],
  },
  {
    what: "two directories have swapped their names",
    known: known("a:d1 b:d2+l2"),
    found: "a:d2+l2 b:d1",
    plan: ["rename d2 a", "rename l2 a/log", "rename d1 b"],
  },
  {
    what: "another directory has taken the name: another service",
    known: known("db:d1"),
    found: "db:d9",
    plan: ["add db d9", "deactivate d1"],
  },

  {
    what: "a directory is gone",
    known: known("db:d1 web:d2"),
    found: "web:d2",
    plan: ["deactivate d1"],
  },
  {
    what: "a service with its logger is gone",
    known: known("web:d1+l1"),
    found: "",
    plan: ["deactivate l1", "deactivate d1"],
  },
  {
    what: "what is gone for long is not told again",
    known: known("", "db:d1 web:d2+l2"),
    found: "",
    plan: [],
  },
  {
    what: "a directory has come back",
    known: known("", "db:d1"),
    found: "db:d1",
    plan: ["activate d1"],
  },
  {
    what: "a service with its logger has come back under another name",
    known: known("", "web:d1+l1"),
    found: "www:d1+l1",
    plan: ["rename d1 www", "activate d1", "rename l1 www/log", "activate l1"],
  },

  {
    what: "a log/ has appeared",
    known: known("web:d1"),
    found: "web:d1+l1",
    plan: ["add web/log l1 <- d1", "pair d1 l1"],
  },
  {
    what: "a log/ has vanished: only the logger is no longer wanted",
    known: known("web:d1+l1"),
    found: "web:d1",
    plan: ["warn logger for service web has been moved", "deactivate l1"],
  },
  {
    what: "a log/ that vanished is not told again",
    known: inactiveLogger,
    found: "web:d1",
    plan: [],
  },
  {
    what: "a log/ has come back while its logger still lives",
    known: inactiveLogger,
    found: "web:d1+l1",
    plan: ["activate l1"],
  },
  {
    what: "another log/ while the old logger lives: it has to wait, the service stays",
    known: known("web:d1+l1"),
    found: "web:d1+l9",
    plan: ["warn old logger of web still exists, waiting", "deactivate l1"],
    retrySeconds: 10,
  },

  { what: "two names for one new directory: one service", found: "a:d1 b:d1", plan: ["add a d1"] },
  {
    what: "a second name for a known directory: it stays as it is",
    known: known("a:d1"),
    found: "a:d1 b:d1",
    plan: [],
  },
  {
    what: "two names for one directory with a logger: one service, one logger",
    found: "a:d1+l1 b:d1+l1",
    plan: ["add a/log l1 <- d1", "add a d1 -> l1"],
  },
  {
    what: "a log/ that is the directory of a service, a new one waits for it",
    known: known("db:d1"),
    found: "db:d1 web:d2+d1",
    plan: ["warn web/log is the directory of another service, waiting"],
    retrySeconds: 10,
  },
  {
    what: "a log/ that is the directory of a service listed later",
    known: known("db:d1"),
    found: "a:d2+d1 db:d1",
    plan: ["warn old service db still exists, waiting to make it the logger of a"],
    retrySeconds: 10,
  },
  {
    what: "a log/ that is another's logger",
    known: known("web:d1+l1"),
    found: "web:d1+l1 www:d2+l1",
    plan: ["warn www/log is the directory of another service, waiting"],
    retrySeconds: 10,
  },
  {
    what: "a new service whose log/ is itself is not begun",
    found: "web:d1+d1",
    plan: ["warn web/log is the directory of another service, waiting"],
    retrySeconds: 10,
  },
  {
    what:
      "the log/ of a running service becomes another service's directory: the service stays active",
    known: known("db:d1 web:d2"),
    found: "db:d1 web:d2+d1",
    plan: ["warn web/log is the directory of another service, waiting"],
    retrySeconds: 10,
  },
  {
    what: "the log/ of a running service becomes a service that is listed later: both stay active",
    known: known("a:d2 db:d1"),
    found: "a:d2+d1 db:d1",
    plan: ["warn old service db still exists, waiting to make it the logger of a"],
    retrySeconds: 10,
  },
  {
    what: "the log/ of a running service becomes itself: the service stays active",
    known: known("web:d1"),
    found: "web:d1+d1",
    plan: ["warn web/log is the directory of another service, waiting"],
    retrySeconds: 10,
  },
  {
    what: "another directory with the old one's log/: waits for the old logger's end",
    known: known("web:d1+l1"),
    found: "web:d9+l1",
    plan: [
      "warn old service web/log still exists, waiting to make it the logger of web",
      "deactivate l1",
      "deactivate d1",
    ],
    retrySeconds: 10,
  },
  {
    what: "a logger's directory becomes a service: waits for the logger's end",
    known: known("web:d1+l1"),
    found: "log:l1 web:d1",
    plan: [
      "warn old service web/log still exists, waiting to call it log",
      "warn logger for service web has been moved",
      "deactivate l1",
    ],
    retrySeconds: 10,
  },

  {
    what: "too many services: the last one waits a minute, the known ones stay",
    known: known("a:d1 b:d2"),
    found: "a:d1 b:d2 c:d3 d:d4",
    limits: { servicesMax: 3 },
    plan: [
      "add c d3",
      "warn unable to start supervisor for d: too many services (s6-svscan -C raises the limit of 3)",
    ],
    retrySeconds: 60,
  },
  {
    what: "a service with a logger needs room for two, a smaller one may still fit",
    found: "web:d1+l1 db:d2",
    limits: { servicesMax: 1 },
    plan: [
      "warn unable to start supervisor for web: too many services (s6-svscan -C raises the limit of 1)",
      "add db d2",
    ],
    retrySeconds: 60,
  },
  {
    what: "a service and its logger fill the room exactly",
    found: "web:d1+l1",
    limits: { servicesMax: 2 },
    plan: ["add web/log l1 <- d1", "add web d1 -> l1"],
  },
  {
    what: "no room for a new log/: the service stays without",
    known: known("web:d1"),
    found: "web:d1+l1",
    limits: { servicesMax: 1 },
    plan: [
      "warn unable to start supervisor for web/log: too many services (s6-svscan -C raises the limit of 1)",
    ],
    retrySeconds: 60,
  },
  {
    what: "what is gone and still alive takes room",
    known: known("", "a:d1"),
    found: "b:d2",
    limits: { servicesMax: 1 },
    plan: [
      "warn unable to start supervisor for b: too many services (s6-svscan -C raises the limit of 1)",
    ],
    retrySeconds: 60,
  },
  {
    what: "of two reasons to scan again the earlier counts",
    known: known("db:d1"),
    found: "db:d1 web:d2+d1 more:d3",
    limits: { servicesMax: 1 },
    plan: [
      "warn web/log is the directory of another service, waiting",
      "warn unable to start supervisor for more: too many services (s6-svscan -C raises the limit of 1)",
    ],
    retrySeconds: 10,
  },

  {
    what: "an unclear name: what is known by it stays",
    known: known("db:d1 web:d2+l2"),
    found: "db:d1",
    unclear: ["web"],
    plan: [],
  },
  {
    what: "an unclear name does not bring back what is gone",
    known: known("", "web:d2+l2"),
    found: "",
    unclear: ["web"],
    plan: [],
  },
  {
    what: "an unclear name that nobody knows",
    known: known("db:d1"),
    found: "db:d1",
    unclear: ["web"],
    plan: [],
  },
  {
    what: "an unclear name saves only its own service",
    known: known("db:d1 web:d2"),
    found: "",
    unclear: ["web"],
    plan: ["deactivate d1"],
  },
];

for (
  const { what, known: before = new Map(), found: words, unclear = [], limits, plan, retrySeconds }
    of rows
) {
  Deno.test(`planScan(): ${what}`, () => {
    const actual = planScan(before, { found: found(words), unclear }, { ...LIMITS, ...limits });
    assertEquals(actual.actions.map(told), plan);
    assertEquals(actual.retrySeconds, retrySeconds);
  });
}

/** Does what a plan says, as the loop does for services that never end by themselves. */
function carryOut(services: Map<string, KnownService>, actions: readonly ScanAction[]): void {
  for (const action of actions) {
    if (action.kind === "warn") continue;
    if (action.kind === "add") {
      assert(!services.has(action.service.devino), "only what is unknown is added");
      services.set(action.service.devino, action.service);
      continue;
    }
    const service = services.get(action.devino);
    assert(service !== undefined, `${told(action)}: known`);
    if (action.kind === "pair") services.set(action.devino, { ...service, peer: action.peer });
    else if (action.kind === "rename") {
      services.set(action.devino, { ...service, name: action.name });
    } else services.set(action.devino, { ...service, active: action.kind === "activate" });
  }
}

Deno.test("planScan(): 2000 random scans: pairs stay pairs, the limit holds, the same scan again changes nothing", () => {
  const random = seededRandom(2000);
  for (let life = 0; life < 100; life++) {
    const services = new Map<string, KnownService>();
    const limits = { servicesMax: 4 + random(6), nameMax: 251 };
    for (let i = 0; i < 20; i++) {
      const logs = Array.from(
        { length: 6 },
        () => [undefined, `l${random(6)}`, `l${random(6)}`, `d${random(6)}`][random(4)],
      );
      const scan = {
        found: ["a", "b", "c", "d", "e"].filter(() => random(3) > 0).map((name): FoundService => {
          const directory = random(6);
          const log = logs[directory];
          return log === undefined
            ? { name, devino: `d${directory}` }
            : { name, devino: `d${directory}`, log };
        }),
        unclear: random(5) === 0 ? ["b"] : [],
      };
      carryOut(services, planScan(services, scan, limits).actions);
      const again = planScan(services, scan, limits).actions.filter(({ kind }) => kind !== "warn");
      assertEquals(again.map(told), [], "the second time");
      assert(services.size <= limits.servicesMax);
      for (const { devino, peer, isLogger } of services.values()) {
        if (isLogger) assert(peer !== undefined, "a logger has a producer");
        if (peer === undefined) continue;
        assertEquals(services.get(peer)?.peer, devino);
        assertEquals(services.get(peer)?.isLogger, !isLogger);
      }
    }
  }
});

const orders: readonly (readonly [bytes: string, order: ReturnType<typeof orderOfByte>])[] = [
  ["z", { kind: "reap" }],
  ["a", { kind: "scan", prune: false }],
  ["h", { kind: "scan", prune: true }],
  ["n", { kind: "prune", hard: false }],
  ["N", { kind: "prune", hard: true }],
  ["it", { kind: "terminate", hard: false }],
  ["q", { kind: "terminate", hard: true }],
  ["b", { kind: "abort" }],
];

for (const [bytes, order] of orders) {
  Deno.test(`orderOfByte(): ${[...bytes].join(" and ")}: ${JSON.stringify(order)}`, () => {
    for (const letter of bytes) assertEquals(orderOfByte(letter.charCodeAt(0)), order);
  });
}

Deno.test("orderOfByte(): the other 247 bytes mean nothing", () => {
  const meaning = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) =>
    orderOfByte(byte) !== undefined
  );
  assertEquals(String.fromCharCode(...meaning), "Nabhinqtz");
});

Deno.test("SIGNAL_ORDERS: what C s6-svscan does by itself for the eight signals that a program can replace", () => {
  assertEquals(SIGNAL_ORDERS, {
    SIGHUP: { kind: "scan", prune: true },
    SIGINT: { kind: "terminate", hard: false },
    SIGTERM: { kind: "terminate", hard: false },
    SIGQUIT: { kind: "terminate", hard: true },
    SIGUSR1: undefined,
    SIGUSR2: undefined,
    SIGPWR: undefined,
    SIGWINCH: undefined,
  });
});
