/**
 * Row: a thousand health checks a minute, by HTTP and by a program: what they cost the process that
 * supervises. No other suite checks.
 */
import { healthOf } from "../../../lib/health/core/health_record.ts";
import { unpackSvstatus } from "../../../lib/servicedir/core/svstatus.ts";
import { megabytes } from "../figures.ts";
import { cpuSeconds, ownBytes } from "../proc.ts";
import { type Bench, pause, type Row, type Section } from "../row.ts";
import { summarize } from "../statistics.ts";
import { serviceName, SupervisedTree } from "../supervised_tree.ts";

const SERVICES = 1000;
const QUICK_SERVICES = 100;
const INTERVAL_MS = 60_000;
const QUICK_INTERVAL_MS = 6000;
/** What the start leaves behind is over after that. */
const SETTLE_MS = 10_000;

const MEMORY_BAR_BYTES = 6e6;

interface Cost {
  readonly what: string;
  readonly bytes: number;
  readonly ownBytes: number;
  /** In one interval. */
  readonly cpuMs: number;
}

/** Answers whatever it is asked. */
function serve(): { readonly port: number } & Disposable {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const answer = new TextEncoder().encode("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  void (async () => {
    for await (const connection of listener) {
      void connection.read(new Uint8Array(1024)).then(() => connection.write(answer))
        .catch(() => {}).finally(() => connection.close());
    }
  })();
  return {
    port: (listener.addr as Deno.NetAddr).port,
    [Symbol.dispose]: () => listener.close(),
  };
}

function isHealthy(directory: string): boolean {
  const status = unpackSvstatus(Deno.readFileSync(`${directory}/supervise/status`));
  const health = healthOf(Deno.readFileSync(`${directory}/supervise/health`), status.stamp);
  return health?.state === "healthy";
}

async function measureOne(
  bench: Bench,
  what: string,
  check: Readonly<Record<string, string>>,
): Promise<Cost> {
  const [services, intervalMs] = bench.quick
    ? [QUICK_SERVICES, QUICK_INTERVAL_MS]
    : [SERVICES, INTERVAL_MS];
  bench.say(`health: ${what}`);
  const settings = Object.keys(check).length === 0 ? {} : {
    "health-check/interval": String(intervalMs),
    "health-check/start-interval": String(intervalMs),
  };
  await using tree = await SupervisedTree.start(bench.peers[0]!, bench.scratch, {
    services,
    files: { ...check, ...settings },
  });
  await pause(SETTLE_MS + intervalMs);
  const before = cpuSeconds(tree.pid);
  await pause(intervalMs);
  const cpuMs = (cpuSeconds(tree.pid) - before) * 1000;
  for (let index = 0; index < services && Object.keys(check).length > 0; index++) {
    const directory = `${tree.directory}/${serviceName(index)}`;
    if (!isHealthy(directory)) throw new Error(`${directory} is not healthy: ${tree.output()}`);
  }
  return { what, bytes: tree.memoryBytes(), ownBytes: ownBytes(tree.pid), cpuMs };
}

async function measure(bench: Bench): Promise<Section> {
  if (bench.peers[0]?.name !== "hexad") throw new Error("the row 'health' needs hexad");
  using server = serve();
  const without = await measureOne(bench, "without checks", {});
  const checked = [
    await measureOne(bench, "by HTTP", {
      "health-check/http": `http://127.0.0.1:${server.port}/`,
    }),
    await measureOne(bench, "by a program", { "health-check/run": "#!/bin/sh\nexit 0\n" }),
  ];
  const services = bench.quick ? QUICK_SERVICES : SERVICES;
  const most = Math.max(...checked.map((each) => each.ownBytes)) - without.ownBytes;
  const interval = bench.quick ? `${QUICK_INTERVAL_MS / 1000} seconds` : "a minute";
  return {
    title: "Health checks",
    method: [
      `${services} services, each with a \`health-check\` whose interval is ${interval}: a GET over HTTP, or a program, ` +
      "`/bin/sh` with one line. *Memory* is that of s6-svscan, as above; *of its own* is without the pages of its program's file, which " +
      "come and go, and which it has given back where nothing happens; *processor* is what it takes in one interval, for all checks; the " +
      "programs' own is not in it. All services are found healthy.",
    ],
    tables: [{
      head: [`${services} services`, "memory", "of its own", "processor"],
      rows: [without, ...checked].map(({ what, bytes, ownBytes, cpuMs }) => [
        what,
        megabytes(summarize([bytes])),
        megabytes(summarize([ownBytes])),
        `${cpuMs.toFixed(0)} ms`,
      ]),
    }],
    bars: bench.quick ? [] : [{
      what: `${services} health checks a minute, memory of its own`,
      bar: `under ${MEMORY_BAR_BYTES / 1e6} MB more than without`,
      reached: megabytes(summarize([most])),
      met: most < MEMORY_BAR_BYTES,
    }],
  };
}

export const HEALTH: Row = { name: "health", measure };
