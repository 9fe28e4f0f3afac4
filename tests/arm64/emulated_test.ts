/**
 * The program for arm64, run by an emulator: what it prints, logs and supervises is compared with
 * what the program for this machine does. An emulator is not the processor: it has no fork that
 * shares memory, and is slow.
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { run } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { SmallDisk } from "../fault/small_disk.ts";
import { OURS } from "../fixture/toolset.ts";
import { makeTree } from "../fixture/tree.ts";
import { holdEmulator } from "./emulator.ts";
import { LIMIT_MS, overlayRoot, scratchRoot } from "./root.ts";

/** A test of what runs in such a root, with the emulator in the kernel. */
function emulated(name: string, test: () => Promise<void>): void {
  Deno.test(`arm64: ${name}`, async () => {
    await using _ = await holdEmulator();
    await test();
  });
}

emulated(
  "the program tells what it is, and checks a directory as this machine's does",
  async () => {
    const spec = { "service/web/type": "longrun\n", "service/web/run": "#!/bin/nothing\n" };
    using root = await scratchRoot(spec);
    const { stdout } = await root.run("/usr/bin/hexad", ["--version", "--json"]);
    assertEquals(JSON.parse(stdout).architecture, "aarch64");
    using tree = makeTree(spec);
    const there = await root.run("/usr/bin/hexad", ["check", "--json", "/service/web"]);
    const here = await run(OURS.bin("hexad"), ["check", "--json", tree.path("service/web")]);
    const kinds = (text: string): unknown =>
      JSON.parse(text).findings.map(({ id }: { readonly id: string }) => id).sort();
    assertEquals([there.code, kinds(there.stdout)], [here.code, kinds(here.stdout)]);
  },
);

const SCRIPT = `#!/usr/bin/execlineb -W
backtick -E B { s6-echo -n "two words" }
foreground { forx -E i { 1 2 } if { eltest $i -eq 2 } s6-echo $B $i }
exit 7
`;

emulated("a script of execline does what it does here", async () => {
  using root = await scratchRoot({ "script!": SCRIPT });
  using tree = makeTree({ script: SCRIPT });
  const here = await run(OURS.bin("execlineb"), ["-W", tree.path("script")], {
    env: { PATH: `${OURS.bin("")}:/bin:/usr/bin` },
  });
  const there = await root.run("/script", []);
  assertEquals([there.code, there.stdout], [here.code, here.stdout]);
});

emulated("s6-log rotates as it does here", async () => {
  const input = Array.from({ length: 3000 }, (_, at) => `line ${at} ${"x".repeat(at % 90)}\n`);
  const script = ["n3", "s4096", "-x{80}$", "./log"];
  using root = await scratchRoot({ "log/": "" });
  using tree = makeTree({ "log/": "" });
  const stdin = input.join("");
  await run(OURS.bin("s6-log"), script, { cwd: tree.root, stdin });
  const there = await root.run("/usr/bin/s6-log", ["n3", "s4096", "-x{80}$", "/log"], stdin);
  assertEquals([there.code, there.stderr], [0, ""]);
  const sizes = (path: string): string[] =>
    Array.from(Deno.readDirSync(path), ({ name }) => name)
      .map((name) => `${name.replace(/^@.*\./, "@.")} ${Deno.statSync(`${path}/${name}`).size}`)
      .sort();
  assertEquals(sizes(root.tree.path("log")), sizes(tree.path("log")));
});

const LOGGED = {
  "service/web/run!": "#!/usr/bin/execlineb -P\nforeground { s6-echo started }\ns6-pause\n",
  "service/web/log/run!": "#!/usr/bin/execlineb -P\ns6-log t /tmp/log\n",
};

emulated(
  "s6-svscan as PID 1 supervises a service and its log; a killed one is restarted",
  async () => {
    using root = await scratchRoot(LOGGED);
    const log = root.tree.path("tmp/log/current");
    const lines = (): number =>
      root.tree.exists("tmp/log/current")
        ? Deno.readTextFileSync(log).split("\n").filter((line) => line.endsWith(" started")).length
        : 0;
    await using init = root.startAsInit("/usr/bin/s6-svscan", ["/service"]);
    await eventually("the first line", () => lines() === 1, LIMIT_MS);
    const pidOf = async (): Promise<string> => {
      const { stdout } = await root.run("/usr/bin/s6-svstat", ["-o", "pid", "/service/web"]);
      return stdout.trim();
    };
    const first = await pidOf();
    assertMatch(first, /^\d+$/);
    const killed = await root.run("/usr/bin/s6-svc", ["-k", "/service/web"]);
    assertEquals([killed.code, killed.stderr], [0, ""]);
    await eventually("the second line", () => lines() === 2, LIMIT_MS);
    assertEquals(await pidOf() === first, false);
    assertEquals((await root.run("/usr/bin/s6-svscanctl", ["-t", "/service"])).code, 0);
    assertEquals(await init.ended(), 0);
  },
);

emulated(
  "while its disk is full a log keeps the lines, and writes them when there is room again",
  async () => {
    using root = await scratchRoot({
      ...LOGGED,
      "disk/": "",
      "service/web/log/run!": "#!/usr/bin/execlineb -P\ns6-log t /disk/log\n",
    });
    using disk = new SmallDisk(root.tree.path("disk"), "size=64k");
    root.tree.add({ "disk/log/current": "" });
    disk.fill();
    await using init = root.startAsInit("/usr/bin/s6-svscan", ["/service"]);
    const warned = /warning: .*No space left on device/;
    await eventually("the warning", () => warned.test(init.stderr.text), LIMIT_MS);
    const current = (): string => root.tree.text("disk/log/current");
    assertEquals(current(), "");
    disk.clear();
    await eventually("the line", () => / started\n$/.test(current()), LIMIT_MS);
    assertEquals((await root.run("/usr/bin/s6-svscanctl", ["-t", "/service"])).code, 0);
    assertEquals(await init.ended(), 0);
  },
);

emulated(
  "/init as PID 1 runs boot scripts, services and the command, and ends with its exit code",
  async () => {
    using root = await overlayRoot({
      "etc/cont-init.d/10-first!": "#!/command/with-contenv execlineb -P\ns6-echo booted\n",
      "etc/services.d/web/run!": "#!/command/execlineb -P\ns6-pause\n",
      "etc/cont-finish.d/10-last!": "#!/command/execlineb -P\ns6-echo finished\n",
    });
    await using init = root.startAsInit("/init", [
      "execlineb",
      "-Pc",
      "foreground { s6-echo commanded } exit 9",
    ]);
    assertEquals(await init.ended(), 9);
    const output = init.stdout.text;
    for (const line of ["booted", "commanded", "finished"]) assertStringIncludes(output, line);
  },
);
