/**
 * Debian's nginx, php-fpm, redis and cron and a worker with three copies, all in one
 * /etc/hexad/services.yaml: killed and restarted at random, by a printed seed. After each round all
 * are back and well, what needs another has started after it, and no process is left over.
 *
 * HEXAD_CHURN_SECONDS says how long, HEXAD_CHURN_SEED repeats a run.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { eventually } from "../../fixture/deadline.ts";
import type { TreeSpec } from "../../fixture/tree.ts";
import { Dice } from "../../fuzz/dice.ts";
import type { Container } from "../container.ts";
import { archetypeBase, archetypeImage, boot, booted } from "./archetype.ts";
import { REAL_SERVICES_FILES } from "./real_services_files.ts";

const SECONDS = Number(Deno.env.get("HEXAD_CHURN_SECONDS") ?? 6);
const SEED = Number(Deno.env.get("HEXAD_CHURN_SEED") ?? Math.floor(Math.random() * 2 ** 31));

const SERVICES_YAML = `
x-web: &needy
  restart: always
  stop_signal: SIGQUIT
  x-hexad: {leftovers: kill}
services:
  places:
    command: mkdir -p /run/php /var/lib/nginx /var/lib/redis /var/spool/cron/crontabs
    x-hexad: {oneshot: true}
  redis:
    command: redis-server --port 6379 --bind 127.0.0.1 --save '' --dir /var/lib/redis
    depends_on: {places: {condition: service_completed_successfully}}
    healthcheck: {interval: 1s, start_interval: 100ms, start_period: 1m, x-hexad: {tcp: 6379}}
  php-fpm:
    <<: *needy
    command: php-fpm8.2 --nodaemonize --fpm-config /etc/fpm.conf
    depends_on: {redis: {condition: service_healthy, restart: true}}
    healthcheck: {interval: 1s, start_interval: 100ms, start_period: 1m, x-hexad: {unix: /run/php/fpm.sock}}
  nginx:
    <<: *needy
    command: nginx -c /etc/nginx.conf -g 'daemon off;'
    depends_on: {php-fpm: {condition: service_healthy, restart: true}}
    healthcheck: {interval: 1s, start_interval: 100ms, start_period: 1m, x-hexad: {http: "http://127.0.0.1:8080/ping"}}
  cron:
    command: cron -f
    depends_on: {places: {condition: service_completed_successfully}}
  worker:
    command: [bash, -c, 'while redis-cli -p 6379 incr "worker$$REPLICA" >/dev/null; do sleep 0.2; done']
    depends_on: {redis: {condition: service_healthy, restart: true}}
    scale: 3
`;

const WORKERS = ["worker-1", "worker-2", "worker-3"];
const LONGRUNS = ["redis", "php-fpm", "nginx", "cron", ...WORKERS];
/** What starts again after what. */
const AFTER: readonly (readonly [later: string, earlier: string])[] = [
  ["php-fpm", "redis"],
  ["nginx", "php-fpm"],
  ...WORKERS.map((name) => [name, "redis"] as const),
];
/** Programs, and how many processes each has when all are well. */
const PROCESSES: Readonly<Record<string, number>> = {
  "redis-server": 1,
  "php-fpm8.2": 3,
  "nginx": 2,
  "cron": 1,
};

const FILES: TreeSpec = { ...REAL_SERVICES_FILES, "etc/hexad/services.yaml": SERVICES_YAML };

/** A line for each service, with its process, and one for each process. */
const LOOK = `for name in ${LONGRUNS.join(" ")}; do
  echo "$name $(s6-svstat -o pid /run/service/$name)"
done
echo ---
cat /proc/[0-9]*/stat 2>/dev/null
true`;

interface Process {
  readonly pid: number;
  readonly program: string;
  readonly isDead: boolean;
  /** In ticks of the kernel's clock. */
  readonly started: number;
}

interface Seen {
  /** The process of each service; undefined: it is down. */
  readonly services: ReadonlyMap<string, Process | undefined>;
  readonly processes: readonly Process[];
}

function processOf(stat: string): Process {
  const [, pid, program, rest] = /^(\d+) \((.*)\) (.*)$/.exec(stat)!;
  const fields = rest!.split(" ");
  return {
    pid: Number(pid),
    program: program!,
    isDead: fields[0] === "Z",
    started: Number(fields[19]),
  };
}

