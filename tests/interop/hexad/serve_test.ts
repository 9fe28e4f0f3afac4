/**
 * `hexad serve`: the documents are those of the commands, whoever may not ask is refused, what
 * happens is followed across lost connections, and nothing is changed without leave.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { EventDocument } from "../../../lib/status/core/service_event.ts";
import type { StatusDocument } from "../../../lib/status/core/status_document.ts";
import { run } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import { OURS_OURS } from "../pairing.ts";
import { ftrigNames, openWorld, STAYS, STAYS_READY } from "../world.ts";
import { checkedDocument } from "./document.ts";
import { EventReader, rawAnswer, startServe } from "./served.ts";

requireToolset(OURS);

const HEXAD = OURS.bin("hexad");
const TOKEN = "correct-horse-battery";
const JSON_BODY = { "content-type": "application/json" };

/** A service that writes what is fed to its FIFO into a log directory of its own. */
const TALKS = {
  "talks/run!": "#!/bin/sh\nexec cat <>in\n",
  "talks/in|": "",
  "talks/log/logscript": "t n3 ../../.logs\n",
};

/** Without what changes from one look to the next. */
function still({ services, ...rest }: StatusDocument): unknown {
  return {
    ...rest,
    time: "",
    services: services.map((one) => ({
      ...one,
      sinceSeconds: 0,
      memory: null,
      cpu: null,
      processes: null,
      log: null,
    })),
  };
}

