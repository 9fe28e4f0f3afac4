/**
 * The chain loaders that change ids, limits, variables, locks and sessions: ours beside Debian's,
 * one command line for both. What the program at the end sees must be the same, and so must the
 * exit code; messages may differ, but must be there or not there alike.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { run } from "../fixture/command.ts";
import { OURS, requireToolset, THEIRS, type Toolset } from "../fixture/toolset.ts";
import { makeTree, type Tree } from "../fixture/tree.ts";

/** What a process is, as the kernel tells it. */
const IDS = [
  "sh",
  "-c",
  'grep -E "^(Uid|Gid|Groups)" /proc/self/status; echo "${UID-} ${GID-} ${GIDLIST-}"; env | grep -cE "^(UID|GID|GIDLIST)="',
];
const NAMES = ["A", "TRAILING", "NUL", "MULTI", "REMOVED", "LONG", "NEWLINE", "KEPT"];
const VARIABLES = [
  "sh",
  "-c",
  NAMES.map((name) => `printf '%s=[%.60s] %s\\n' ${name} "\${${name}-unset}" "\${#${name}}"`).join(
    "; ",
  ),
];
const LIMITS = ["sh", "-c", "grep -vE 'pending signals' /proc/self/limits"];

const CASES: readonly (readonly string[])[] = [
  ["s6-setuidgid", "nobody", ...IDS],
  ["s6-setuidgid", "", ...IDS],
  ["s6-setuidgid", "root", ...IDS],
  ["s6-setuidgid", "1234:5678", ...IDS],
  ["s6-setuidgid", "0:5678", ...IDS],
  ["s6-setuidgid", "no-such-user", "true"],
  ["s6-setuidgid", "65534", "true"],
  ["s6-setuidgid", "nobody:nogroup", "true"],
  ["s6-setuidgid", "1:", "true"],
  ["s6-setuidgid", "nobody"],
  ["s6-setuidgid"],
  ["s6-setuidgid", "nobody", "no-such-program"],
  ["s6-setuidgid", "nobody", "s6-setuidgid", "root", "true"],
  ["s6-setuidgid", "nobody", "cat", "/etc/shadow"],
  ["s6-envuidgid", "daemon", ...IDS],
  ["s6-envuidgid", "-u", "daemon", ...IDS],
  ["s6-envuidgid", "-g", "daemon", ...IDS],
  ["s6-envuidgid", "-B", "daemon:mail", ...IDS],
  ["s6-envuidgid", "-nB", "root:42", ...IDS],
  ["s6-envuidgid", "-nB", "1234:mail", ...IDS],
  ["s6-envuidgid", "-B", "root:no-such-group", "true"],
  ["s6-envuidgid", "-g", "no-such-group", "true"],
  ["s6-envuidgid", "-u", "no-such-user", "true"],
  ["s6-envuidgid", "-D", "7:8:9,10", "no-such-user", ...IDS],
  ["s6-envuidgid", "-D", "7:8:9", "-i", "no-such-user", "true"],
  ["s6-envuidgid", "-D", "7", "no-such-user", ...IDS],
  ["s6-envuidgid", "-D", "x", "nobody", "true"],
  ["s6-envuidgid", "-x", "nobody", "true"],
  ["s6-envuidgid", "daemon"],
  ["s6-applyuidgid", "-u", "12", "-g", "34", "-G", "5,6,34", ...IDS],
  ["s6-applyuidgid", "-g", "34", ...IDS],
  ["s6-applyuidgid", "-G", "5,6", ...IDS],
  ["s6-applyuidgid", "-u", "0", "-g", "0", ...IDS],
  ["s6-applyuidgid", ...IDS],
  ["s6-applyuidgid", "-u", "x", "true"],
  ["s6-applyuidgid", "-U", "true"],
  ["s6-applyuidgid", "-z"],
  ["s6-envuidgid", "mail", "s6-applyuidgid", "-U", ...IDS],
  ["s6-envuidgid", "mail", "s6-applyuidgid", "-Uz", ...IDS],
  ["s6-envuidgid", "mail", "s6-applyuidgid", "-U", "-u", "77", ...IDS],
  ["s6-envdir", "env", ...VARIABLES],
  ["s6-envdir", "-f", "env", ...VARIABLES],
  ["s6-envdir", "-n", "env", ...VARIABLES],
  ["s6-envdir", "-fn", "env", ...VARIABLES],
  ["s6-envdir", "-L", "env", ...VARIABLES],
  ["s6-envdir", "-Lf", "env", ...VARIABLES],
  ["s6-envdir", "-c", "=x", "env", ...VARIABLES],
  ["s6-envdir", "none", ...VARIABLES],
  ["s6-envdir", "-I", "none", ...VARIABLES],
  ["s6-envdir", "-Ii", "none", ...VARIABLES],
  ["s6-envdir", "-I", "env/MULTI", ...VARIABLES],
  ["s6-envdir", "empty", ...VARIABLES],
  ["s6-envdir", "broken", ...VARIABLES],
  ["s6-envdir", "env"],
  ["s6-softlimit", "-o", "64", ...LIMITS],
  ["s6-softlimit", "-o", "12", ...LIMITS],
  ["s6-softlimit", "-c", "0", "-f", "1000000", "-s", "4000000", ...LIMITS],
  ["s6-softlimit", "-a", "50000000", ...LIMITS],
  ["s6-softlimit", "-m", "30000000", ...LIMITS],
  ["s6-softlimit", "-d", "20000000", "-l", "4096", "-r", "9999999", ...LIMITS],
  ["s6-softlimit", "-p", "1000", "-t", "5", ...LIMITS],
  ["s6-softlimit", "-H", "-o", "64", ...LIMITS],
  ["s6-softlimit", "-c", "0", "-H", "-c", "=", ...LIMITS],
  ["s6-softlimit", "-o", "99999999999", ...LIMITS],
  ["s6-softlimit", "-o", "64", "s6-softlimit", "-o", "=", ...LIMITS],
  ["s6-softlimit", "-o", "many", "true"],
  ["s6-softlimit", "-o"],
  ["s6-softlimit", "-o", "64"],
  ["s6-softlimit", ...LIMITS],
  ["s6-setuidgid", "nobody", "s6-softlimit", "-H", "-o", "99999999", "true"],
  [
    "s6-setlock",
    "lock",
    "s6-setsid",
    "s6-envdir",
    "env",
    "s6-setuidgid",
    "nobody",
    "sh",
    "-c",
    'echo "$A"; test "$(ps -o sid= -p $$)" -eq $$',
  ],
  [
    "s6-setlock",
    "lock",
    "s6-envdir",
    "env",
    "s6-setlock",
    "-n",
    "other",
    "sh",
    "-c",
    "flock --version >/dev/null; cat /proc/locks | wc -l >/dev/null; echo $A",
  ],
];

