/**
 * Debian's nginx, php-fpm, redis and cron as one tree of definitions: each begins when what it needs
 * is ready, comes back from SIGKILL, and is restarted with what it needs.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { eventually } from "../../fixture/deadline.ts";
import type { TreeSpec } from "../../fixture/tree.ts";
import type { Container } from "../container.ts";
import {
  archetypeBase,
  archetypeImage,
  assertClientsSee,
  assertStops,
  boot,
  booted,
  longrun,
  scripted,
  user,
} from "./archetype.ts";
import { REAL_SERVICES_FILES } from "./real_services_files.ts";

/** What a killed master has left of its group would keep the next one from its port. */
const FINISH = '#!/bin/bash\nkill -9 -- -"$4" 2>/dev/null\nexit 0\n';

const FILES: TreeSpec = {
  ...scripted("init-places", [
    "mkdir -p /run/php /var/lib/nginx /var/lib/redis /var/spool/cron/crontabs",
  ]),
  ...longrun(
    "redis",
    ["exec redis-server --port 6379 --bind 127.0.0.1 --save '' --dir /var/lib/redis"],
    ["init-places"],
    { "ready-tcp": "6379\n" },
  ),
  ...longrun(
    "php-fpm",
    [
      'exec s6-notifyoncheck -d -n 0 -w 50 -c "test -S /run/php/fpm.sock" php-fpm8.2 --nodaemonize --fpm-config /etc/fpm.conf',
    ],
    ["redis"],
    { "notification-fd": "3", "down-signal": "SIGQUIT", "finish!": FINISH },
  ),
  ...longrun(
    "nginx",
    ["exec nginx -c /etc/nginx.conf -g 'daemon off;'"],
    ["php-fpm"],
    {
      "ready-http": "http://127.0.0.1:8080/ping\n",
      "down-signal": "SIGQUIT",
      "finish!": FINISH,
    },
  ),
  ...longrun("cron", ["exec cron -f"], ["init-places"]),
  ...user("redis", "php-fpm", "nginx", "cron"),
  ...REAL_SERVICES_FILES,
};
const SERVICES = ["redis", "php-fpm", "nginx", "cron"];

function shell(container: Container, line: string): Promise<string> {
  return container.said("/bin/bash", "-c", line);
}

function page(container: Container): Promise<string> {
  return shell(container, "busybox wget -q -O - http://127.0.0.1:8080/ || true");
}

/** The process of each service that is ready; 0 for others. */
async function pids(container: Container): Promise<Readonly<Record<string, number>>> {
  const lines = SERVICES.map((name) => `s6-svstat -o pid,ready /run/service/${name}`);
  const said = (await shell(container, lines.join("; "))).trimEnd().split("\n");
  return Object.fromEntries(SERVICES.map((name, index) => {
    const [pid, ready] = said[index]!.split(" ");
    // cron tells no readiness
    return [name, ready === "true" || name === "cron" ? Number(pid) : 0];
  }));
}

Deno.test("real services: nginx, php-fpm, redis and cron as one tree: readiness, kill -9 of each, restart with dependants, stop in order", async () => {
  const image = await archetypeImage("real-services", FILES, {
    from: await archetypeBase("services"),
  });
  await using container = await boot(image);
  await booted(container);
  assertEquals(await page(container), "hits :1\n", container.stderr.text);
  await eventually(
    "cron's first job",
    async () => (await container.exec(["/bin/test", "-e", "/run/cron-has-run"])).code === 0,
  );
  await assertClientsSee(container, { up: ["init-places", ...SERVICES], longruns: SERVICES });
  for (const name of SERVICES) {
    const before = await pids(container);
    assert(before[name]! > 1, JSON.stringify(before));
    await shell(container, `kill -9 ${before[name]}`);
    await eventually(`${name} to be ready again`, async () => {
      const after = await pids(container);
      return ![0, -1, before[name]].includes(after[name]);
    });
    await eventually(
      `the page after the death of ${name}`,
      async () => /^hits :\d+\n$/.test(await page(container)),
    );
  }
  const before = await pids(container);
  const { code, stdout, stderr } = await container.exec([
    "hexad",
    "restart",
    "--wait",
    "--with-dependants",
    "redis",
  ]);
  assertEquals(code, 0, stdout + stderr);
  const after = await pids(container);
  assertEquals(
    SERVICES.filter((name) => after[name] !== before[name]),
    ["redis", "php-fpm", "nginx"],
    JSON.stringify([before, after]),
  );
  assertEquals(await page(container), "hits :1\n");
  await assertStops(container, FILES);
  assertMatch(container.stderr.text, /nginx successfully stopped\n[^]*redis: stopping\n/);
});
