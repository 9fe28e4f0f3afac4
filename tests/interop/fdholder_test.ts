/**
 * Holding descriptors: the holders of both sides, each with the clients of both; rules, limits,
 * dumps, refusals, and clients that break the protocol.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { type Background, type Result, run, start } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { OURS, requireToolset, THEIRS, type Toolset } from "../fixture/toolset.ts";
import { makeTree, type Tree } from "../fixture/tree.ts";

requireToolset(OURS);
requireToolset(THEIRS);

const RULES = {
  "rules/uid/0/allow": "",
  "rules/uid/0/env/S6_FDHOLDER_STORE_REGEX": "^f\n",
  "rules/uid/0/env/S6_FDHOLDER_RETRIEVE_REGEX": "^fi\n",
  "rules/uid/0/env/S6_FDHOLDER_LIST": "\n",
  "rules/uid/0/env/S6_FDHOLDER_GETDUMP": "\n",
  "rules/uid/0/env/S6_FDHOLDER_SETDUMP": "\n",
};

async function hold(
  tools: Toolset,
  tree: Tree,
  options: readonly string[] = [],
  socket = "s",
): Promise<Background> {
  const rules = options.includes("-x") ? [] : ["-i", tree.path("rules")];
  const daemon = start(
    tools.bin("s6-fdholder-daemon"),
    ["-1", ...options, ...rules, tree.path(socket)],
    { env: { PATH: `${tools.bin("")}:/usr/bin:/bin` } },
  );
  await eventually(
    `the holder to be ready; it said ${daemon.stderr.text}`,
    () => daemon.stdout.text === "\n",
  );
  return daemon;
}

/** Runs a client in the tree's directory, with its file `input` as standard input. */
function ask(tools: Toolset, tree: Tree, command: string, ...args: string[]): Promise<Result> {
  return run("/bin/sh", ["-c", 'exec "$@" <input', "sh", tools.bin(command), ...args], {
    cwd: tree.root,
    env: { PATH: `${tools.bin("")}:/usr/bin:/bin` },
  });
}

const DONE: Result = { code: 0, stdout: "", stderr: "" };