const LONG = "x".repeat(5000) + "\n";

function makeFiles(): Tree {
  const tree = makeTree({
    "env/A": "plain\n",
    "env/TRAILING": "a \t\r\nsecond\n",
    "env/NUL": "a\0b\n",
    "env/MULTI": "one\ntwo\n\n",
    "env/REMOVED": "",
    "env/LONG": LONG,
    "env/.hidden": "no\n",
    "env/A=B": "no\n",
    "env/NEWLINE": "\n",
    "broken/A": "a\n",
  });
  Deno.mkdirSync(tree.path("empty"));
  Deno.mkdirSync(tree.path("broken/directory"));
  return tree;
}

async function outcome(
  tools: Toolset,
  [program, ...args]: readonly string[],
): Promise<{ code: number; stdout: string; said: boolean }> {
  using tree = makeFiles();
  const directory = tools.bin("x").slice(0, -2);
  const env = { PATH: `${directory}:/usr/bin:/bin`, REMOVED: "still here", KEPT: "kept" };
  const { code, stdout, stderr } = await run(tools.bin(program!), args, { cwd: tree.root, env });
  return { code, stdout: stdout.replaceAll(tree.root, "TREE"), said: stderr !== "" };
}

for (const words of CASES) {
  Deno.test(`ours as theirs: ${words.join(" ").slice(0, 100)}`, async () => {
    requireToolset(OURS);
    requireToolset(THEIRS);
    const [ours, theirs] = [await outcome(OURS, words), await outcome(THEIRS, words)];
    assertEquals(ours, theirs);
  });
}

Deno.test("the lock of s6-setlock is held by the program at the end of a chain of links", async () => {
  using tree = makeFiles();
  const setlock = OURS.bin("s6-setlock");
  const again = `${setlock} -n lock true; echo $?; ${setlock} -n other true; echo $?`;
  for (const options of [[], ["-d", "3"], ["-d", "5"], ["-d", "12"], ["-d", "30"]]) {
    const chain = [
      "s6-setlock",
      ...options,
      "lock",
      "fdmove",
      "-c",
      "60",
      "1",
      "s6-envdir",
      "env",
      "s6-setsid",
      "sh",
      "-c",
      again,
    ];
    const { code, stdout } = await run(OURS.bin("execlineb"), [
      "-Pc",
      chain.map((word) => `"${word}"`).join(" "),
    ], {
      cwd: tree.root,
      env: { PATH: `${setlock.slice(0, -"/s6-setlock".length)}:/usr/bin:/bin` },
    });
    assertEquals([code, stdout], [0, "1\n0\n"], options.join(" "));
  }
});

Deno.test("limits are the program's and not the chain's, and those of a block too", async () => {
  using tree = makeFiles();
  const show = `sh -c "ulimit -n; ulimit -v"`;
  const script =
    `s6-softlimit -o 8 -a 20000000 foreground { ${show} } foreground { s6-softlimit -o 6 ${show} } ${show}`;
  const env = { PATH: `${OURS.bin("x").slice(0, -2)}:/usr/bin:/bin` };
  const { code, stdout, stderr } = await run(OURS.bin("execlineb"), ["-Pc", script], {
    cwd: tree.root,
    env,
  });
  assertEquals([code, stdout, stderr], [0, "8\n19531\n6\n19531\n8\n19531\n", ""]);
});

Deno.test("who has become somebody else can't be root again, and the message tells what failed", async () => {
  const { code, stderr } = await run(OURS.bin("s6-setuidgid"), [
    "nobody",
    OURS.bin("s6-applyuidgid"),
    "-u",
    "1",
    "true",
  ]);
  // the build's directory may be closed to others: then it is the exec that fails
  assert(code === 111 || code === 126 || code === 127, String(code));
  assertStringIncludes(
    stderr,
    code === 111
      ? "s6-applyuidgid: fatal: unable to setuid: Operation not permitted"
      : "unable to exec",
  );
});
