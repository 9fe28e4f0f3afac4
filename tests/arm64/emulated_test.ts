/**
 * The program for arm64, run by an emulator: what it prints and logs is compared with
 * what the program for this machine does. An emulator is not the processor: it has no fork that
 * shares memory, and is slow.
 */
import { assertEquals } from "@std/assert";
import { run } from "../fixture/command.ts";
import { OURS } from "../fixture/toolset.ts";
import { makeTree } from "../fixture/tree.ts";
import { holdEmulator } from "./emulator.ts";
import { scratchRoot } from "./root.ts";

Deno.test(
  "arm64: the program tells what it is, and checks a directory as this machine's does",
  async () => {
    await using _ = await holdEmulator();
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

Deno.test("arm64: a script of execline does what it does here", async () => {
  await using _ = await holdEmulator();
  using root = await scratchRoot({ "script!": SCRIPT });
  using tree = makeTree({ script: SCRIPT });
  const here = await run(OURS.bin("execlineb"), ["-W", tree.path("script")], {
    env: { PATH: `${OURS.bin("")}:/bin:/usr/bin` },
  });
  const there = await root.run("/script", []);
  assertEquals([there.code, there.stdout], [here.code, here.stdout]);
});

Deno.test("arm64: s6-log rotates as it does here", async () => {
  await using _ = await holdEmulator();
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
