/**
 * Clients of s6-rc killed at each system call that changes something or speaks to s6-svscan: the
 * next client finds nothing in its way, and the engine has lost nothing. strace kills them as they
 * enter the call.
 */
import { assert, assertEquals, assertGreaterOrEqual } from "@std/assert";
import { run, start } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { OURS } from "../fixture/toolset.ts";
import type { Tree } from "../fixture/tree.ts";
import { injectionRefusal } from "./injection.ts";
import { command, type LiveRc, withLive } from "./rc_live.ts";
import { testUnless } from "./refusal.ts";

const REFUSAL = injectionRefusal();
const KILLED = 137;

/**
 * Runs a client that is killed when it makes a call for the `when`-th time.
 *
 * @returns whether it came to that
 */
async function killedAt(
  call: string,
  when: number,
  program: string,
  args: readonly string[],
): Promise<boolean> {
  const inject = ["-e", `trace=${call}`, "-e", `inject=${call}:signal=SIGKILL:when=${when}`];
  const words = ["-f", "-o", "/dev/null", ...inject, OURS.bin(program), ...args];
  return (await run("strace", words, { timeoutMs: 60_000 })).code === KILLED;
}

/**
 * @param args those of each attempt
 * @param after called each time that it was killed
 * @returns how often it was
 */
async function killAtEach(
  calls: readonly string[],
  program: string,
  args: (attempt: number) => readonly string[],
  after: (told: string, attempt: number) => Promise<void>,
): Promise<number> {
  let kills = 0;
  let attempt = 0;
  for (const call of calls) {
    for (let when = 1; await killedAt(call, when, program, args(++attempt)); when++) {
      kills += 1;
      await after(`${program} killed at ${call} ${when}`, attempt);
    }
  }
  return kills;
}

/** A change up and one down are obeyed by all. */
async function works({ did }: LiveRc, told: string): Promise<void> {
  await did("-u", "change", "one");
  assert((await did("-a", "list")).includes("one"), told);
  await did("-d", "change", "one");
  assert(!(await did("-a", "list")).includes("one"), told);
}

testUnless(
  REFUSAL,
  "s6-rc is killed at each of its words with s6-svscan: the next one is obeyed",
  async () => {
    await withLive(async (rc) => {
      const kills = await killAtEach(
        ["socket", "connect", "sendmsg", "recvmsg"],
        "s6-rc",
        () => ["-l", rc.live, "-u", "change", "one"],
        (told) => works(rc, told),
      );
      assertGreaterOrEqual(kills, 4);
    });
  },
);

Deno.test("s6-rc is killed while its oneshot runs: the oneshot comes to its end, and what is asked next waits for it", async () => {
  const prepare = (tree: Tree): void => {
    const script = `echo >${tree.root}/begun; until test -e ${tree.root}/go; do sleep 0.05; done`;
    tree.add({ "src/slow/type": "oneshot\n", "src/slow/up": `/bin/sh -c "${script}"\n` });
  };
  await withLive(async ({ tree, live, rc, did }) => {
    await using child = start(OURS.bin("s6-rc"), ["-l", live, "-u", "change", "slow"]);
    await eventually("the oneshot to begin", () => tree.exists("begun"));
    child.kill("SIGKILL");
    assertEquals(await child.ended(), KILLED);
    let over = false;
    const next = rc("-u", "change", "slow");
    next.then(() => over = true);
    // as C's, which can't take the lock while a change goes on; a client that is dead has none
    await eventually(
      "the next client to be heard",
      async () => (await rc("-a", "list")).code === 111,
    );
    assert(!over, "the next client has not waited");
    tree.add({ "go": "" });
    assertEquals((await next).code, 0);
    assertEquals(await did("-a", "list"), ["s6rc-oneshot-runner", "slow"]);
  }, { files: {}, prepare });
});

testUnless(
  REFUSAL,
  "s6-rc-compile is killed at each step: what it leaves is taken for no database, and when it is removed the next one makes one",
  async () => {
    await withLive(async ({ tree }) => {
      const args = (attempt: number) => [tree.path(`db${attempt}`), tree.path("src")];
      const kills = await killAtEach(
        ["mkdir", "openat", "write"],
        "s6-rc-compile",
        args,
        async (told, attempt) => {
          const place = `db${attempt}`;
          if (!tree.exists(place)) return;
          const list = ["-c", tree.path(place), "list", "oneshots"];
          const { code, stdout, stderr } = await command("s6-rc-db", list);
          const isWhole = code === 0 && stdout === "one\n";
          const isRefused = [4, 111].includes(code) && /^s6-rc-db: fatal: .*\n$/.test(stderr);
          assert(isWhole || isRefused, `${told}: ${code} ${stdout}${stderr}`);
          tree.remove(place);
          const again = await command("s6-rc-compile", args(attempt));
          assertEquals([again.code, again.stderr], [0, ""], told);
        },
      );
      assertGreaterOrEqual(kills, 5);
    });
  },
);

testUnless(
  REFUSAL,
  "s6-rc-init is killed at each step: the next one makes the live folder, or finds it made",
  async () => {
    await withLive(async ({ tree }) => {
      const live = (attempt: number) => tree.path("other", `live${attempt}`);
      const args = (attempt: number) => [
        "-c",
        tree.path("db"),
        "-l",
        live(attempt),
        tree.path("scan"),
      ];
      const kills = await killAtEach(
        ["socket", "connect", "sendmsg", "recvmsg"],
        "s6-rc-init",
        args,
        async (told, attempt) => {
          const again = await command("s6-rc-init", args(attempt));
          const change = await command("s6-rc", ["-l", live(attempt), "-u", "change", "one"]);
          assertEquals(change.code, 0, `${told}: ${again.stderr}${change.stderr}`);
        },
      );
      assertGreaterOrEqual(kills, 4);
    }, { files: { "src/one/type": "oneshot\n", "src/one/up": "true\n", "other/": "" } });
  },
);
