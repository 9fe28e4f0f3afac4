/**
 * Scripts that were written for older versions of s6, execline and s6-overlay: their commands, and
 * the paths at which those stood.
 */
import { assertEquals } from "@std/assert";
import { run } from "../fixture/command.ts";
import { within } from "../fixture/deadline.ts";
import { OURS, requireToolset } from "../fixture/toolset.ts";
import { makeTree } from "../fixture/tree.ts";
import { OURS_OURS } from "./pairing.ts";
import { openWorld } from "./world.ts";

requireToolset(OURS);

const EXECLINEB = OURS.bin("execlineb");
/** A path of our commands at which nothing is; /bin/execlineb may be here, as Debian's. */
const OLD = "/package/admin/no-such-version/command";

const CASES: readonly (readonly [script: string, code: number, stdout: string, stderr: string])[] =
  [
    ["s6-test 3 -ne 0", 0, "", ""],
    ["s6-test 0 -ne 0", 1, "", ""],
    ["s6-test 0 -ne 0 -o ( -d / -a ! -e /nonexistent )", 0, "", ""],
    ["s6-test", 1, "", ""],
    ["if { s6-test ${1} -ne 0 } s6-echo ended", 0, "ended\n", ""],
    ["if -t { s6-test ${1} = 0 } s6-echo went on", 0, "", ""],
    ["import VAR s6-echo <${VAR}>", 0, "<a b>\n", ""],
    ["import -s VAR s6-echo <${VAR}>", 0, "<a> <b>\n", ""],
    ["import -D none MISSING s6-echo ${MISSING}", 0, "none\n", ""],
    [
      "import -u VAR foreground { s6-echo $VAR } importas -i VAR VAR s6-echo",
      100,
      "a b\n",
      "importas: fatal: VAR not set (script:1:43)\n",
    ],
    [
      "import -i MISSING s6-echo",
      100,
      "",
      "import: fatal: MISSING not set (script:1:1)\n",
    ],
    [
      "multisubstitute { import VAR define X y import -D d MISSING } s6-echo $VAR $X $MISSING",
      0,
      "a b y d\n",
      "",
    ],
    [`${OLD}/s6-echo old`, 0, "old\n", ""],
    [`${OLD}/foreground { ${OLD}/s6-echo old } ${OLD}/s6-echo path`, 0, "old\npath\n", ""],
    [
      "foreground { s6-ps x } exit 3",
      3,
      "",
      "foreground: warning: unable to spawn s6-ps: No such file or directory; hexad has no s6-ps: write hexad status for services, ps for all processes\n",
    ],
    [
      "cd / s6-tcpclient x y",
      127,
      "",
      "cd: fatal: unable to exec s6-tcpclient: No such file or directory; hexad has no s6-tcpclient: use nc (script:1:1)\n",
    ],
  ];

for (const [script, ...expected] of CASES) {
  Deno.test(`execlineb: ${script}`, async () => {
    using tree = makeTree({ script });
    const { code, stdout, stderr } = await run(EXECLINEB, ["-S1", "script", "3"], {
      cwd: tree.root,
      env: { VAR: "a b", PATH: "/nonexistent" },
    });
    assertEquals([code, stdout, stderr], expected);
  });
}

Deno.test("import of a program in PATH, such as ImageMagick's, is that program", async () => {
  using tree = makeTree({
    "bin/import!": '#!/bin/sh\necho "imported $*"\n',
    script: "import x.png",
  });
  assertEquals(
    await run(EXECLINEB, [tree.path("script")], {
      env: { PATH: `${tree.path("bin")}:${Deno.env.get("PATH")}` },
    }),
    { code: 0, stdout: "imported x.png\n", stderr: "" },
  );
});

Deno.test("a service whose run and finish name execlineb at an old path runs, and its finish ends the tree", async () => {
  await using world = await openWorld(OURS_OURS, {
    "web/run!": `#!${OLD}/execlineb -P\nforeground { ${OLD}/s6-touch ran }\nexit 7\n`,
    "web/finish!":
      `#!${OLD}/execlineb -S1\nif { s6-test \${1} -ne 0 }\nforeground { s6-touch finished }\ns6-svscanctl -t ..\n`,
  });
  await within(world.svscan.ended(), "s6-svscan to end");
  assertEquals([world.tree.exists("web/ran"), world.tree.exists("web/finished")], [true, true]);
});