async function look(container: Container): Promise<Seen> {
  const [services = "", stats = ""] = (await container.said("/bin/bash", "-c", LOOK)).split(
    "---\n",
  );
  const processes = stats.trimEnd().split("\n").map(processOf);
  return {
    services: new Map(
      services.trimEnd().split("\n").map((line) => {
        const [name, pid] = line.split(" ");
        return [name!, processes.find((process) => process.pid === Number(pid))];
      }),
    ),
    processes,
  };
}

/** What is not yet as it has to be; undefined if all is well. */
function whatIsWrong({ services, processes }: Seen): string | undefined {
  for (const name of LONGRUNS) if (services.get(name) === undefined) return `${name} is down`;
  for (const [later, earlier] of AFTER) {
    if (services.get(later)!.started < services.get(earlier)!.started) {
      return `${later} has started before ${earlier}`;
    }
  }
  for (const [name, count] of Object.entries(PROCESSES)) {
    const found = processes.filter(({ program }) => program === name).length;
    if (found !== count) return `${found} processes ${name}, not ${count}`;
  }
  return undefined;
}

/** Waits until all are well, and the page and the workers count. */
async function settled(container: Container, what: string): Promise<void> {
  let last = "nothing was seen";
  try {
    await eventually(`all to be well again ${what}`, async () => {
      last = whatIsWrong(await look(container)) ?? await countsWrong(container) ?? "";
      return last === "";
    });
  } catch (error) {
    throw new Error(`${last}, ${what}\n${container.stderr.text}`, { cause: error });
  }
}

/** The page and the workers' counters, and what hexad says of the checks. */
const COUNTS = `busybox wget -q -O - http://127.0.0.1:8080/
for n in 1 2 3; do redis-cli incr worker$n; done
hexad health >/dev/null && echo healthy`;

async function countsWrong(container: Container): Promise<string | undefined> {
  const { stdout } = await container.exec(["/bin/bash", "-c", COUNTS]);
  return /^hits :\d+\n(?:\d+\n){3}healthy\n$/.test(stdout) ? undefined : `they say ${stdout}`;
}

/** Each is a line for bash. */
function randomDeed(dice: Dice): string {
  const name = dice.pick(LONGRUNS);
  const pid = `$(s6-svstat -o pid /run/service/${name})`;
  const signal = dice.pick(["KILL", "KILL", "TERM", "SEGV", "ABRT"]);
  return dice.pick([
    `pid=${pid}; test $pid -le 1 || kill -${signal} $pid`,
    `pid=${pid}; test $pid -le 1 || kill -${signal} $pid`,
    `hexad restart ${name}`,
    `s6-svc -r /run/service/${name}`,
    `s6-rc -d change ${name}; s6-rc -u change services.yaml`,
  ]);
}

Deno.test("one file: nginx, php-fpm, redis, cron and three workers, killed and restarted at random, all come back in their order, and nothing is left", async () => {
  const image = await archetypeImage("one-file", FILES, { from: await archetypeBase("services") });
  await using container = await boot(image);
  await booted(container);
  await settled(container, "after the boot");
  const dice = new Dice(SEED);
  const end = Date.now() + SECONDS * 1000;
  let rounds = 0;
  do {
    const deeds = dice.times(1 + dice.below(4), () => randomDeed(dice));
    const { code } = await container.exec([
      "/bin/bash",
      "-c",
      `{ ${deeds.join("; ")}; } 2>&1; true`,
    ]);
    assertEquals(code, 0);
    await settled(container, `in round ${rounds} of seed ${SEED}: ${deeds.join("; ")}`);
    rounds += 1;
  } while (Date.now() < end);
  console.log(`one file: ${rounds} rounds of seed ${SEED}`);
  const dead = async (): Promise<string[]> =>
    (await look(container)).processes.filter(({ isDead }) => isDead)
      .map(({ pid, started, program }) => `${program} ${pid} ${started}`);
  const seen = await dead(); // one may have died just now, and a check is made each second
  await eventually("the dead to be reaped", async () => {
    const now = await dead();
    return !seen.some((one) => now.includes(one));
  });
  assertEquals(await container.stop(), 0, container.stderr.text);
  const told = container.stderr.text;
  assert(!/\bpanic|internal error|\n {4}at /.test(told), told);
  assertMatch(told, /nginx successfully stopped\n[^]*php-fpm: stopping\n[^]*redis: stopping\n/);
});
