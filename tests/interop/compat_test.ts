/**
 * The programs of runit and daemontools that execute another one, and their clients: ours beside
 * Debian's, one command line for both. Output and exit codes must be the same, and messages too, but
 * for the lines about a wrong command line.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { run } from "../fixture/command.ts";
import { OURS } from "../fixture/toolset.ts";
import { makeTree, type Tree } from "../fixture/tree.ts";
import { STAYS } from "./world.ts";
import { startSvscan } from "../fixture/scan.ts";

const SHOW = [
  "sh",
  "-c",
  'grep -E "^(Uid|Gid|Groups)" /proc/self/status; env | grep -E "^(A|N|REMOVED|UID|GID)="; ulimit -n -f -t -c -v; ls /proc/self/fd | wc -l',
];
const LEADER = ["sh", "-c", 'ps -o sid= -p $$ | tr -d " " | grep -qx $$ && echo leader'];
const USERS = ["nobody", "root", "www-data:daemon:mail", ":12:34", ":12:34:56", ":12", ":x:y"];
const CASES: readonly (readonly string[])[] = [
  ...[...USERS, "nope", "nobody:nope"].flatMap((user) => [
    ["chpst", "-u", user, ...SHOW],
    ["chpst", "-U", user, ...SHOW],
  ]),
  ["chpst", "-e", "env", ...SHOW],
  ["chpst", "-e", "nested", ...SHOW],
  ["chpst", "-ve", "nested", ...SHOW],
  ["chpst", "-e", "none", "true"],
  ...["5", "+5", "-3", "x"].map((value) => ["chpst", "-n", value, "nice"]),
  ["chpst", "-o", "33", "-c", "0", "-f", "100000", "-t", "20", ...SHOW],
  ["chpst", "-m", "300000000", "-d", "200000000", "-p", "500", "-r", "1", ...SHOW],
  ["chpst", "-o", "x", "true"],
  ["chpst", "-b", "name", "sh", "-c", "echo $0"],
  ["chpst", "-b", "name", "nope"],
  ["chpst", "nope"],
  ["chpst", "-P", ...LEADER],
  ["chpst", "-0", "sh", "-c", "test -e /proc/self/fd/0; echo $?"],
  ["chpst", "-1", "sh", "-c", "ls /proc/self/fd >&2"],
  ["chpst", "-2", "sh", "-c", "ls nope; echo $?"],
  ["chpst", "-l", "lock", ...SHOW],
  ["chpst", "-l", "lock", "/usr/bin/chpst", "-L", "lock", "true"],
  ["/usr/bin/chpst", "-l", "lock", "chpst", "-L", "lock", "true"],
  ["chpst", "-l", "none/lock", "true"],
  ["chpst", "-l", "lock", "-L", "lock", "true"],
  ["chpst", "-/", "none", "true"],
  ["chpst", "-/", "root", "nope"],
  ["chpst", "-x"],
  ["chpst"],
  ["setuidgid", "nobody", ...SHOW],
  ["setuidgid", "nope", "true"],
  ["setuidgid", "nobody"],
  ["setuidgid", "nobody", "/nope"],
  ["envuidgid", "nobody", ...SHOW],
  ["envuidgid", "nope", "true"],
  ["envdir", "env", ...SHOW],
  ["envdir", "nested", "true"],
  ["envdir", "none", "true"],
  ["pgrphack", ...LEADER],
  ["pgrphack", "nope"],
  ["pgrphack"],
  ["softlimit", "-o", "33", "-c", "0", "-a", "400000000", ...SHOW],
  ["softlimit", "-o", "=", "-m", "300000000", ...SHOW],
  ["softlimit", "-o", "x", "true"],
  ["softlimit", "-z"],
  ["setlock", "lock", ...SHOW],
  ["setlock", "lock", "/usr/bin/setlock", "-n", "lock", "true"],
  ["/usr/bin/setlock", "lock", "setlock", "-n", "lock", "true"],
  ["/usr/bin/setlock", "lock", "setlock", "-nx", "lock", "false"],
  ["setlock", "none/lock", "true"],
  ["setlock", "-x", "none/lock", "false"],
  ["setlock", "-x", "lock", "nope"],
  ["fghack", "sh", "-c", "exit 200"],
  ["fghack", "sh", "-c", "kill -9 $$"],
  ["fghack", "sh", "-c", "ls /proc/self/fd | wc -l; echo x >&20"],
  ["fghack", "nope"],
  ["svstat", "none", "env"],
  ["svok", "env"],
  ["svok", "none"],
  ["svc", "-u", "none", "env"],
  ["svc", "-z"],
  ["sv", "status", "none", "./env"],
  ["sv", "-w1", "check", "./none"],
  ["sv", "foo", "x"],
  ["sv", "up"],
];

function makeFiles(): Tree {
  const tree = makeTree({
    "env/A": "plain \t\r\nsecond\n",
    "env/N": "a\0b \n",
    "env/REMOVED": "",
    "env/.hidden": "no\n",
    "nested/A": "a\n",
    "root/file": "",
  });
  Deno.mkdirSync(tree.path("nested/directory"));
  return tree;
}

/** One directory with our links, for all cases. */
let installed: Promise<string> | undefined;

