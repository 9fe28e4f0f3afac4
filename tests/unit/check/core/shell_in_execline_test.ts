/** Shell in scripts for execlineb: what is told, with which line and cure; and what is legal. */
import { assertEquals } from "@std/assert";
import { CHAIN_SHAPES } from "../../../../lib/execline/core/chain_shape.ts";
import { parseScript } from "../../../../lib/execline/core/execline_script.ts";
import { checkCommandLine, type KnownCommands } from "../../../../lib/check/core/script_check.ts";

const KNOWN: KnownCommands = {
  names: Object.keys(CHAIN_SHAPES),
  options: () => undefined,
  isProgram: (name) => name === "[",
};

/** `line:column text` of each finding. */
function found(script: string): string[] {
  const words = parseScript(new TextEncoder().encode(script), "run");
  return checkCommandLine(words, KNOWN, script)
    .map(({ kind, place, text }) => `${place.line}:${place.column} ${kind}: ${text}`);
}

const ONLY = "is only an argument here: write";
const BEFORE = "before the program";

const SHELL: readonly (readonly [script: string, finding: string])[] = [
  ["nginx 2>&1", `1:7 warning: 2>&1 ${ONLY} fdmove -c 2 1 ${BEFORE}`],
  ["nginx >&2", `1:7 warning: >&2 ${ONLY} fdmove -c 1 2 ${BEFORE}`],
  ["nginx >/dev/null", `1:7 warning: >/dev/null ${ONLY} redirfd -w 1 /dev/null ${BEFORE}`],
  ["nginx 2> /var/log/x", `1:7 warning: 2> ${ONLY} redirfd -w 2 FILE ${BEFORE}`],
  ["nginx >>log", `1:7 warning: >>log ${ONLY} redirfd -a 1 log ${BEFORE}`],
  ["nginx &>log", `1:7 warning: &>log ${ONLY} redirfd -w 1 log fdmove -c 2 1 ${BEFORE}`],
  ["nginx 3>&-", `1:7 warning: 3>&- ${ONLY} fdclose 3 ${BEFORE}`],
  ["cat < file", `1:5 warning: < ${ONLY} redirfd -r 0 FILE ${BEFORE}`],
  ["nginx\n  | s6-log t", `2:3 warning: | ${ONLY} pipeline { FIRST } SECOND`],
  ["mkdir d && nginx", `1:9 warning: && ${ONLY} if { FIRST } SECOND`],
  ["cd / && nginx", `1:6 warning: && ${ONLY} if { FIRST } SECOND`],
  ["mkdir d || nginx", `1:9 warning: || ${ONLY} if -n { FIRST } SECOND`],
  ["nginx &", `1:7 warning: & ${ONLY} background { PROGRAM } NEXT`],
  ["mkdir d ; nginx", `1:9 warning: ; ${ONLY} foreground { FIRST } SECOND`],
  ["if { test -e x 2>&1 } nginx", `1:16 warning: 2>&1 ${ONLY} fdmove -c 2 1 ${BEFORE}`],
  ["echo 'a b'", `1:6 warning: ' quotes nothing here: write "..."`],
  ["sh -c 'exec nginx'", `1:7 warning: ' quotes nothing here: write "..."`],
  ["export A=b nginx x", "1:8 warning: export: A=b is a name with = in it: write export A b"],
  ["A=b nginx", "1:1 warning: A=b is no assignment here: write export A b"],
  [
    "echo $(date)",
    "1:6 warning: $(date) runs nothing here: write backtick VAR { PROGRAM } importas VAR VAR",
  ],
  [
    "nginx -p ${PORT}",
    "1:10 warning: nothing substitutes ${PORT}: write importas PORT PORT before the program",
  ],
  [
    "/bin/cd / nginx -p $PORT",
    "1:20 warning: nothing substitutes $PORT: write importas PORT PORT before the program",
  ],
  [
    "set -e nginx",
    "1:1 warning: set is of a shell: leave it out: if { ... } stops at a failure, and execlineb has options",
  ],
  [
    "source /etc/profile",
    "1:1 warning: source is of a shell: a chain can't read a shell's file: write envfile FILE for variables, or sh -c",
  ],
];

for (const [script, finding] of SHELL) {
  Deno.test(`checkCommandLine(): shell in execline: ${script}`, () => {
    assertEquals(found(script), [finding]);
  });
}

const LEGAL: readonly string[] = [
  "if { eltest a > b } nginx",
  "s6-test 1 -lt 2 -a a < b",
  "if { test a > b } nginx",
  "expr 1 | 2",
  'sh -c "nginx 2>&1 | tee log && echo $HOME >x; A=b $(date)"',
  'awk "$1 > 2 { print $NF }" file',
  'echo "|" "2>&1" ">" "&&" "\'a b\'"',
  "find / -name x -exec rm {} ;",
  "echo <b>bold</b> a->b => x=>y it's",
  "echo don't can't",
  "importas PORT PORT nginx -p ${PORT}",
  "multisubstitute { importas -D 80 PORT PORT define X y } nginx -p ${PORT} $X",
  "forx WORD { a b } echo $WORD",
  "backtick NOW { date } importas -u T NOW echo ${T}",
  '/bin/export TEXT "run ${1} and ${LATER}" nginx',
  "nginx $1 $@ $# ${2}",
  's6-log t !"gzip -9" /var/log/x',
  "curl -s http://localhost/?a=b&c=d",
  "echo \\$HOME",
];

for (const script of LEGAL) {
  Deno.test(`checkCommandLine(): legal execline: ${script}`, () => {
    assertEquals(found(script), []);
  });
}
