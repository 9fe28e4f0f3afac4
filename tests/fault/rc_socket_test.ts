/**
 * Clients of s6-rc that send nonsense, too much, too little or nothing, and never read: nobody else
 * notices.
 */
import { assert, assertEquals } from "@std/assert";
import { close } from "../../lib/libc/file.ts";
import { receivePacket, sendPacket } from "../../lib/libc/socket/packet.ts";
import { connectIn } from "../../lib/files/sockets.ts";
import { packetsOf, requestText } from "../../lib/rc/core/protocol.ts";
import { eventually } from "../fixture/deadline.ts";
import { type LiveRc, ONE, withLive } from "./rc_live.ts";

const text = new TextEncoder();

async function works({ did }: LiveRc): Promise<void> {
  for (const direction of ["-u", "-d"]) await did(direction, "change", "one");
}

function connected(directory: string, name: string): number {
  const fd = connectIn(directory, name);
  assert(fd >= 0, `connect: ${fd}`);
  return fd;
}

/** What the other side answers until it says the end, or is gone. */
async function answers(fd: number): Promise<string> {
  const buffer = new Uint8Array(65_536);
  let heard = "";
  await eventually("an answer", () => {
    const packet = receivePacket(fd, buffer);
    if (typeof packet === "number") return false;
    heard += new TextDecoder().decode(packet.payload.subarray(1));
    return packet.payload.length === 0 || heard.includes('"end"');
  });
  return heard;
}

const NONSENSE: readonly (readonly [string, readonly Uint8Array<ArrayBuffer>[]])[] = [
  ["an empty request", [text.encode(".")]],
  ["no packet of ours", [text.encode("hello")]],
  ["binary rubbish", [new Uint8Array(4096).fill(0xff)]],
  ["JSON of another kind", [text.encode('.{"version":1,"command":"rm"}')]],
  ["another version", [text.encode('.{"version":99,"command":"change"}')]],
  [
    "a request for the other socket",
    packetsOf(requestText({ command: "adopt", live: "/", timeoutMs: 0 })),
  ],
];

for (const [title, packets] of NONSENSE) {
  Deno.test(`s6-rc's socket: ${title} is refused with a line and the end, and others are served`, async () => {
    await withLive(async (rc) => {
      const { tree } = rc;
      const fd = connected(tree.path("live"), ".hexad");
      try {
        for (const packet of packets) assertEquals(sendPacket(fd, packet), 0);
        const heard = await answers(fd);
        assert(heard.includes('"fatal"') && heard.includes('"code":100'), heard);
        await works(rc);
      } finally {
        close(fd);
      }
    });
  });
}

Deno.test("s6-rc's socket: clients that say nothing, or half of something, keep nobody from being served", async () => {
  await withLive(async (rc) => {
    const { tree } = rc;
    const fds = Array.from({ length: 50 }, () => connected(tree.path("live"), ".hexad"));
    fds.slice(25).forEach((fd) => assertEquals(sendPacket(fd, text.encode('+{"version":1,')), 0));
    await works(rc);
    fds.forEach(close);
    await works(rc);
  });
});

Deno.test("s6-rc's socket: a client that never reads its lines stops nobody", async () => {
  const many = Object.fromEntries(
    Array.from(
      { length: 300 },
      (_, i) => [[`src/o${i}/type`, "oneshot\n"], [`src/o${i}/up`, "# nothing\n"]],
    ).flat(),
  );
  await withLive(async (rc) => {
    const { tree } = rc;
    const fd = connected(tree.path("live"), ".hexad");
    const names = Array.from({ length: 300 }, (_, i) => `o${i}`);
    const request = requestText({
      command: "change",
      live: tree.path("live"),
      direction: "up",
      names,
      all: false,
      forced: false,
      prune: false,
      timeoutMs: 0,
      verbosity: 4,
    });
    for (const packet of packetsOf(request)) assertEquals(sendPacket(fd, packet), 0);
    await eventually(
      "all services up",
      () => tree.bytes("live/state").filter((byte) => (byte & 1) !== 0).length > 300,
    );
    await works(rc);
    close(fd);
    await works(rc);
  }, { files: { ...ONE, ...many } });
});

Deno.test("s6-rc-init's socket: rubbish there harms nobody either", async () => {
  await withLive(async (rc) => {
    const { tree } = rc;
    const fd = connected(tree.path("scan/.s6-svscan"), "hexad");
    assertEquals(sendPacket(fd, text.encode("rubbish")), 0);
    assert((await answers(fd)).includes('"code":100'));
    close(fd);
    await works(rc);
  });
});

Deno.test("s6-rc's sockets are for their owner alone", async () => {
  await withLive(({ tree }) => {
    for (const path of ["live/.hexad", "scan/.s6-svscan/hexad"]) {
      assertEquals(Deno.statSync(tree.path(path)).mode! & 0o777, 0o600, path);
    }
    return Promise.resolve();
  });
});