Deno.test("serve: the documents are those of the commands, by the same schemas, and HTTP is kept to", async () => {
  await using world = await openWorld(OURS_OURS, {
    "web/run!": STAYS_READY,
    "web/notification-fd": "3",
    "bad/run!": "#!/bin/sh\nexit 3\n",
    "bad/max-restarts": "0/60",
    ...TALKS,
  });
  await world.events("web").until("U");
  await world.events("bad").until("O");
  await world.tree.feed("talks/in", "one\ntwo\n");
  await using served = await startServe(world.tree.root);
  const cli = async (...args: string[]): Promise<string> =>
    (await run(HEXAD, [...args, "-S", world.tree.root])).stdout;
  await eventually("two lines of talks", async () => (await cli("logs", "talks")).includes("two"));

  for (const [path, ...names] of [["/v1/services"], ["/v1/services/web", "web"]] as const) {
    const text = JSON.stringify(await served.json(path));
    const document = checkedDocument(text, "status.schema.json") as StatusDocument;
    const own: StatusDocument = JSON.parse(await cli("status", "--json", ...names));
    assertEquals(still(document), still(own));
  }
  const logger = await served.json("/v1/services/talks%2Flog") as StatusDocument;
  assertEquals(logger.services.map(({ name }) => name), ["talks/log"]);
  const lines = await (await served.get("/v1/services/talks/log?lines=1")).text();
  assertEquals(lines, await cli("logs", "--json", "-n", "1", "talks"));
  const found = await (await served.get("/v1/services/talks/log?contains=n")).text();
  assertEquals((checkedDocument(found, "log.schema.json") as { text: string }).text, "one");
  const regex = await (await served.get("/v1/services/talks/log?contains=.*")).text();
  assertEquals(regex, "", "it is a text and no expression");
  for (
    const [path, schema, status] of [
      ["/v1/services/bad/deaths", "deaths", 200],
      ["/v1/health", "health", 503],
      ["/v1/health?exclude=bad", "health", 200],
      ["/v1/about", "about", 200],
    ] as const
  ) {
    checkedDocument(JSON.stringify(await served.json(path, status)), `${schema}.schema.json`);
  }
  const deaths = await served.json("/v1/services/bad/deaths") as { deaths: { exitCode: number }[] };
  assertEquals(deaths.deaths.map(({ exitCode }) => exitCode), [3]);
  const ready = await served.get("/readyz");
  assertMatch(await ready.text(), /^bad: failed/);
  assertEquals(ready.status, 503);
  assertEquals(await (await served.get("/readyz?exclude=bad")).text(), "ok\n");

  const page = await served.get("/");
  assertMatch(await page.text(), /^<!DOCTYPE html>/i);
  assertMatch(page.headers.get("content-security-policy")!, /^default-src 'self'/);
  const again = await served.get("/", { headers: { "if-none-match": page.headers.get("etag")! } });
  assertEquals([again.status, await again.text()], [304, ""]);
  const head = await served.get("/v1/about", { method: "HEAD" });
  assertEquals([head.status, await head.text()], [200, ""]);

  assertEquals(await served.problem("/v1/services/none", 404), "there is no service none");
  assertEquals(
    await served.problem("/v1/services/..%2F..%2Fetc%2Fpasswd", 404),
    "there is no service ../../etc/passwd",
  );
  await served.problem("/v1/services/%ff%00", 404);
  await served.problem("/v1/services/%zz", 400);
  await served.problem("/page/..%2f..%2fcmd", 404);
  await served.problem("/v1/graph", 404);
  await served.problem("/v1/boot", 404);
  assertMatch(await served.problem("/v1/services?x=1", 400), /^unknown parameter x/);
  await served.problem("/v1/services/talks/log?since=whenever", 400);
  const put = await served.get("/v1/services", { method: "PUT" });
  assertEquals([put.status, put.headers.get("allow")], [405, "GET, HEAD"]);
  await put.body?.cancel();
  assertMatch(
    await rawAnswer(
      served,
      "GET /livez HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    ),
    /^HTTP\/1\.1 421 [^]*this server is not called evil\.example/,
  );
  assertMatch(
    await served.problem("/v1/services/web/stop", 403, {
      method: "POST",
      headers: JSON_BODY,
      body: "{}",
    }),
    /--allow stop lets it$/,
  );
  await served.problem("/v1/services/web/explode", 404, { method: "POST", headers: JSON_BODY });
});

Deno.test("serve: with a token nobody looks without it; the page gets a cookie that is not the token", async () => {
  await using world = await openWorld(OURS_OURS, { "web/run!": STAYS, token: `${TOKEN}\n` });
  await using served = await startServe(world.tree.root, ["-t", world.tree.path("token")], {
    listen: "0.0.0.0:0",
  });
  const url = served.url.replace("0.0.0.0", "127.0.0.1");
  const status = async (path: string, init: RequestInit = {}): Promise<number> => {
    const response = await fetch(`${url}${path}`, init);
    await response.body?.cancel();
    return response.status;
  };
  const bearer = (token: string): RequestInit => ({
    headers: { authorization: `Bearer ${token}` },
  });
  assertEquals(await status("/v1/services"), 401);
  assertEquals(await status("/v1/events"), 401);
  assertEquals(await status("/livez"), 200);
  assertEquals(await status("/v1/services", bearer(`${TOKEN}x`)), 401);
  assertEquals(await status("/v1/services", bearer(TOKEN)), 200);

  const login = (token: unknown): Promise<Response> =>
    fetch(`${url}/login`, { method: "POST", headers: JSON_BODY, body: JSON.stringify({ token }) });
  assertEquals((await login("wrong")).status, 401);
  const response = await login(TOKEN);
  assertEquals(response.status, 204);
  const cookie = response.headers.get("set-cookie")!;
  assertMatch(cookie, /; HttpOnly; SameSite=Strict$/);
  assert(!cookie.includes(TOKEN));
  const session = cookie.split(";")[0]!;
  assertEquals(await status("/v1/services", { headers: { cookie: session } }), 200);
  const later = session.replace(/=\d+/, "=99999999999");
  assertEquals(await status("/v1/services", { headers: { cookie: later } }), 401);
  const logout = await fetch(`${url}/logout`, { method: "POST" });
  assertMatch(logout.headers.get("set-cookie")!, /^hexad-session=; .*Max-Age=0/);
});

Deno.test("serve: what is dangerous or can't be is refused before it listens", async () => {
  await using world = await openWorld(OURS_OURS, { "web/run!": STAYS, short: "secret\n" });
  const refusal = async (...args: string[]): Promise<string> => {
    const { code, stderr } = await run(HEXAD, ["serve", "-S", world.tree.root, ...args]);
    assertEquals(code, 100, stderr);
    return stderr.split("\n")[0]!;
  };
  assertMatch(
    await refusal("-l", "0.0.0.0:9266"),
    /open to other machines: that needs --token-file/,
  );
  assertMatch(await refusal("-l", "localhost:9266"), /no address: localhost:9266/);
  assertMatch(await refusal("--allow", "stop"), /--allow needs --token-file/);
  assertMatch(await refusal("--allow", "explode"), /no action: explode/);
  assertMatch(await refusal("-t", world.tree.path("short")), /holds no token/);
  assertMatch(await refusal("--tls-client-ca", "/dev/null"), /can't ask clients for certificates/);
  assertMatch(await refusal("--tls-cert", "/dev/null"), /belong together/);
  assertMatch(await refusal("--group", "root"), /for a Unix socket/);
});

Deno.test("serve: a Unix socket is for its group, and what --allow names can be done there, but not by another site", async () => {
  await using world = await openWorld(OURS_OURS, { "web/run!": STAYS });
  await world.events("web").until("u");
  const socket = world.tree.path("serve.sock");
  const options = ["--group", "root", "--allow", "restart,signal"];
  await using served = await startServe(world.tree.root, options, { listen: `unix:${socket}` });
  assertEquals(Deno.statSync(socket).mode! & 0o777, 0o660);
  const post = (body: unknown, headers: HeadersInit = {}): RequestInit => ({
    method: "POST",
    headers: { ...JSON_BODY, ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const acted = await served.get("/v1/services/web/restart", post({}));
  assertEquals(acted.status, 202);
  checkedDocument(await acted.text(), "acted.schema.json");
  await world.events("web").until("u");
  const signalled = await served.get("/v1/services/web/signal", post({ signal: "KILL" }));
  assertEquals(await signalled.json(), { format: 1, service: "web", told: "was sent SIGKILL" });
  await world.events("web").until("u");

  const restart = "/v1/services/web/restart";
  await served.problem("/v1/services/web/stop", 403, post({}));
  await served.problem(restart, 403, post({}, { origin: "http://evil.example" }));
  await served.problem(restart, 403, post({}, { "sec-fetch-site": "cross-site" }));
  await served.problem(restart, 415, { method: "POST", body: "{}" });
  await served.problem(restart, 400, post("{"));
  await served.problem(restart, 400, post({ signal: "HUP" }));
  await served.problem(restart, 413, post(" ".repeat(5000)));
  await served.problem("/v1/services/web/signal", 400, post({ signal: "BANG" }));
  await served.problem("/v1/services/none/restart", 404, post({}));

  served.process.kill("SIGTERM");
  await served.process.ended();
  assertEquals(world.tree.exists("serve.sock"), false);
});

Deno.test("serve: events and lines are followed, and taken up again where they were lost", async () => {
  await using world = await openWorld(OURS_OURS, { "web/run!": STAYS, ...TALKS });
  await world.events("web").until("u");
  await using served = await startServe(world.tree.root);
  assertEquals(ftrigNames(world.tree.path("web/event")).length, 1, "nobody asks, nobody listens");

  const events = async (lastId?: string): Promise<EventReader> =>
    new EventReader(
      await served.get("/v1/events", {
        headers: lastId === undefined ? {} : { "last-event-id": lastId },
      }),
    );
  let last: string;
  {
    await using reader = await events();
    const begin = await reader.next();
    assertEquals([begin!.event, begin!.data], ["begin", { unheard: [] }]);
    await world.svc("-k", "web");
    const died = await reader.until(({ event }) => event === "message");
    const document = checkedDocument(JSON.stringify(died.data), "event.schema.json");
    assertEquals((document as EventDocument).signal, "SIGKILL");
    last = died.id!;
  }
  {
    await using reader = await events(last);
    assertEquals((await reader.next())!.event, "begin");
    const up = await reader.until(({ data }) => (data as EventDocument).event === "up");
    assertEquals((up.data as EventDocument).service, "web");
    world.tree.add({ "late/run!": STAYS });
    await world.ok("s6-svscanctl", "-a", ".");
    await reader.until(({ event }) => event === "services");
    await reader.until(({ data }) => (data as EventDocument).service === "late");
  }
  {
    await using reader = await events("never-1");
    assertEquals((await reader.next())!.event, "gap");
  }

  const lines = async (lastId?: string): Promise<EventReader> =>
    new EventReader(
      await served.get("/v1/services/talks/log?follow", {
        headers: {
          accept: "text/event-stream",
          ...(lastId === undefined ? {} : { "last-event-id": lastId }),
        },
      }),
    );
  await world.tree.feed("talks/in", "one\ntwo\n");
  const textOf = ({ data }: { readonly data: unknown }): string => (data as { text: string }).text;
  let place: string;
  {
    await using reader = await lines();
    const one = await reader.until((line) => textOf(line) === "one");
    place = one.id!;
    assertEquals(textOf((await reader.next())!), "two");
  }
  await world.tree.feed("talks/in", "three\n");
  {
    await using reader = await lines(place);
    assertEquals(textOf((await reader.next())!), "two");
    assertEquals(textOf((await reader.next())!), "three");
    await world.tree.feed("talks/in", "four\n");
    assertEquals(textOf((await reader.next())!), "four");
  }
});

Deno.test("serve: a service of hexad new --serve finds its tree, tells that it is ready, and names what it serves", async () => {
  const PATH = `${HEXAD.replace(/\/hexad$/, "")}:${Deno.env.get("PATH")}`;
  await using world = await openWorld(OURS_OURS, { "web/run!": STAYS }, { env: { PATH } });
  const socket = world.tree.path("serve.sock");
  const words = ["show", "--serve", "-C", world.tree.root, `unix:${socket}`];
  const made = await run(HEXAD, ["new", ...words]);
  assertEquals(made.code, 0, made.stderr);
  await world.ok("s6-svscanctl", "-a", ".");
  await world.ok("s6-svwait", "-U", "-t", "40000", "show");
  const client = Deno.createHttpClient({ proxy: { transport: "unix", path: socket } });
  const about = await (await fetch("http://hexad/v1/about", { client })).json();
  assertEquals(about.scandir, world.tree.root);
  client.close();
});
