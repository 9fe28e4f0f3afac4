/** s6-sudo and s6-sudod: servers of both sides, each with clients of both. */
import { assertEquals, assertMatch } from "@std/assert";
import { type Background, type Result, run, start } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { OURS, requireToolset, THEIRS, type Toolset } from "../fixture/toolset.ts";
import { makeTree, type Tree } from "../fixture/tree.ts";

requireToolset(OURS);
requireToolset(THEIRS);

async function serve(
  tools: Toolset,
  tree: Tree,
  options: readonly string[],
  args: readonly string[],
): Promise<Background> {
  const server = start(
    tools.bin("s6-ipcserver"),
    ["-1", "s", tools.bin("s6-sudod"), ...options, ...args],
    {
      cwd: tree.root,
      env: { PATH: `${tools.bin("")}:/usr/bin:/bin`, FULL: "server's", HOLE: "", UNSENT: "" },
    },
  );
  await eventually("the server", () => server.stdout.text === "\n");
  return server;
}

for (const tools of [OURS, THEIRS]) {
  for (const client of [OURS, THEIRS]) {
    const ask = (
      tree: Tree,
      args: readonly string[],
      options: readonly string[] = [],
      stdin = "typed\n",
    ): Promise<Result> =>
      run(client.bin("s6-sudo"), [...options, "s", ...args], {
        cwd: tree.root,
        stdin,
        env: {
          PATH: `${client.bin("")}:/usr/bin:/bin`,
          FULL: "client's",
          HOLE: "client's too",
          OTHER: "x",
        },
      });
    const test = (name: string, body: (tree: Tree) => Promise<void>): void =>
      Deno.test(`s6-sudod of ${tools.name}, s6-sudo of ${client.name}: ${name}`, async () => {
        using tree = makeTree();
        await body(tree);
      });

    test("descriptors, arguments, variables, exit codes", async (tree) => {
      await using _server = await serve(tools, tree, [], ["sh", "-c"]);
      const program =
        'read -r line; echo "<$line> <$FULL> <$HOLE> <$UNSENT> <${OTHER-none}> $0 $1"; echo err >&2; exit 7';
      assertEquals(await ask(tree, [program, "a b", "c"]), {
        code: 7,
        stdout: "<typed> <server's> <client's too> <> <none> a b c\n",
        stderr: "err\n",
      });
      assertEquals((await ask(tree, ["echo $HOLE"], ["-e"])).stdout, "\n");
      assertEquals((await ask(tree, ["kill -9 $$"])).code, 137);
      const lines = await Promise.all(
        ["1", "2", "3"].map((text) => ask(tree, ["cat"], [], text.repeat(100_000))),
      );
      assertEquals(lines.map(({ stdout }) => stdout.length), [100_000, 100_000, 100_000]);
    });

    test("-0 -1 -2: what the program does not get", async (tree) => {
      await using server = await serve(tools, tree, ["-012"], []);
      const done = await ask(tree, ["sh", "-c", "cat; echo out; echo err >&2; exit 3"]);
      assertEquals(done, { code: 3, stdout: "", stderr: "" });
      await eventually("the server's standard error", () => server.stderr.text === "err\n");
    });

    test("a program that can't be started, a time that is over", async (tree) => {
      await using _server = await serve(tools, tree, [], []);
      const failed = await ask(tree, ["/not/there"]);
      assertEquals(failed.code, 111);
      assertMatch(failed.stderr, /s6-sudoc: fatal: /);
      const late = await ask(tree, ["sleep", "60"], ["-T", "50"]);
      assertEquals(late.code, 111);
      assertMatch(
        late.stderr,
        /unable to get exit status from server: (Connection|Operation) timed out\n$/,
      );
      assertEquals((await run(client.bin("s6-sudo"), [])).code, 100);
      // Debian's takes a program without a name
      if (tools === OURS) assertEquals((await ask(tree, [])).code, 111);
    });
  }

  Deno.test(`s6-sudod of ${tools.name}: a client that is gone takes its program with it`, async () => {
    using tree = makeTree();
    const program = [
      "sh",
      "-c",
      'trap "echo >ended; exit" TERM; echo >began; while :; do sleep 0.1; done',
    ];
    await using _server = await serve(tools, tree, [], program);
    const client = start(OURS.bin("s6-sudo"), ["s"], { cwd: tree.root });
    await eventually("the program", () => tree.exists("began"));
    client.kill("SIGKILL");
    await client.ended();
    await eventually("the program's end", () => tree.exists("ended"));
    await client[Symbol.asyncDispose]();
  });

  Deno.test(`s6-sudod -d of ${tools.name}: the program goes on without its client`, async () => {
    using tree = makeTree();
    const program = ["sh", "-c", "echo >began; until [ -e go ]; do sleep 0.05; done; echo >ended"];
    await using _server = await serve(tools, tree, ["-d"], program);
    const client = start(OURS.bin("s6-sudo"), ["s"], { cwd: tree.root });
    await eventually("the program", () => tree.exists("began"));
    client.kill("SIGKILL");
    await client.ended();
    tree.add({ go: "" });
    await eventually("the program's end", () => tree.exists("ended"));
    await client[Symbol.asyncDispose]();
  });

  Deno.test(`s6-sudod of ${tools.name}: who is no client is told off`, async () => {
    using tree = makeTree();
    const sendTo = async (bytes: readonly number[]): Promise<string> => {
      const socket = await Deno.connect({ transport: "unix", path: tree.path("s") });
      let seen = "";
      try {
        await socket.write(Uint8Array.from(bytes));
        const buffer = new Uint8Array(100);
        for (let n = await socket.read(buffer); n !== null; n = await socket.read(buffer)) {
          seen += new TextDecoder().decode(buffer.subarray(0, n));
        }
      } finally {
        socket.close();
      }
      return seen;
    };
    await using server = await serve(tools, tree, [], ["true"]);
    for (const bytes of [[0, 0, 0, 1, 0, 0, 65], [0xff, 0, 0, 0, 0, 0]]) {
      assertEquals(await sendTo(bytes), "s6-sudo b v1.0\n");
    }
    await eventually("the messages", () => server.stderr.text.split("\n").length === 3);
    assertEquals(
      server.stderr.text,
      "s6-sudod: fatal: client did not send 3 fds\ns6-sudod: fatal: unable to read message from client: Protocol error\n",
    );
  });

  Deno.test(`s6-sudod -t of ${tools.name}: a client that sends nothing is given up`, async () => {
    using tree = makeTree();
    await using server = await serve(tools, tree, ["-t", "50"], ["true"]);
    const socket = await Deno.connect({ transport: "unix", path: tree.path("s") });
    try {
      await eventually("the message", () => server.stderr.text.endsWith("\n"));
    } finally {
      socket.close();
    }
    assertMatch(
      server.stderr.text,
      /^s6-sudod: fatal: unable to read message from client: (Connection|Operation) timed out\n$/,
    );
  });
}

Deno.test("s6-sudoc: something else answers, or nobody", async () => {
  using tree = makeTree();
  await using server = start(OURS.bin("s6-ipcserver"), [
    "-1",
    "s",
    "echo",
    "something else, and more",
  ], {
    cwd: tree.root,
    env: { PATH: `${OURS.bin("")}:/usr/bin:/bin` },
  });
  await eventually("the server", () => server.stdout.text === "\n");
  const wrong = await run(OURS.bin("s6-sudo"), ["s", "x"], { cwd: tree.root });
  assertEquals([wrong.code, wrong.stderr], [
    100,
    "s6-sudoc: fatal: wrong banner - check that you are connecting to a s6-sudod server\n",
  ]);
  assertEquals((await run(OURS.bin("s6-sudo"), ["none", "x"], { cwd: tree.root })).code, 111);
  assertEquals((await run(OURS.bin("s6-sudoc"), ["x"])).code, 111);
});
