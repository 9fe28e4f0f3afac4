/**
 * Clients of `hexad serve` that send rubbish, half of something or nothing, and that do not read:
 * others are answered, memory stays, and no service notices.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { eventually, within } from "../fixture/deadline.ts";
import { OURS, requireToolset } from "../fixture/toolset.ts";
import { Dice } from "../fuzz/dice.ts";
import { EventReader, rawAnswer, type Served, startServe } from "../interop/hexad/served.ts";
import { OURS_OURS } from "../interop/pairing.ts";
import { openWorld, STAYS, type World } from "../interop/world.ts";
import { openDescriptors, ownBytes } from "./process_facts.ts";

requireToolset(OURS);

const REQUESTS = 1500;
const SEED = 17;
const MEGABYTE = 1 << 20;
const encoder = new TextEncoder();

/** Writes as much as it is told to, into a log directory. */
const FLOODS = {
  "flood/run!": "#!/bin/sh\nexec 3<>in\nwhile read n <&3; do seq -f '%0100.0f' $n; done\n",
  "flood/in|": "",
  "flood/log/logscript": "t n3 s9000000 ../../.logs\n",
};

/** The service is as it was, and the server answers. */
async function allIsWell(world: World, served: Served, pid: string): Promise<void> {
  assertEquals(await (await served.get("/livez")).text(), "ok\n");
  assertEquals(await world.field("web", "pid"), pid);
  assert(!served.process.stderr.text.includes("    at "), served.process.stderr.text);
}

async function connectTo({ url }: Served): Promise<Deno.TcpConn> {
  const { hostname, port } = new URL(url);
  return await Deno.connect({ hostname, port: Number(port) });
}

/** A request of ours, with something wrong in it. */
function badRequest(dice: Dice): Uint8Array<ArrayBuffer> {
  const bytes = encoder.encode(
    `${dice.pick(["GET", "POST", "HEAD", "PUT", "G\0T", "PRI", "get"])} ${
      dice.pick([
        "/",
        "/v1/services/web",
        "/v1/services/%2e%2e%2f%2e%2e%2fetc%2fpasswd/log?lines=3",
        "/v1/../../etc/passwd",
        "/v1/services/%ff%fe%00/deaths",
        `/${"x".repeat(dice.below(20_000))}`,
        "/v1/services/web/log?contains=((((&lines=-1",
        "*",
        "http://[::1",
        "\xff\xfe",
      ])
    } HTTP/${dice.pick(["1.1", "1.0", "2.0", "9", ""])}\r\nHost: ${
      dice.pick(["localhost", "evil.example", "[", "", "a\0b"])
    }\r\n${
      dice.pick([
        "Connection: close\r\n",
        `Content-Length: ${dice.below(9999)}\r\nConnection: close\r\n`,
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
        "Transfer-Encoding: chunked, gzip\r\nConnection: close\r\n",
        `Accept: text/event-stream\r\nLast-Event-ID: ${
          dice.pick(["\xff", "-1", "1e999", "0".repeat(5000), "a-b-c"])
        }\r\n`,
        `Cookie: ${"hexad-session=1.".repeat(dice.below(2000))}\r\n`,
        `Authorization: Bearer ${"\xff".repeat(dice.below(5000))}\r\n`,
        `Origin: ${dice.pick(["null", "http://evil.example", "file://", ""])}\r\n`,
        "Host: other.example\r\nHost: localhost\r\n",
        "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AA\r\n",
        "Expect: 100-continue\r\nContent-Length: 9\r\n",
        `X: ${"y".repeat(dice.below(100_000))}\r\n`,
        "X: 1\r\n".repeat(dice.below(300)),
      ])
    }\r\n${
      dice.pick([
        "",
        "ffffffffffffffff\r\n",
        "-5\r\nhello\r\n",
        "3;x=\xff\r\nabcd\r\n0\r\n\r\n",
        "{",
        "\xff\xff",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0",
        "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(dice.below(50)),
      ])
    }`,
  );
  for (let changes = dice.below(4); changes > 0; changes--) {
    bytes[dice.below(bytes.length)] = dice.below(256);
  }
  return bytes.subarray(0, dice.below(8) === 0 ? dice.below(bytes.length) : bytes.length);
}

Deno.test("serve: 1500 bad requests: each gets an answer or the end, and what they held is given back", async () => {
  await using world = await openWorld(OURS_OURS, { "web/run!": STAYS });
  await world.events("web").until("u");
  const pid = await world.field("web", "pid");
  await using served = await startServe(world.tree.root);
  const dice = new Dice(SEED);
  const round = async (count: number): Promise<void> => {
    for (let sent = 0; sent < count; sent++) {
      using connection = await connectTo(served);
      await connection.write(badRequest(dice)).catch(() => 0); // it may have heard enough
      await connection.closeWrite().catch(() => {});
      const answer = new Response(connection.readable).text().catch(() => "");
      if (dice.below(4) > 0) {
        const text = await within(answer, "an answer or the end");
        assertMatch(text, /^(HTTP\/1\.[01] [1-5]\d\d |$)/);
        assert(!text.includes("root:"), text);
      }
    }
  };
  await round(REQUESTS / 2);
  await allIsWell(world, served, pid);
  const before = ownBytes(served.process.pid);
  await round(REQUESTS / 2);
  await allIsWell(world, served, pid);
  assert(ownBytes(served.process.pid) - before < 16 * MEGABYTE, "it grows with bad requests");
});