for (const tools of [OURS, THEIRS]) {
  for (const client of [OURS, THEIRS]) {
    const test = (name: string, body: (tree: Tree) => Promise<void>): void =>
      Deno.test(`fdholder of ${tools.name}, client of ${client.name}: ${name}`, async () => {
        using tree = makeTree({ ...RULES, input: "line one\nline two\n" });
        await body(tree);
      });

    test("store, list, retrieve, delete, and what each refuses", async (tree) => {
      await using daemon = await hold(tools, tree);
      const to = (command: string, ...args: string[]): Promise<Result> =>
        ask(client, tree, `s6-fdholder-${command}`, "s", ...args);
      const refused = async (why: string, command: string, ...args: string[]): Promise<void> => {
        const { code, stderr } = await to(command, ...args);
        assertEquals(code, 1);
        assertMatch(stderr, new RegExp(`: ${why}\n$`));
      };
      assertEquals(await to("store", "file"), DONE);
      assertEquals(await to("store", 'fi "x"\ny'), DONE);
      await refused("Device or resource busy", "store", "file");
      await refused("Operation not permitted", "store", "other");
      assertEquals((await to("list")).stdout.split("\n").sort(), ["", 'fi "x"\\ny', "file"]);
      assertEquals((await to("retrieve", "file", "head", "-n1")).stdout, "line one\n");
      await refused("No such file or directory", "retrieve", "fit", "cat");
      await refused("Operation not permitted", "retrieve", "foo", "cat");
      await refused("No such file or directory", "delete", "fit");
      assertEquals(await to("delete", 'fi "x"\ny'), DONE);
      assertEquals(
        (await ask(client, tree, "s6-fdholder-retrieve", "-D", "s", "file", "cat")).code,
        0,
      );
      assertEquals((await to("list")).stdout, "");
      const long = "f".repeat(256);
      await refused("File name too long", "store", long);
      assertEquals((await to("store", long.slice(1))).code, 0);
      daemon.kill("SIGTERM");
      assertEquals(await daemon.ended(), 1);
    });

    test("a descriptor with a limit is let go of", async (tree) => {
      await using _daemon = await hold(tools, tree);
      assertEquals(await ask(client, tree, "s6-fdholder-store", "-T", "60000", "s", "fi1"), DONE);
      assertEquals(await ask(client, tree, "s6-fdholder-store", "-T", "1", "s", "fi2"), DONE);
      assertEquals(await ask(client, tree, "s6-fdholder-store", "s", "fi3"), DONE);
      const names = await eventually("the second to be gone", async () => {
        const { stdout } = await ask(client, tree, "s6-fdholder-list", "s");
        return stdout.includes("fi2") ? undefined : stdout;
      });
      assertEquals(names.split("\n").sort(), ["", "fi1", "fi3"]);
    });

    test("all, taken and given: environment, limits, another holder", async (tree) => {
      // Debian's programs go wrong where one message is not enough
      const count = tools === OURS && client === OURS ? 300 : 200;
      await using _daemon = await hold(tools, tree, ["-n", "600"]);
      await using other = await hold(client, tree, ["-n", String(count + 100)], "other");
      const fds = Array.from(
        { length: count },
        (_, i) => `S6_FD_${i}=0 S6_FDID_${i}=fi${i}`,
      );
      const filled = await run("/bin/sh", [
        "-c",
        `env 'S6_FD#=${count}' ${fds.join(" ")} S6_FDLIMIT_7=@4fffffff0000000000000000 ${
          client.bin("s6-fdholder-setdump")
        } s <input`,
      ], { cwd: tree.root });
      assertEquals(filled, DONE);
      const shown = (await ask(client, tree, "s6-fdholder-getdump", "s", "env")).stdout;
      assertEquals(shown.match(/^S6_FD_[0-9]+=[0-9]+$/gm)?.length, count);
      assertEquals(shown.match(/^S6_FDID_[0-9]+=fi[0-9]+$/gm)?.length, count);
      assertEquals(shown.match(/^S6_FD(#|LIMIT).*$/gm)?.sort(), [
        `S6_FD#=${count}`,
        "S6_FDLIMIT_7=@4fffffff0000000000000000",
      ]);
      assertEquals(await ask(client, tree, "s6-fdholder-transferdump", "s", "other"), DONE);
      const { stdout } = await ask(client, tree, "s6-fdholder-list", "other");
      assertEquals(stdout.split("\n").length, count + 1);
      const full = await ask(client, tree, "s6-fdholder-transferdump", "s", "other");
      assertEquals(full.code, 1);
      assertMatch(full.stderr, /unable to set dump: Too many open files in system\n$/);
      other.kill("SIGTERM");
      assertEquals(await other.ended(), 1);
    });

    test("nobody listens, not let in, wrong usage", async (tree) => {
      const code = async (command: string, ...args: string[]): Promise<number> =>
        (await ask(client, tree, `s6-fdholder-${command}`, ...args)).code;
      assertEquals(await code("list", "s"), 111);
      assertEquals(await code("store", "s", "x"), 111);
      assertEquals(await code("store", "s"), 100);
      assertEquals(await code("store", "-d", "x", "s", "y"), 100);
      assertEquals(await code("delete", "s"), 100);
      assertEquals(await code("retrieve", "s", "x"), 100);
      assertEquals(await code("getdump", "s"), 100);
      assertEquals(await code("setdump", "s"), 100);
      assertEquals(await code("transferdump", "-t", "x", "s", "s"), 100);
      tree.add({ "rules/uid/0/allow": "" });
      tree.rename("rules/uid/0/allow", "rules/uid/0/deny");
      await using daemon = await hold(tools, tree);
      const { code: refused, stderr } = await ask(client, tree, "s6-fdholder-list", "s");
      assertEquals(refused, 1);
      assertMatch(stderr, /unable to get fd list: (Broken pipe|Connection reset by peer)\n$/);
      daemon.kill("SIGTERM");
      assertEquals(await daemon.ended(), 0);
    });
  }

  Deno.test(`fdholder of ${tools.name}: rules in a database, read again at SIGHUP`, async () => {
    using tree = makeTree({ ...RULES, input: "x" });
    const compile = async (): Promise<void> => {
      const args = [tree.path("rules.cdb"), tree.path("rules")];
      assertEquals(await run(tools.bin("s6-accessrules-cdb-from-fs"), args), DONE);
    };
    await compile();
    await using daemon = await hold(tools, tree, ["-x", tree.path("rules.cdb")]);
    assertEquals(await ask(OURS, tree, "s6-fdholder-store", "s", "fi"), DONE);
    tree.add({ "rules/uid/0/env/S6_FDHOLDER_STORE_REGEX": "^g\n" });
    await compile();
    assertEquals((await ask(OURS, tree, "s6-fdholder-store", "s", "g")).code, 1);
    daemon.kill("SIGHUP");
    await eventually(
      "the new rules",
      async () => (await ask(OURS, tree, "s6-fdholder-store", "s", "g")).code === 0,
    );
  });
}

/** Connects, writes bytes, and waits until it is sent away; what it has been told meanwhile. */
async function sendAway(path: string, bytes: readonly number[]): Promise<number[]> {
  const socket = await Deno.connect({ transport: "unix", path });
  const answer: number[] = [];
  try {
    await socket.write(Uint8Array.from(bytes));
    const buffer = new Uint8Array(100);
    for (let count = await socket.read(buffer); count !== null; count = await socket.read(buffer)) {
      answer.push(...buffer.subarray(0, count));
    }
  } catch (error) {
    // the other side has closed before it had read all
    if (
      !(error instanceof Deno.errors.ConnectionReset || error instanceof Deno.errors.BrokenPipe)
    ) {
      throw error;
    }
  } finally {
    socket.close();
  }
  return answer;
}

const text = (letters: string): number[] => [...new TextEncoder().encode(letters)];
const NO_MESSAGES: Readonly<Record<string, readonly number[]>> = {
  "no letter": [0, 0, 0, 0, 0, 0],
  "an unknown letter": [0, 0, 0, 1, 0, 0, ...text("Z")],
  "far too long": [0x20, 0, 0, 0, 0, 0],
  "too many descriptors": [0, 0, 0, 1, 0xff, 0xff],
  "a list with more": [0, 0, 0, 2, 0, 0, ...text("Lx")],
  "a store without a descriptor": [
    0,
    0,
    0,
    16,
    0,
    0,
    ...text("S"),
    ...Array(12).fill(0),
    1,
    102,
    0,
  ],
  "a name that is cut": [0, 0, 0, 4, 0, 0, ...text("D"), 200, 102, 0],
  "a name with a NUL": [0, 0, 0, 6, 0, 0, ...text("D"), 3, 102, 0, 102, 0],
  "an empty name": [0, 0, 0, 3, 0, 0, ...text("D"), 0, 0],
  "data that nobody has announced": [0, 0, 0, 2, 0, 0, ...text(".x")],
  "a store in the middle of a dump": [
    ...[0, 0, 0, 5, 0, 0, ...text("!"), 0, 0, 0, 2],
    ...[0, 0, 0, 4, 0, 0, ...text("D"), 1, 102, 0],
  ],
};

Deno.test("fdholder of ours: whoever breaks the protocol, or stops within a message, is sent away, and the next is served", async () => {
  using tree = makeTree({ ...RULES, input: "x" });
  await using daemon = await hold(OURS, tree, ["-t", "1000", "-c", "8"]);
  await eventually(
    "a client",
    async () => (await ask(OURS, tree, "s6-fdholder-store", "s", "fi")).code === 0,
  );
  for (const [what, bytes] of Object.entries(NO_MESSAGES)) {
    const answer = await sendAway(tree.path("s"), bytes);
    assertEquals(answer.slice(11), [], what);
  }
  // the rest of these never comes: the timeout sends them away
  const halves = [[], [0, 0], [0, 0, 0, 9, 0, 0, 76], [0, 0, 0, 1, 0, 3, 76]];
  const told = await Promise.all(halves.map((bytes) => sendAway(tree.path("s"), bytes)));
  assertEquals(told, [[], [], [], []]);
  // which is itself sent away if this machine keeps it from asking in time
  await eventually(
    "the next client",
    async () => (await ask(OURS, tree, "s6-fdholder-list", "s")).stdout === "fi\n",
  );
  daemon.kill("SIGTERM");
  assertEquals(await daemon.ended(), 1);
  assertEquals(daemon.stderr.text, "");
});

Deno.test("fdholder of ours: a client that asks and does not read keeps nobody else from anything, and a descriptor that it waits for stays open", async () => {
  using tree = makeTree({ ...RULES, input: "content" });
  await using daemon = await hold(OURS, tree);
  const names = Array.from({ length: 250 }, (_, i) => `fi${"x".repeat(240)}${i}`);
  const env = names.map((name, i) => `S6_FD_${i}=0 S6_FDID_${i}=${name}`).join(" ");
  await run("/bin/sh", [
    "-c",
    `env 'S6_FD#=250' ${env} ${OURS.bin("s6-fdholder-setdump")} s <input`,
  ], {
    cwd: tree.root,
  });
  const deaf = await Deno.connect({ transport: "unix", path: tree.path("s") });
  try {
    // far more answers than a socket holds
    await deaf.write(Uint8Array.from(Array(40).fill([0, 0, 0, 1, 0, 0, 76]).flat()));
    for (const name of names.slice(0, 3)) {
      assertEquals(await ask(OURS, tree, "s6-fdholder-delete", "s", name), DONE);
    }
    const kept = await ask(OURS, tree, "s6-fdholder-retrieve", "s", names[5]!, "cat");
    assertEquals(kept.stdout, "content");
  } finally {
    deaf.close();
  }
  daemon.kill("SIGTERM");
  assertEquals(await daemon.ended(), 1);
});

Deno.test("fdholder of ours: rules that can't be read or are no expressions are told, and keep out", async () => {
  using tree = makeTree({ ...RULES, input: "x" });
  tree.add({ "rules/uid/0/env/S6_FDHOLDER_STORE_REGEX": "(\n" });
  await using daemon = await hold(OURS, tree);
  assertEquals((await ask(OURS, tree, "s6-fdholder-list", "s")).code, 1);
  await eventually("the warning", () => daemon.stderr.text.includes("\n"));
  assertMatch(
    daemon.stderr.text,
    /^s6-fdholderd: warning: invalid S6_FDHOLDER_STORE_REGEX value: \(: .+\n$/,
  );
});

Deno.test("fdholder: a peer that never answers is given up after -t", async () => {
  using tree = makeTree({ input: "x" });
  using silent = Deno.listen({ transport: "unix", path: tree.path("s") });
  assert(silent.addr.transport === "unix");
  const { code, stderr } = await ask(OURS, tree, "s6-fdholder-list", "-t", "50", "s");
  assertEquals([code, stderr], [
    1,
    "s6-fdholder-list: fatal: unable to get fd list: Connection timed out\n",
  ]);
});
