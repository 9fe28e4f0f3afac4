/**
 * s6-setlock and s6-setsid. One implementation holds a lock, the other asks for it: both mean the
 * same POSIX lock.
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Background, run, start } from "../../fixture/command.ts";
import { makeTree, type Tree } from "../../fixture/tree.ts";
import { is215, type Pairing, test, testAlone } from "../pairing.ts";

/**
 * Starts the first side's s6-setlock, and waits until it has the lock: the program it becomes says
 * so.
 */
async function hold(p: Pairing, tree: Tree, ...options: string[]): Promise<Background> {
  const holder = start(p.daemon.bin("s6-setlock"), [
    ...options,
    "lock",
    "sh",
    "-c",
    "echo held; exec sleep 100000",
  ], { cwd: tree.root });
  await holder.stdout.until("held\n");
  return holder;
}

function setlockCases(p: Pairing): void {
  const contests: readonly (readonly [string, readonly string[], boolean])[] = [
    ["-w", ["-n"], false],
    ["-w", ["-n", "-r"], false],
    ["-w", ["-t", "100"], false],
    ["-r", ["-n"], false],
    ["-r", ["-n", "-r"], true],
    ["-r", ["-nr", "-N", "-t", "100"], true],
  ];
  for (const [held, options, granted] of contests) {
    test(
      p,
      `s6-setlock ${options.join(" ")} beside a holder of s6-setlock ${held}: ${
        granted ? "shares the lock" : "1"
      }`,
      async () => {
        using tree = makeTree({});
        await using _holder = await hold(p, tree, held);
        const { code, stdout, stderr } = await run(p.client.bin("s6-setlock"), [
          ...options,
          "lock",
          "echo",
          "mine",
        ], { cwd: tree.root });
        assertEquals([code, stdout], granted ? [0, "mine\n"] : [1, ""]);
        if (!granted) {
          assertStringIncludes(
            stderr,
            options.includes("-t") && !is215(p.client)
              ? "unable to acquire lock"
              : "unable to lock lock",
          );
        }
      },
    );
  }
  test(p, "s6-setlock waits until the lock is free", async () => {
    using tree = makeTree({});
    await using holder = await hold(p, tree);
    await using waiter = start(
      p.client.bin("s6-setlock"),
      ["-t", "15000", "lock", "echo", "mine"],
      { cwd: tree.root },
    );
    holder.kill("SIGKILL");
    assertEquals(await waiter.ended(), 0);
    assertEquals(waiter.stdout.text, "mine\n");
  });
  testAlone(
    p,
    "s6-setlock hands arguments and exit code on, and keeps the lock in the program",
    async () => {
      using tree = makeTree({});
      const inner = `"${p.client.bin("s6-setlock")}" -n lock true; echo "$1 $?"; exit 7`;
      const { code, stdout } = await run(p.client.bin("s6-setlock"), [
        "lock",
        "sh",
        "-c",
        inner,
        "sh",
        "a b",
      ], { cwd: tree.root });
      assertEquals([code, stdout], [7, "a b 1\n"]);
    },
  );
  if (is215(p.client)) {
    testAlone(p, "s6-setlock -d puts the lock on the descriptor asked for", async () => {
      using tree = makeTree({});
      const words = ["-d", "9", "lock", "readlink", "/proc/self/fd/9"];
      assertEquals(
        (await run(p.client.bin("s6-setlock"), words, { cwd: tree.root })).stdout,
        `${tree.path("lock")}\n`,
      );
    });
  }
  testAlone(
    p,
    "s6-setlock: a file that can't be opened is 111, a program that is not there 127, wrong usage 100",
    async () => {
      using tree = makeTree({});
      const setlock = (...args: string[]): Promise<number> =>
        run(p.client.bin("s6-setlock"), args, { cwd: tree.root }).then(({ code }) => code);
      assertEquals(await setlock("missing/lock", "true"), 111);
      assertEquals(await setlock("lock", "no-such-program"), 127);
      assertEquals(await setlock("lock", tree.root), 126);
      assertEquals(await setlock("lock"), 100);
      assertEquals(await setlock("-z", "lock", "true"), 100);
      assertEquals(await setlock("-t", "soon", "lock", "true"), 100);
    },
  );
}

/** Prints pid, process group and session of the program that s6-setsid becomes. */
const SHOW = ["ps", "-o", "pid=,pgid=,sid=", "--pid"];

function setsidCases(p: Pairing): void {
  testAlone(p, "s6-setsid makes the program the leader of a session of its own", async () => {
    const { stdout } = await run(p.client.bin("s6-setsid"), [
      "sh",
      "-c",
      `exec ${SHOW.join(" ")} $$`,
    ]);
    assertMatch(stdout.trim(), /^(\d+) +\1 +\1$/);
  });
  testAlone(p, "s6-setsid -b makes a process group and keeps the session", async () => {
    const { stdout } = await run(p.client.bin("s6-setsid"), [
      "-b",
      "sh",
      "-c",
      `exec ${SHOW.join(" ")} $$`,
    ]);
    const [pid, pgid, sid] = stdout.trim().split(/ +/);
    const own = await run("sh", ["-c", "ps -o sid= --pid $$"]);
    assertEquals([pgid, sid], [pid, own.stdout.trim()]);
  });
  testAlone(
    p,
    "s6-setsid where it can't: goes on with a warning, -q in silence, -i not at all",
    async () => {
      // the leader of a process group can't make a session
      const setsid = p.client.bin("s6-setsid");
      const asLeader = (...args: string[]): ReturnType<typeof run> =>
        run("setsid", ["-w", setsid, ...args, "echo", "ran"]);
      const loose = await asLeader();
      assertEquals([loose.code, loose.stdout], [0, "ran\n"]);
      assertStringIncludes(loose.stderr, "warning: unable to setsid: Operation not permitted");
      assertEquals(await asLeader("-q"), { code: 0, stdout: "ran\n", stderr: "" });
      const strict = await asLeader("-i");
      assertEquals([strict.code, strict.stdout], [111, ""]);
      assertStringIncludes(strict.stderr, "fatal: unable to setsid: Operation not permitted");
    },
  );
  testAlone(p, "s6-setsid: a program that is not there is 127, wrong usage 100", async () => {
    assertEquals((await run(p.client.bin("s6-setsid"), ["no-such-program"])).code, 127);
    assertEquals((await run(p.client.bin("s6-setsid"), [])).code, 100);
    assertEquals((await run(p.client.bin("s6-setsid"), ["-z", "true"])).code, 100);
  });
}

export function setlockSetsidCases(p: Pairing): void {
  setlockCases(p);
  setsidCases(p);
}
