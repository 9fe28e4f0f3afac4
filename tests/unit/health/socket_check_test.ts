/** SocketCheck against servers that answer, answer badly, or do not answer. */
import { assertEquals } from "@std/assert";
import { beginCheck } from "../../../lib/health/begin_check.ts";
import type { CheckOutcome } from "../../../lib/health/core/health_machine.ts";
import type { HealthFileName } from "../../../lib/health/core/health_files.ts";
import { healthSettings } from "../../../lib/health/core/health_settings.ts";
import { Poller } from "../../../lib/libc/epoll.ts";
import { Reaper } from "../../../lib/processes/reaper.ts";
import { within } from "../../fixture/deadline.ts";
import { makeTree } from "../../fixture/tree.ts";

const OK = "HTTP/1.1 200 OK\r\n";

/** What one check says that `files` of a health-check describe. */
async function outcomeOf(files: Partial<Record<HealthFileName, string>>): Promise<CheckOutcome> {
  const lines = new Map(Object.entries(files) as [HealthFileName, string][]);
  const { check } = healthSettings(lines, ({ found }) => {
    throw new Error(found.cause);
  })!;
  using poller = new Poller();
  const running = poller.run();
  const outcome = await within(
    new Promise<CheckOutcome>((resolve, reject) => {
      beginCheck(check, {
        poller,
        reaper: new Reaper(poller.portions),
        name: "web",
        spawnFailure: () => "",
        onEnd: resolve,
        onMishap: reject,
      });
    }),
    "the outcome of a check",
  );
  poller.stop();
  await running;
  return outcome;
}

/** Its words: `success`, or why not. */
async function told(files: Partial<Record<HealthFileName, string>>): Promise<string> {
  const outcome = await outcomeOf(files);
  return outcome.kind === "success" ? outcome.kind : `${outcome.kind}: ${outcome.why}`;
}

/** A server that does this with each connection, once it has read the request. */
function serve(
  answer: (connection: Deno.Conn, request: string) => Promise<void>,
  hostname = "127.0.0.1",
): { readonly port: number; readonly requests: string[] } & Disposable {
  const listener = Deno.listen({ hostname, port: 0 });
  const requests: string[] = [];
  const served = (async () => {
    for await (const connection of listener) {
      const buffer = new Uint8Array(4096);
      const count = await connection.read(buffer).catch(() => null);
      const request = new TextDecoder().decode(buffer.subarray(0, count ?? 0));
      requests.push(request);
      await answer(connection, request).catch(() => {}); // the check may have gone
      try {
        connection.close();
      } catch {
        // closed by the answer
      }
    }
  })();
  void served;
  return {
    port: (listener.addr as Deno.NetAddr).port,
    requests,
    [Symbol.dispose]: () => listener.close(),
  };
}

async function send(connection: Deno.Conn, text: string): Promise<void> {
  await connection.write(new TextEncoder().encode(text));
}

const ANSWERS: readonly (readonly [
  what: string,
  answer: (connection: Deno.Conn) => Promise<void>,
  expected: string,
])[] = [
  ["200", (c) => send(c, `${OK}Content-Length: 0\r\n\r\n`), "success"],
  ["302", (c) => send(c, "HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n"), "success"],
  ["500", (c) => send(c, "HTTP/1.1 500 Oh\r\n\r\n"), "failure: status 500"],
  ["nothing", () => Promise.resolve(), "failure: no answer"],
  ["half a status line", (c) => send(c, "HTTP/1.1 20"), "failure: the answer ends too early"],
  ["something else", (c) => send(c, "220 smtp ready\r\n"), "failure: the answer is not HTTP"],
  ["a status in pieces", async (c) => {
    for (const piece of ["HT", "TP/1.0 ", "20", "4 \r", "\n"]) await send(c, piece);
  }, "success"],
  ["an answer after an interim one", (c) => send(c, `HTTP/1.1 100 x\r\n\r\n${OK}`), "success"],
  ["interim answers without end", async (c) => {
    for (let i = 0; i < 2000; i++) await send(c, "HTTP/1.1 102 x\r\n\r\n");
  }, "failure: the answer is not HTTP"],
  ["a body without end", async (c) => {
    await send(c, `${OK}\r\n`);
    const block = "x".repeat(65_536);
    for (let i = 0; i < 16_384; i++) await send(c, block); // until the check has closed
  }, "success"],
];
for (const [what, answer, expected] of ANSWERS) {
  Deno.test(`http: ${what}: ${expected}`, async () => {
    using server = serve(answer);
    assertEquals(await told({ http: `http://127.0.0.1:${server.port}/a?b` }), expected);
    assertEquals(server.requests[0]!.split("\r\n", 2), [
      "GET /a?b HTTP/1.1",
      `Host: 127.0.0.1:${server.port}`,
    ]);
  });
}

Deno.test("http: the statuses that count as good", async () => {
  using server = serve((c) => send(c, "HTTP/1.1 404 x\r\n"));
  const http = `http://localhost:${server.port}/`;
  assertEquals(await told({ http, "http-status": "200,404" }), "success");
  assertEquals(await told({ http }), "failure: status 404");
});

Deno.test("tcp: somebody accepts, or nobody does", async () => {
  using server = serve(() => Promise.resolve());
  assertEquals(await told({ tcp: String(server.port) }), "success");
  const closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = closed.addr as Deno.NetAddr;
  closed.close();
  assertEquals(await told({ tcp: `127.0.0.1:${port}` }), "failure: Connection refused");
  assertEquals(await told({ tcp: `localhost:${port}` }), "failure: Connection refused");
});

Deno.test("tcp: localhost is both addresses", async () => {
  using server = serve(() => Promise.resolve(), "::1");
  assertEquals(await told({ tcp: `localhost:${server.port}` }), "success");
  assertEquals(await told({ tcp: `[::1]:${server.port}` }), "success");
  assertEquals(await told({ tcp: `${server.port}` }), "failure: Connection refused");
});

Deno.test("unix: somebody accepts, nobody does, or it is something else", async () => {
  using tree = makeTree({ file: "" });
  const path = tree.path("socket");
  assertEquals(await told({ unix: path }), "failure: No such file or directory");
  assertEquals(await told({ unix: tree.path("file") }), "failure: Connection refused");
  const listener = Deno.listen({ transport: "unix", path });
  assertEquals(await told({ unix: path }), "success");
  listener.close();
});

Deno.test("a check that is given up is gone at once, and says nothing more", async () => {
  using server = serve(() => new Promise((resolve) => setTimeout(resolve, 10)));
  using poller = new Poller();
  const running = poller.run();
  const told: string[] = [];
  const { check } = healthSettings(
    new Map([["http", `http://127.0.0.1:${server.port}`]]),
    () => {},
  )!;
  const begun = beginCheck(check, {
    poller,
    reaper: new Reaper(poller.portions),
    name: "web",
    spawnFailure: () => "",
    onEnd: () => told.push("end"),
    onMishap: () => told.push("mishap"),
  });
  begun.giveUp(() => told.push("gone"));
  await outcomeOf({ tcp: String(server.port) });
  poller.stop();
  await running;
  assertEquals(told, ["gone"]);
});
