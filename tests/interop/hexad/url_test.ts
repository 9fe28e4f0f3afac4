/** status and logs of a tree that hexad serve shows: the same as on the spot, and what can go wrong. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Background, type Result, run, start } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { startSvscan } from "../../fixture/scan.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import { makeTree, type Tree } from "../../fixture/tree.ts";
import { STAYS } from "../world.ts";

requireToolset(OURS);

const HEXAD = OURS.bin("hexad");
const TOKEN = "an-example-of-a-token";
const REPEATS = '#!/bin/sh\nexec 4<>in\nwhile read -r line <&4; do echo "$line"; done\n';

function hexad(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Result> {
  return run(HEXAD, args, { env: { HEXAD_TOKEN: "", ...env } });
}

/** Serves the tree, and waits until it does. */
async function serving(tree: Tree, listen: string, ...args: string[]): Promise<Background> {
  const server = start(HEXAD, ["serve", "-S", tree.path("scan"), "--listen", listen, ...args]);
  await server.stderr.until("serving ");
  return server;
}

/** Without what passes while one looks: times, memory, processor. */
function lasting(status: string): unknown {
  const document = JSON.parse(status);
  document.time = null;
  for (const service of document.services) {
    for (const name of ["sinceSeconds", "processes", "memory", "cpu"]) service[name] = null;
  }
  return document;
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

Deno.test("--url: what a served tree shows, by TCP with a token and by a Unix socket", async (t) => {
  using tree = makeTree({
    "scan/web/run!": REPEATS,
    "scan/web/in|": "",
    "scan/web/log/logscript": "t ./main\n",
    'scan/we"ird/run!': STAYS,
    "scan/failed/run!": "#!/bin/sh\nexit 3\n",
    "scan/failed/restart-policy": "never\n",
    "token": `${TOKEN}\n`,
  });
  await using _svscan = await startSvscan(OURS, tree, { scandir: "scan" });
  const scandir = tree.path("scan");
  const socket = `unix:${tree.path("socket")}`;
  await eventually("the state of all", async () => {
    const { stdout } = await hexad(["status", "-S", scandir]);
    return /failed +failed/.test(stdout) && /2 up/.test(stdout);
  });
  await tree.feed("scan/web/in", "one\ntwo\n");
  const local = ["logs", "-S", scandir, "web"];
  await eventually("the lines", async () => (await hexad(local)).stdout.includes("two"));
  let server = await serving(tree, socket);
  try {
    await t.step("status is the same, as a document and as a table", async () => {
      const [here, there] = await Promise.all([
        hexad(["status", "-S", scandir, "--json"]),
        hexad(["status", "--url", socket, "--json"]),
      ]);
      assertEquals(lasting(there.stdout), lasting(here.stdout));
      assertEquals([there.code, there.stderr], [here.code, here.stderr]);
      const table = await hexad(["status", "--url", socket]);
      assertMatch(
        table.stdout,
        /^SERVICE .*\nfailed +failed .*exit 3.*\nwe"ird +up .*\nweb +up .* two\n/,
      );
      assertStringIncludes(table.stdout, "3 services: 2 up, 1 failed");
      const one = await hexad(["status", "--url", socket, "web", "web/log"]);
      assertEquals([one.code, one.stdout.split("\n").length], [0, 6]);
    });
    await t.step("logs are the same, of one and of all, selected and as documents", async () => {
      for (
        const args of [
          ["-n1", "web"],
          ["-t", "raw", "-g", "^t", "web"],
          ["-j", "--since", "1h"],
        ]
      ) {
        const [here, there] = await Promise.all([
          hexad(["logs", "-S", scandir, ...args]),
          hexad(["logs", "--url", socket, ...args]),
        ]);
        assertEquals(there.stdout, here.stdout, args.join(" "));
        assertEquals(there.code, here.code, args.join(" "));
      }
    });
    await t.step("what is not there", async () => {
      const { code, stderr } = await hexad(["status", "--url", socket, "wbe"]);
      assertEquals([code, stderr], [
        100,
        `hexad status: fatal: no service wbe in ${scandir}; did you mean web?\n`,
      ]);
      assertEquals((await hexad(["logs", "--url", socket, "wbe"])).code, 100);
    });
    await t.step(
      "logs -f goes on when the server is gone and back, without a line twice",
      async () => {
        await using follower = start(HEXAD, ["logs", "-f", "-t", "none", "--url", socket, "web"]);
        await follower.stdout.until("two\n");
        await tree.feed("scan/web/in", "three\n");
        await follower.stdout.until("three\n");
        await server[Symbol.asyncDispose]();
        await follower.stderr.until("(trying again)");
        await tree.feed("scan/web/in", "four\n");
        server = await serving(tree, socket);
        await follower.stdout.until("four\n");
        assertEquals(follower.stdout.text, "one\ntwo\nthree\nfour\n");
      },
    );
  } finally {
    await server[Symbol.asyncDispose]();
  }
  await t.step("by TCP: a token is needed, and which one", async () => {
    const url = `http://127.0.0.1:${freePort()}`;
    await using _tcp = await serving(
      tree,
      url.slice("http://".length),
      "--token-file",
      tree.path("token"),
    );
    const ask = (args: string[], token = ""): Promise<Result> =>
      hexad(["status", "--url", url, ...args], { HEXAD_TOKEN: token });
    const none = await ask([]);
    assertEquals([none.code, none.stderr], [
      111,
      `hexad status: fatal: unable to look at ${url}: it needs a token: --token-file FILE, or HEXAD_TOKEN\n`,
    ]);
    const wrong = await ask([], `${TOKEN}!`);
    assertEquals(
      wrong.stderr,
      `hexad status: fatal: unable to look at ${url}: it does not take this token\n`,
    );
    assertEquals((await ask(["web"], TOKEN)).code, 0);
    assertEquals((await ask(["web", "--token-file", tree.path("token")])).code, 0);
  });
});

Deno.test("--url: nobody there, no hexad, no TLS, no URL: one line each", async () => {
  await using stranger = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response("hello"),
  );
  const { port } = stranger.addr;
  const free = freePort();
  const cases: [string, number, string][] = [
    [`http://127.0.0.1:${free}`, 111, `unable to ask http://127.0.0.1:${free}: Connection refused`],
    [
      "unix:/nonexistent/socket",
      111,
      "unable to ask unix:/nonexistent/socket: No such file or directory",
    ],
    [`http://127.0.0.1:${port}`, 111, `what answers at http://127.0.0.1:${port} is no hexad serve`],
    [`https://127.0.0.1:${port}`, 111, `unable to ask https://127.0.0.1:${port}: it speaks no TLS`],
    ["localhost", 100, "no URL: localhost (http://HOST:PORT, https://HOST:PORT, unix:/PATH)"],
  ];
  for (const [url, code, text] of cases) {
    const told = await hexad(["status", "--url", url]);
    assertEquals([told.code, told.stdout], [code, ""], url);
    assertEquals(told.stderr.split("\n")[0], `hexad status: fatal: ${text}`);
  }
});
