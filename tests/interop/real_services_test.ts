/** Debian's nginx and redis-server under our s6-svscan, while requests go on. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { eventually } from "../fixture/deadline.ts";
import { OURS_OURS, OURS_THEIRS, type Pairing, test } from "./pairing.ts";
import { Traffic } from "./traffic.ts";
import { openWorld, type World } from "./world.ts";

const LOGGER = "#!/bin/sh\nexec cat >>lines\n";

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function exchange(
  port: number,
  request: string,
  isWhole: (answer: string) => boolean,
): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(request));
  const buffer = new Uint8Array(65536);
  let answer = "";
  while (!isWhole(answer)) {
    const count = await connection.read(buffer);
    if (count === null) break;
    answer += new TextDecoder().decode(buffer.subarray(0, count));
  }
  return answer;
}

/** A HTTP/1.0 request on a connection of its own. Returns headers and body. */
async function httpGet(port: number, path: string): Promise<string> {
  const answer = await exchange(port, `GET ${path} HTTP/1.0\r\n\r\n`, () => false);
  if (!answer.startsWith("HTTP/1.1 200 OK\r\n")) throw new Error(`answer: ${answer.slice(0, 100)}`);
  return answer;
}

function nginxConf(port: number, version: string): string {
  return `daemon off; user root; worker_processes 2; pid nginx.pid; error_log stderr notice;
events { worker_connections 64; }
http {
  access_log off; client_body_temp_path tmp; proxy_temp_path tmp; fastcgi_temp_path tmp; uwsgi_temp_path tmp; scgi_temp_path tmp;
  server {
    listen 127.0.0.1:${port};
    location = /version { return 200 "${version}"; }
    location = /slow { root .; limit_rate 50k; }
  }
}
`;
}

/**
 * nginx becomes ready when it listens; what a killed master leaves of its group is ended by finish.
 */
function nginxSpec(port: number, readiness: string): Record<string, string> {
  const check = `exit !IO::Socket::INET->new("127.0.0.1:${port}")`;
  return {
    "web/run!":
      `#!/bin/sh\nexec 2>&1 ${readiness} -w 20 -n 0 /usr/sbin/nginx -p "$PWD" -c nginx.conf\n`,
    "web/finish!": "#!/bin/sh\nkill -KILL -- -$4 2>/dev/null\nexit 0\n",
    "web/data/check!": `#!/bin/sh\nexec perl -MIO::Socket::INET -e '${check}'\n`,
    "web/notification-fd": "3",
    "web/down-signal": "SIGQUIT",
    "web/nginx.conf": nginxConf(port, "one"),
    "web/slow": "s".repeat(100_000),
    "web/log/run!": LOGGER,
  };
}

interface Web extends AsyncDisposable {
  readonly world: World;
  readonly port: number;
  readonly traffic: Traffic;
}

async function openWeb(p: Pairing): Promise<Web> {
  const port = freePort();
  const world = await openWorld(p, nginxSpec(port, p.client.bin("s6-notifyoncheck")));
  try {
    await world.events("web").expect("suU");
  } catch (error) {
    await world[Symbol.asyncDispose]();
    throw error;
  }
  const traffic = new Traffic(async () => {
    await httpGet(port, "/version");
  });
  const dispose = async (): Promise<void> => {
    await traffic[Symbol.asyncDispose]();
    await world[Symbol.asyncDispose]();
  };
  return { world, port, traffic, [Symbol.asyncDispose]: dispose };
}

function nginxCases(p: Pairing): void {
  test(
    p,
    "nginx is ready when it answers: the first request after s6-svwait -U succeeds",
    async () => {
      await using web = await openWeb(p);
      await web.world.ok("s6-svwait", "-U", "web");
      await web.traffic.succeed(20);
      web.traffic.assertNoFailures();
    },
  );
  test(
    p,
    "nginx: s6-svc -h reloads the configuration in the same process, and no request fails",
    async () => {
      await using web = await openWeb(p);
      const { pid } = web.world.status("web");
      await web.traffic.succeed(20);
      web.world.tree.add({ "web/nginx.conf": nginxConf(web.port, "two") });
      await web.world.svc("-h", "web");
      await eventually(
        "the new configuration",
        async () => (await httpGet(web.port, "/version")).endsWith("\r\n\r\ntwo"),
      );
      await web.traffic.succeed(20);
      web.traffic.assertNoFailures();
      assertEquals(web.world.status("web").pid, pid);
    },
  );
  test(
    p,
    "nginx: after s6-svc -k it is back, and no request fails that was not under way between the kill and readiness",
    async () => {
      await using web = await openWeb(p);
      await web.traffic.succeed(20);
      const killedMs = performance.now();
      await web.world.svc("-k", "web");
      await web.world.events("web").expect("dDuU");
      const readyMs = performance.now();
      await web.traffic.succeed(20);
      web.traffic.assertFailuresWithin(killedMs, readyMs);
    },
  );
  test(
    p,
    "nginx: s6-svc -d lets a request that is under way come to its end, and takes no more",
    async () => {
      await using web = await openWeb(p);
      await web.traffic.succeed(20);
      await web.traffic[Symbol.asyncDispose]();
      web.traffic.assertNoFailures();
      const slow = httpGet(web.port, "/slow");
      // nginx has the request when its worker has the file open
      await eventually(
        "nginx to serve the slow request",
        () => isServing(web.world.tree.path("web/slow")),
      );
      await web.world.svc("-wD", "-d", "web");
      assertEquals((await slow).split("\r\n\r\n")[1]?.length, 100_000);
      assertEquals(await web.world.field("web", "up,exitcode"), "false 0");
      await httpGet(web.port, "/version").then(
        () => Promise.reject(new Error("still answered")),
        (error) => {
          if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
        },
      );
      assertStringIncludes(web.world.tree.text("web/log/lines"), "gracefully shutting down");
    },
  );
}