for (
  const [what, request] of [
    ["ask once", "GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"],
    ["go after half a header", "GET /livez HTTP/1.1\r\nHost: loc"],
  ] as const
) {
  Deno.test(`serve: thousands of connections that ${what}: nothing is left of them`, async () => {
    await using world = await openWorld(OURS_OURS, { "web/run!": STAYS });
    await using served = await startServe(world.tree.root);
    const round = async (): Promise<void> => {
      for (let count = 0; count < 1500; count++) {
        using connection = await connectTo(served);
        await connection.write(encoder.encode(request));
        await connection.closeWrite();
        await new Response(connection.readable).text().catch(() => "");
      }
    };
    await round(); // by then the heap has the size that much traffic gives it
    const before = ownBytes(served.process.pid);
    await round();
    assert(ownBytes(served.process.pid) - before < 5 * MEGABYTE, "it grows with connections");
  });
}

Deno.test("serve: 700 connections that send half a header: others are answered, and there are never more than 512", async () => {
  await using world = await openWorld(OURS_OURS, { "web/run!": STAYS });
  await world.events("web").until("u");
  const pid = await world.field("web", "pid");
  await using served = await startServe(world.tree.root);
  const slow: Deno.TcpConn[] = [];
  try {
    for (let count = 0; count < 700; count++) {
      const connection = await connectTo(served);
      slow.push(connection);
      await connection.write(encoder.encode("GET /v1/services HTTP/1.1\r\nHost: loc"));
    }
    await allIsWell(world, served, pid);
    await eventually(
      "those that are too many to be closed",
      () => openDescriptors(served.process.pid) < 560,
    );
    // the first gave way; what it sent was no request yet
    assertEquals(await within(slow[0]!.read(new Uint8Array(1)).catch(() => null), "its end"), null);
  } finally {
    slow.forEach((connection) => connection.close());
  }
  await eventually(
    "all connections to be closed",
    () => openDescriptors(served.process.pid) < 100,
  );
  await allIsWell(world, served, pid);
});

Deno.test("serve: clients that follow a log and do not read hold up nobody: memory is bounded, and others get every line", async () => {
  await using world = await openWorld(OURS_OURS, { "web/run!": STAYS, ...FLOODS });
  await world.events("web").until("u");
  const pid = await world.field("web", "pid");
  await using served = await startServe(world.tree.root);
  const path = "/v1/services/flood/log?follow&lines=all";
  const accept = "text/event-stream";
  await world.tree.feed("flood/in", "1\n");
  await using reader = new EventReader(await served.get(path, { headers: { accept } }));
  const first = await reader.next();
  assertMatch((first!.data as { text: string }).text, /^0*1$/);
  const sleepers: Deno.TcpConn[] = [];
  try {
    for (let count = 0; count < 20; count++) {
      const connection = await connectTo(served);
      sleepers.push(connection);
      const request = `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: ${accept}\r\n\r\n`;
      await connection.write(encoder.encode(request));
    }
    let before = 0;
    let last = 0;
    // more than the kernel keeps for those that sleep
    for (let round = 0; round < 4; round++) {
      // by then the heap has the size that much traffic gives it
      if (round === 2) before = ownBytes(served.process.pid);
      await world.tree.feed("flood/in", "20000\n");
      for (let line = 1; line <= 20_000; line++) {
        const event = await reader.next();
        last = Number((event!.data as { text: string }).text);
        if (last !== line) assertEquals(last, line, "a line is missing");
      }
    }
    assertEquals(last, 20_000);
    await allIsWell(world, served, pid);
    assert(
      ownBytes(served.process.pid) - before < 48 * MEGABYTE,
      "it grows with who does not read",
    );
  } finally {
    sleepers.forEach((connection) => connection.close());
  }
});

Deno.test("serve: s6-svscan ends and comes back, and the scan directory is another one: the same server goes on", async () => {
  await using world = await openWorld(OURS_OURS, { "tree/web/run!": STAYS }, { scandir: "tree" });
  await using served = await startServe(world.tree.path("tree"));
  await using reader = new EventReader(await served.get("/v1/events"));
  await reader.until(({ event }) => event === "begin");
  await world.ok("s6-svscanctl", "-t", "tree");
  await eventually("nobody to supervise", async () => {
    const document = await served.json("/v1/services") as { scanned: boolean };
    return !document.scanned;
  });
  world.tree.rename("tree", "old");
  await eventually("the server to say so", async () => {
    const response = await served.get("/v1/services"); // a look just before may still count
    await response.body?.cancel();
    return response.status === 503;
  });
  world.tree.add({ "tree/other/run!": STAYS });
  const again = world.start("s6-svscan", "tree");
  try {
    const isUp = ({ data }: { readonly data: unknown }): boolean => {
      const { service, event } = data as { service?: string; event?: string };
      return service === "other" && event === "up";
    };
    let heard = false;
    const up = reader.until(isUp).then(() => heard = true);
    // its first start may come before the server listens to it
    await eventually("a start to be heard", async () => {
      if (!heard) await world.ok("s6-svc", "-r", "tree/other");
      return heard;
    });
    await up;
    const document = await served.json("/v1/services") as { services: { name: string }[] };
    assertEquals(document.services.map(({ name }) => name), ["other"]);
  } finally {
    world.tree.killProcesses();
    await again[Symbol.asyncDispose]();
  }
  assertMatch(await rawAnswer(served, "nonsense\r\n\r\n"), /^HTTP\/1\.1 400 /);
});