async function install(): Promise<string> {
  const bin = await Deno.makeTempDir();
  const args = ["--install", "--compat", "runit", bin];
  assertEquals(await run(OURS.bin("hexad"), args), { code: 0, stdout: "", stderr: "" });
  await run(OURS.bin("hexad"), ["--compat=daemontools", "--install", bin]);
  return bin;
}

Deno.test.afterAll(async () => {
  if (installed !== undefined) await Deno.remove(await installed, { recursive: true });
});

async function outcome(
  whose: "ours" | "theirs",
  [program, ...args]: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  using tree = makeFiles();
  const bin = whose === "ours" ? await (installed ??= install()) : "/usr/bin";
  const env = { PATH: `${bin}:/usr/bin:/bin`, REMOVED: "still here" };
  const path = program!.startsWith("/") ? program! : `${bin}/${program}`;
  const { code, stdout, stderr } = await run(path, args, { cwd: tree.root, env });
  const told = stderr.split("\n").filter((line) => !/usage: |option|^$/.test(line)).join("\n");
  return { code, stdout, stderr: told };
}

for (const words of CASES) {
  Deno.test(`as runit's and daemontools' own: ${words.join(" ").slice(0, 70)}`, async () => {
    const [ours, theirs] = await Promise.all([outcome("ours", words), outcome("theirs", words)]);
    assertEquals(ours, theirs);
  });
}

Deno.test("sv, svc, svstat and svok on services that hexad supervises", async () => {
  using tree = makeTree({
    "web/run!": STAYS,
    "db/run!": STAYS,
    "db/down": "",
    "db/check!": "#!/bin/sh\nexit 1\n",
  });
  const { root } = tree;
  await using _ = await startSvscan(OURS, tree);
  const bin = await (installed ??= install());
  const call = async (program: string, ...args: string[]): Promise<string> => {
    const env = { SVDIR: root };
    const { code, stdout, stderr } = await run(`${bin}/${program}`, args, { cwd: root, env });
    return `${code} ${
      (stdout + stderr).replace(/pid [0-9]+/g, "pid N").replace(/[0-9]+(?=s| sec)/g, "T")
    }`;
  };
  assertEquals(await call("sv", "start", "web"), "0 ok: run: web: (pid N) Ts\n");
  assertEquals(
    await call("sv", "status", "web", "db", "none"),
    "1 run: web: (pid N) Ts\ndown: db: Ts\nfail: none: unable to change to service directory: file does not exist\n",
  );
  assertMatch(await call("sv", "-w", "0", "start", "db"), /^1 timeout: (run|down): db: /);
  assertEquals(await call("sv", "restart", "web"), "0 ok: run: web: (pid N) Ts\n");
  assertEquals(await call("sv", "-v", "pause", "web"), "0 ok: run: web: (pid N) Ts, paused\n");
  assertEquals(await call("sv", "-v", "cont", "web"), "0 ok: run: web: (pid N) Ts\n");
  assertEquals(await call("sv", "check", "web"), "0 ok: run: web: (pid N) Ts\n");
  assertEquals(await call("sv", "force-stop", "web"), "0 ok: down: web: Ts, normally up\n");
  assertEquals(await call("svstat", "web"), "0 web: down T seconds, normally up\n");
  assertEquals(await call("svc", "-u", "web"), "0 ");
  assertEquals(await call("sv", "-v", "up", "web"), "0 ok: run: web: (pid N) Ts\n");
  assertEquals(await call("sv", "-w", "30", "shutdown", "web"), "0 ok: run: web: (pid N) Ts\n");
  assertEquals(await call("svok", "web"), "0 ");
});
