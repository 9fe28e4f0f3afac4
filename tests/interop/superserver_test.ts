/**
 * s6-ipcserver and its parts, ours and Debian's, each with clients of both: the environment of
 * programs, limits, signals, what is said, exit codes.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { type Background, run, start } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { OURS, requireToolset, THEIRS, type Toolset } from "../fixture/toolset.ts";
import { makeTree, type Tree } from "../fixture/tree.ts";

requireToolset(OURS);
requireToolset(THEIRS);

/** A server that has said that it is ready. */
async function serve(
  tools: Toolset,
  tree: Tree,
  options: readonly string[],
  prog: readonly string[],
): Promise<Background> {
  const args = ["-1", ...options, tree.path("s"), ...prog];
  const server = start(tools.bin("s6-ipcserver"), args, {
    env: { PATH: `${tools.bin("")}:/usr/bin:/bin`, IPCREMOTEEUID: "inherited" },
  });
  await eventually("the server to be ready", () => server.stdout.text === "\n");
  return server;
}

const ENVIRONMENT = 'env | grep -E "^(PROTO|IPC[A-Z]*)=" | sort';

for (const tools of [OURS, THEIRS]) {
  const clients = [OURS, THEIRS];
  const test = (name: string, body: (tree: Tree) => Promise<void>): void =>
    Deno.test(`s6-ipcserver of ${tools.name}: ${name}`, async () => {
      using tree = makeTree();
      await body(tree);
    });
  const ask = (
    client: Toolset,
    tree: Tree,
    options: readonly string[] = [],
    prog = "exec cat <&6",
  ): ReturnType<typeof run> =>
    run(client.bin("s6-ipcclient"), [...options, tree.path("s"), "sh", "-c", prog]);

  test("the program knows the client, and speaks with it", async (tree) => {
    await using _server = await serve(tools, tree, [], [
      "sh",
      "-c",
      `${ENVIRONMENT}; read -r line; echo "<$line>"`,
    ]);
    for (const [i, client] of clients.entries()) {
      const own = tree.path(`own${i}`);
      const { stdout, code } = await ask(
        client,
        tree,
        ["-p", own],
        `echo "$PROTO $IPCLOCALPATH" >&7; exec cat <&6`,
      );
      assertEquals(code, 0);
      assertEquals(
        stdout,
        `IPCCONNNUM=1\nIPCREMOTEEGID=0\nIPCREMOTEEUID=0\nIPCREMOTEPATH=${own}\nPROTO=IPC\n<IPC ${own}>\n`,
      );
    }
  });

  test("without a look-up nothing is said of the client", async (tree) => {
    await using _server = await serve(tools, tree, ["-P"], ["sh", "-c", ENVIRONMENT]);
    for (const client of clients) {
      const { stdout } = await ask(client, tree);
      assertEquals(stdout, "IPCCONNNUM=\nIPCREMOTEPATH=\nPROTO=IPC\n");
    }
  });

  test("-C denies a user's next connection, -c lets it wait", async (tree) => {
    const prog = ["sh", "-c", "echo $IPCCONNNUM; read -r line"];
    await using server = await serve(tools, tree, ["-v", "-c", "3", "-C", "2"], prog);
    const hold = (): Background =>
      start(OURS.bin("s6-ipcclient"), [tree.path("s"), "sh", "-c", "cat <&6 & cat >&7; kill $!"]);
    await using one = hold();
    await eventually("the first", () => one.stdout.text === "1\n");
    await using two = hold();
    await eventually("the second", () => two.stdout.text === "2\n");
    assertEquals((await ask(OURS, tree)).stdout, "");
    await eventually("the denial", () => /info: deny 0:0 count 2\/2/.test(server.stderr.text));
    await one.stdin.close();
    await eventually(
      "its end",
      () => /info: end pid \d+ uid 0 exitcode 1/.test(server.stderr.text),
    );
    await using three = hold();
    await eventually("the third", () => three.stdout.text === "2\n");
    await two.stdin.close();
    await three.stdin.close();
    await eventually("the ends", () => server.stderr.text.split("status: 0/3").length === 3);
    server.kill("SIGTERM");
    assertEquals(await server.ended(), 0);
    const said = server.stderr.text.replaceAll(/pid \d+/g, "pid N").replaceAll(/: Success$/gm, "");
    assertMatch(
      said,
      /^s6-ipcserverd: info: starting\n.*status: 0\/3\n.*allow 0:0 pid N count 1\/2\n.*status: 1\/3\n.*allow 0:0 pid N count 2\/2\n.*status: 2\/3\n/,
    );
    assert(said.endsWith(
      "s6-ipcserverd: info: received SIGTERM, quitting\ns6-ipcserverd: info: exiting\n",
    ));
  });

  test("signals: HUP ends the programs, QUIT and ABRT the server too", async (tree) => {
    const prog = ["sh", "-c", 'trap "echo over; exit 3" TERM; echo here; read -r line'];
    for (const signal of ["SIGQUIT", "SIGABRT"] as const) {
      await using server = await serve(tools, tree, ["-v"], prog);
      const connect = async (): Promise<Background> => {
        const client = start(OURS.bin("s6-ipcclient"), [tree.path("s"), "sh", "-c", "cat <&6"]);
        await eventually("the program", () => client.stdout.text === "here\n");
        return client;
      };
      await using first = await connect();
      server.kill("SIGHUP");
      assertEquals(await first.ended(), 0);
      assertEquals(first.stdout.text, "here\nover\n");
      await using second = await connect();
      server.kill(signal);
      assertEquals(await server.ended(), 0);
      assertEquals(await second.ended(), 0);
      assertEquals(second.stdout.text, signal === "SIGQUIT" ? "here\nover\n" : "here\n");
    }
  });

  test("-a, -u, -g, -G: who may connect, and who the program is", async (tree) => {
    Deno.chmodSync(tree.root, 0o755);
    await using _server = await serve(
      tools,
      tree,
      ["-a", "0700", "-u", "65534", "-g", "65534", "-G", "1,2"],
      ["sh", "-c", "id -u; id -g; id -G"],
    );
    assertEquals(Deno.statSync(tree.path("s")).mode! & 0o777, 0o700);
    assertEquals((await ask(OURS, tree)).stdout, "65534\n65534\n65534 1 2\n");
  });

  test("what can't be: no program, a name that is taken, nobody who listens, no socket", async (tree) => {
    const env = { PATH: `${tools.bin("")}:/usr/bin:/bin` };
    const codeOf = async (command: string, ...args: string[]): Promise<number> =>
      (await run(tools.bin(command), args, { env, cwd: tree.root })).code;
    assertEquals(await codeOf("s6-ipcserver", "s"), 100);
    assertEquals(await codeOf("s6-ipcserver", "-c", "x", "s", "true"), 100);
    assertEquals(await codeOf("s6-ipcserver", "no/s", "true"), 111);
    assertEquals(await codeOf("s6-ipcserver-socketbinder", "s", "true"), 0);
    assertEquals(await codeOf("s6-ipcserver-socketbinder", "-D", "s", "true"), 111);
    assertEquals(await codeOf("s6-ipcserver-socketbinder", "-m", "s", "true"), 111);
    assertEquals(await codeOf("s6-ipcserver-socketbinder", "-mb0", "s", "true"), 0);
    assertEquals(await codeOf("s6-ipcserver-socketbinder", "s", "not-there"), 127);
    assertEquals(await codeOf("s6-ipcserverd", "true"), 100);
    assertEquals(await codeOf("s6-ipcserverd"), 100);
    assertEquals(await codeOf("s6-ipcclient", "nobody", "true"), 111);
    assertEquals(await codeOf("s6-ipcclient", "s", "true"), 111);
    assertEquals(await codeOf("s6-ipcclient", "s"), 100);
  });

  Deno.test(`s6-connlimit of ${tools.name}`, async () => {
    const limit = async (env: Readonly<Record<string, string>>): Promise<number> =>
      (await run("/usr/bin/env", [
        "-i",
        "PATH=/usr/bin:/bin",
        ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
        tools.bin("s6-connlimit"),
        "sh",
        "-c",
        "exit 7",
      ])).code;
    assertEquals(await limit({}), 100);
    assertEquals(await limit({ PROTO: "" }), 100);
    assertEquals(await limit({ PROTO: "IPC" }), 100);
    assertEquals(await limit({ PROTO: "IPC", IPCCONNNUM: "x" }), 100);
    assertEquals(await limit({ PROTO: "IPC", IPCCONNNUM: "5" }), 7);
    assertEquals(await limit({ PROTO: "IPC", IPCCONNNUM: "5", IPCCONNMAX: "x" }), 100);
    assertEquals(await limit({ PROTO: "IPC", IPCCONNNUM: "5", IPCCONNMAX: "6" }), 7);
    assertEquals(await limit({ PROTO: "IPC", IPCCONNNUM: "7", IPCCONNMAX: "6" }), 1);
  });
}

Deno.test("s6-ipcserver: a program that can't be started is said, and the next client is served", async () => {
  using tree = makeTree();
  const prog = tree.path("prog");
  await using server = await serve(OURS, tree, [], [prog]);
  assertEquals(
    (await run(OURS.bin("s6-ipcclient"), [tree.path("s"), "sh", "-c", "cat <&6"])).stdout,
    "",
  );
  await eventually("the warning", () => server.stderr.text.includes("\n"));
  assertEquals(
    server.stderr.text,
    `s6-ipcserverd: warning: unable to spawn ${prog}: No such file or directory\n`,
  );
  tree.add({ "prog!": "#!/bin/sh\necho served\n" });
  assertEquals(
    (await run(OURS.bin("s6-ipcclient"), [tree.path("s"), "sh", "-c", "cat <&6"])).stdout,
    "served\n",
  );
});