/** Whether some process has the file open. */
function isServing(path: string): boolean {
  const pids = [...Deno.readDirSync("/proc")].map(({ name }) => name).filter((name) =>
    /^\d+$/.test(name)
  );
  return pids.some((pid) => {
    try {
      return [...Deno.readDirSync(`/proc/${pid}/fd`)].some(({ name }) =>
        Deno.readLinkSync(`/proc/${pid}/fd/${name}`) === path
      );
    } catch {
      return false; // it has ended, or closed the descriptor
    }
  });
}

/** Sends one command of redis's inline protocol and returns the one line of its answer. */
async function redis(port: number, command: string): Promise<string> {
  const answer = await exchange(port, `${command}\r\n`, (text) => text.endsWith("\r\n"));
  if (!/^[:+$]/.test(answer) || !answer.endsWith("\r\n")) {
    throw new Error(`answer to ${command}: ${answer}`);
  }
  return answer.trimEnd();
}

interface Store extends AsyncDisposable {
  readonly world: World;
  readonly port: number;
  readonly traffic: Traffic;
  /** What the counter was told to be last. */
  counter(): Promise<number>;
}

async function openStore(p: Pairing): Promise<Store> {
  const port = freePort();
  const options =
    `--bind 127.0.0.1 --port ${port} --dir . --appendonly yes --appendfsync always --save ""`;
  const world = await openWorld(p, {
    "redis/run!": `#!/bin/sh\nexec 2>&1 ${
      p.client.bin("s6-notifyoncheck")
    } -w 20 -n 0 /usr/bin/redis-server ${options}\n`,
    "redis/data/check!": `#!/bin/sh\ntest "$(redis-cli -p ${port} ping)" = PONG\n`,
    "redis/notification-fd": "3",
    "redis/log/run!": LOGGER,
  });
  try {
    await world.events("redis").expect("suU");
  } catch (error) {
    await world[Symbol.asyncDispose]();
    throw error;
  }
  const traffic = new Traffic(async () => {
    await redis(port, "INCR counter");
  });
  const counter = async (): Promise<number> =>
    Number((await redis(port, "INCRBY counter 0")).slice(1));
  const dispose = async (): Promise<void> => {
    await traffic[Symbol.asyncDispose]();
    await world[Symbol.asyncDispose]();
  };
  return { world, port, traffic, counter, [Symbol.asyncDispose]: dispose };
}

/** Asserts that every acknowledged write is there; the one that was under way may be there too. */
async function assertKept(store: Store): Promise<void> {
  const unacknowledged = await store.counter() - store.traffic.successes;
  assertEquals(
    unacknowledged === 0 || unacknowledged === 1,
    true,
    `${unacknowledged} more writes than acknowledged`,
  );
}

function redisCases(p: Pairing): void {
  test(
    p,
    "redis: after s6-svc -k it is back with every acknowledged write, and requests fail only until it is ready",
    async () => {
      await using store = await openStore(p);
      await store.traffic.succeed(20);
      const killedMs = performance.now();
      await store.world.svc("-k", "redis");
      await store.world.events("redis").expect("dDuU");
      const readyMs = performance.now();
      await store.traffic.succeed(20);
      await store.traffic[Symbol.asyncDispose]();
      store.traffic.assertFailuresWithin(killedMs, readyMs);
      await assertKept(store);
    },
  );
  test(
    p,
    "redis: s6-svc -h leaves it serving, s6-svc -wR -r restarts it gracefully and nothing is lost",
    async () => {
      await using store = await openStore(p);
      await store.traffic.succeed(20);
      await store.world.svc("-h", "redis");
      await store.traffic.succeed(20);
      store.traffic.assertNoFailures();
      const toldMs = performance.now();
      await store.world.svc("-wR", "-r", "redis");
      const readyMs = performance.now();
      await store.traffic.succeed(20);
      await store.traffic[Symbol.asyncDispose]();
      store.traffic.assertFailuresWithin(toldMs, readyMs);
      await assertKept(store);
    },
  );
  test(
    p,
    "redis: s6-svscan's own end is graceful: redis exits by itself and its logger has its last words",
    async () => {
      await using store = await openStore(p);
      await store.traffic.succeed(20);
      await store.traffic[Symbol.asyncDispose]();
      assertEquals(await store.world.svscan.stop(), 0);
      await store.world.events("redis").expect("dDx");
      assertEquals(store.world.status("redis").wstat, 0);
      assertStringIncludes(store.world.tree.text("redis/log/lines"), "bye bye");
    },
  );
}

for (const pairing of [OURS_OURS, OURS_THEIRS]) {
  nginxCases(pairing);
  redisCases(pairing);
}
