/**
 * s6-rc when a machine is short of something, and definitions as nobody should have them: full
 * disks, no descriptor and no process for a oneshot, thousands of services, names of all bytes,
 * cycles through bundles.
 */
import { assert, assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { run } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { OURS } from "../fixture/toolset.ts";
import type { Tree, TreeSpec } from "../fixture/tree.ts";
import { STACK_TRACE } from "./patient.ts";
import { ProcessLimit, processLimitRefusal } from "./process_limit.ts";
import { command, ONE, withLive } from "./rc_live.ts";
import { testUnless } from "./refusal.ts";
import { mountRefusal, SmallDisk } from "./small_disk.ts";

const LONGRUN: TreeSpec = {
  "src/run/type": "longrun\n",
  "src/run/run!": "#!/bin/sh\nexec sleep 1000000\n",
};

for (
  const [what, options, hurt] of [
    ["full", "size=256k", (disk: SmallDisk) => disk.fill()],
    ["without an inode left", "nr_inodes=120", (disk: SmallDisk) => disk.fillInodes()],
  ] as const
) {
  testUnless(
    mountRefusal(),
    `s6-rc: a disk under the live folder that is ${what}: services start and stop, and with room again the state is written`,
    async () => {
      let disk: SmallDisk | undefined;
      const prepare = (tree: Tree): SmallDisk => disk = new SmallDisk(tree.path("disk"), options);
      await withLive(async ({ svscan, rc, did }) => {
        const isUp = async (name: string): Promise<boolean> =>
          (await did("-a", "list")).includes(name);
        hurt(disk!);
        const up = await rc("-u", "change", "one", "run");
        assertNotMatch(up.stderr + svscan.output.text, STACK_TRACE);
        assertMatch(up.stderr, /^s6-rc: warning: unable to .*: No space left on device$/m);
        disk!.clear();
        await eventually("the state to be written", async () => await isUp("one"));
        await did("-u", "change", "run");
        assert(await isUp("run"));
        hurt(disk!);
        const down = await rc("-d", "change", "one", "run");
        assertNotMatch(down.stderr + svscan.output.text, STACK_TRACE);
        disk!.clear();
        await eventually("the state to be written", async () => !(await isUp("one")));
        await did("-d", "change", "run");
        assert(!await isUp("run"));
      }, { files: { ...ONE, ...LONGRUN, "disk/": "" }, prepare, live: "disk/live" });
    },
  );
}

function setSoftLimit(pid: number, descriptors: number): void {
  const { success, stderr } = new Deno.Command("prlimit", {
    args: [`--pid=${pid}`, `--nofile=${descriptors}:`],
  }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

Deno.test("s6-rc: no descriptor is left when a oneshot is asked for: the client is told or waits; with some again, it runs", async () => {
  await withLive(async ({ svscan, rc, did }) => {
    const used = [...Deno.readDirSync(`/proc/${svscan.pid}/fd`)].length;
    const limit = Number(
      /^Max open files +(\d+)/m.exec(Deno.readTextFileSync(`/proc/${svscan.pid}/limits`))?.[1],
    );
    // the client's connection needs one, and each message brings three
    for (const spare of [0, 1, 2, 3, 4]) {
      setSoftLimit(svscan.pid, used + spare);
      const pending = rc("-t", "30000", "-u", "change", "one");
      const early = await Promise.race([
        pending,
        eventually("a warning", () => /warning: /.test(svscan.output.text)).catch(() => undefined),
      ]);
      setSoftLimit(svscan.pid, limit);
      const { code, stderr } = await pending;
      assert([0, 1, 111].includes(code), `${spare} to spare: ${code} ${stderr}`);
      if (code !== 0) assertMatch(stderr, /^s6-rc: (fatal|warning): /m, String(early));
      assertNotMatch(stderr + svscan.output.text, STACK_TRACE);
      await did("-u", "change", "one");
      await did("-d", "change", "one");
    }
  });
});

testUnless(
  processLimitRefusal(),
  "s6-rc: no process can be started for a oneshot (EAGAIN): the change fails and says why; with room again, it runs",
  async () => {
    using limit = new ProcessLimit();
    await withLive(async ({ svscan, rc, did }) => {
      limit.add(svscan.pid);
      limit.close();
      const { code, stderr } = await rc("-u", "change", "one");
      assertEquals(code, 1, stderr);
      assertMatch(
        stderr,
        /^s6-rc-oneshot-run: fatal: unable to spawn true: Resource temporarily unavailable$/m,
      );
      assertMatch(stderr, /^s6-rc: warning: unable to start service one: command exited 111$/m);
      assertEquals(await did("-a", "list"), ["s6rc-oneshot-runner"]);
      limit.open();
      await did("-u", "change", "one");
      await did("-d", "change", "one");
    });
  },
);

Deno.test("s6-rc: 2000 definitions, each after the one before: all up, all down, and the answer names them all", async () => {
  const count = 2000;
  const names = Array.from({ length: count }, (_, index) => `s${index}`);
  const prepare = (tree: Tree): void => {
    names.forEach((name, index) => {
      const place = tree.path("src", name);
      Deno.mkdirSync(`${place}/dependencies.d`, { recursive: true });
      Deno.writeTextFileSync(`${place}/type`, "oneshot\n");
      Deno.writeTextFileSync(`${place}/up`, "# nothing\n");
      if (index > 0) Deno.writeTextFileSync(`${place}/dependencies.d/s${index - 1}`, "");
    });
  };
  await withLive(async ({ svscan, did }) => {
    await did("-u", "change", `s${count - 1}`);
    assertEquals((await did("-a", "list")).length, count + 1);
    await did("-d", "change", "s0");
    assertEquals(await did("-a", "list"), ["s6rc-oneshot-runner"]);
    assertNotMatch(svscan.output.text, STACK_TRACE);
  }, { files: {}, prepare });
});

/** Makes oneshots whose names are bytes, as printf writes them, and the bundle `all` of them. */
async function defineNames(directory: string, names: readonly string[]): Promise<void> {
  const lines = names.map((name) =>
    `n=$(printf -- '${name}.'); n=\${n%.}; mkdir -p -- "./$n"; echo oneshot >"./$n/type"; : >"./$n/up"; : >"all/contents.d/$n"`
  );
  const script = ["mkdir -p all/contents.d", "echo bundle >all/type", ...lines].join("\n");
  const { code, stderr } = await run("/bin/sh", ["-ec", script], { cwd: directory });
  assertEquals([code, stderr], [0, ""]);
}

Deno.test("s6-rc: names of every byte but NUL, newline and a slash, whether they are UTF-8 or not", async () => {
  const octal = (byte: number): string => `\\${byte.toString(8).padStart(3, "0")}`;
  const bytes = Array.from({ length: 255 }, (_, index) => index + 1).filter((byte) =>
    byte !== 0x0a && byte !== 0x2f
  );
  const names = [
    ...bytes.map((byte) => `x${octal(byte)}`),
    "-u",
    "x\\303\\244",
    "\\377\\376",
    "a b\\tc",
  ];
  const prepare = (tree: Tree): Promise<void> => defineNames(tree.path("src"), names);
  await withLive(async ({ tree, live, svscan }) => {
    // by a shell: what is no UTF-8 can't be a word of this test's, nor of a command line of ours
    const script = [
      'cd "$1/src"',
      '"$2" -l "$3" -u change all || exit 2',
      "printf '%s\\n' * | grep -avx all | LC_ALL=C sort >../there",
      '"$2" -l "$3" -a list | grep -av s6rc-oneshot-runner | LC_ALL=C sort >../up',
      "cmp ../up ../there || exit 3",
      '"$2" -l "$3" -d -- change -u "$(printf "a b\\tc")" "$(printf "x\\303\\244")" || exit 4',
      '"$2" -l "$3" -d change all || exit 5',
      '"$2" -l "$3" -a list',
    ].join("\n");
    const words = ["-c", script, "sh", tree.root, OURS.bin("s6-rc"), live];
    const { code, stdout, stderr } = await run("/bin/sh", words, { timeoutMs: 60_000 });
    assertEquals([code, stdout, stderr], [0, "s6rc-oneshot-runner\n", ""]);
    assertNotMatch(svscan.output.text, STACK_TRACE);
  }, { files: {}, prepare });
});

Deno.test("s6-rc: a cycle through bundles is an error that shows the whole way", async () => {
  await withLive(async ({ tree }) => {
    tree.add({
      "wrong/a/type": "oneshot\n",
      "wrong/a/up": "",
      "wrong/a/dependencies.d/all": "",
      "wrong/b/type": "oneshot\n",
      "wrong/b/up": "",
      "wrong/b/dependencies.d/a": "",
      "wrong/all/type": "bundle\n",
      "wrong/all/contents.d/inner": "",
      "wrong/inner/type": "bundle\n",
      "wrong/inner/contents.d/b": "",
    });
    const compile = ["-v2", tree.path("none"), tree.path("wrong")];
    const { code, stderr } = await command("s6-rc-compile", compile);
    assertEquals(code, 1);
    assertMatch(stderr, /: b -> a \(dependencies\.d\/a\) -> b \(dependencies\.d\/all\)/);
    assert(!tree.exists("none"));
    tree.add({
      "nested/a/type": "bundle\n",
      "nested/a/contents.d/b": "",
      "nested/b/type": "bundle\n",
      "nested/b/contents.d/a": "",
    });
    const nested = await command("s6-rc-compile", [tree.path("none"), tree.path("nested")]);
    assertEquals(nested.code, 1);
    assertMatch(nested.stderr, /^s6-rc-compile: fatal: .*cycl/m);
  });
});
