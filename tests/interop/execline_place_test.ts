/**
 * Where a chain failed: each error of a link ends with the file, the line and the column of its
 * word in the script.
 */
import { assertEquals } from "@std/assert";
import { run } from "../fixture/command.ts";
import { OURS, requireToolset } from "../fixture/toolset.ts";
import { makeTree } from "../fixture/tree.ts";

const CASES: readonly (readonly [what: string, script: string, code: number, stderr: string])[] = [
  [
    "a link behind a block",
    "foreground { s6-true }\n  fdmove -c 2 99\ns6-echo x\n",
    111,
    "fdmove: fatal: unable to move fd 99 to fd 2: Bad file descriptor (./script:3:3)\n",
  ],
  [
    "a link in a block, and the chain goes on",
    "foreground {\n  cd nowhere\n  s6-echo a\n}\nredirfd -r 0 missing\ns6-echo x\n",
    111,
    "cd: fatal: unable to chdir to nowhere: No such file or directory (./script:3:3)\n" +
    "redirfd: fatal: unable to open missing: No such file or directory (./script:6:1)\n",
  ],
  [
    "wrong usage in nested blocks",
    'if {\n if { s6-true }\n\tfdclose "0" }\ns6-echo x\n',
    100,
    "fdclose: fatal: a descriptor and a program are needed (./script:4:2)\nfdclose: usage: fdclose fd prog...\n",
  ],
];

for (const [what, script, code, stderr] of CASES) {
  Deno.test(`execlineb: ${what}: the error tells the line and the column`, async () => {
    requireToolset(OURS);
    const execlineb = OURS.bin("execlineb");
    using tree = makeTree({ "script!": `#!${execlineb} -P\n${script}` });
    const env = { PATH: `${execlineb.slice(0, execlineb.lastIndexOf("/"))}:/usr/bin:/bin` };
    const result = await run(tree.path("script"), [], { env });
    assertEquals([result.code, result.stderr.replaceAll(tree.root, ".")], [code, stderr]);
  });
}
