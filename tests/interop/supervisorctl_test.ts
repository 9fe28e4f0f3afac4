/**
 * supervisorctl: ours on a tree that hexad import has made of a supervisord.conf, beside Debian's on
 * the supervisord that runs it. One list of command lines for both, in one order, since each leaves
 * services as the next finds them.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { run, start } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { startSvscan } from "../fixture/scan.ts";
import { OURS } from "../fixture/toolset.ts";
import { makeTree } from "../fixture/tree.ts";

const PROGRAMS = `
[program:web]
command=sleep 1000
startsecs=0
[program:off]
command=sleep 1000
startsecs=0
autostart=false
[program:bad]
command=false
startretries=0
autostart=false
[program:many]
command=sleep 1000
process_name=%(program_name)s_%(process_num)d
numprocs=2
startsecs=0
[program:member]
command=sleep 1000
startsecs=0
[group:g]
programs=member
`;

const CASES: readonly (readonly string[])[] = [
  ["status"],
  ["status", "web"],
  ["status", "many:*", "g:member"],
  ["status", "g:", "web"],
  ["status", "nope"],
  ["status", "nope:*"],
  ["pid", "web"],
  ["pid", "off"],
  ["start", "web"],
  ["start", "off"],
  ["start", "nope"],
  ["start"],
  ["start", "bad"],
  ["stop", "off", "web"],
  ["stop", "many:*"],
  ["start", "many:*"],
  ["restart", "many:many_0", "web"],
  ["signal", "FROB", "web"],
  ["signal", "HUP", "nope"],
  ["signal", "CONT", "web", "many:*"],
  ["signal", "SIGWINCH", "g:*"],
  ["tail"],
  ["tail", "web", "both"],
  ["tail", "nope"],
  ["clear", "web"],
  ["avail"],
  ["reread"],
  ["update"],
  ["update", "nope"],
  ["add", "web"],
  ["add", "nope"],
  ["remove", "web"],
  ["frobnicate"],
  ["help"],
  ["shutdown", "x"],
];

/** Without what is each one's own: numbers, dates, and how an action is explained. */
function comparable(text: string): string {
  return text.replace(/pid [0-9]+, uptime [0-9:]+/g, "pid N, uptime T")
    .replace(/^[1-9][0-9]*$/gm, "N")
    .replace(/(STOPPED|EXITED) +[A-Z][a-z]{2} [0-9]{2} [0-9]{2}:[0-9]{2} [AP]M/g, "$1 D")
    .replace(/^(Error: .*\n)[^]*/, "$1");
}

Deno.test("supervisorctl: ours on an imported tree as Debian's on supervisord", async () => {
  using tree = makeTree({ "services/": "" });
  const socket = tree.path("socket");
  const own =
    `[supervisord]\nnodaemon=true\nlogfile=/dev/null\nlogfile_maxbytes=0\npidfile=${
      tree.path("pid")
    }\nchildlogdir=${
      tree.path(".")
    }\n[unix_http_server]\nfile=${socket}\n[rpcinterface:supervisor]\n` +
    "supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface\n" +
    `[supervisorctl]\nserverurl=unix://${socket}\n`;
  tree.add({ "conf": own + PROGRAMS });
  const conf = tree.path("conf");
  const imported = await run(OURS.bin("hexad"), [
    "import",
    conf,
    "--to",
    tree.path("services"),
  ]);
  assertEquals(imported.code === 0 || imported.code === 1, true, imported.stderr);
  await run(OURS.bin("hexad"), ["--compat=supervisor", "--install", tree.path(".")]);
  await using theirs = start("/usr/bin/supervisord", ["-n", "-c", conf]);
  await using scan = await startSvscan(OURS, tree, { scandir: "services" });
  const env = { S6_SCANDIR: scan.scandir };
  const both = async (words: readonly string[]) => {
    const args = ["-c", conf, ...words];
    const [their, our] = await Promise.all([
      run("/usr/bin/supervisorctl", args),
      run(tree.path("supervisorctl"), args, { env }),
    ]);
    return [our, their].map(({ code, stdout }) => {
      const text = comparable(stdout);
      // supervisord's is the order of its own table, or that in which they happen to end
      const anyOrder = ["avail", "stop"].includes(words[0]!);
      return { code, stdout: anyOrder ? text.split("\n").sort().join("\n") : text };
    });
  };
  await eventually("all services to be up", async () => {
    const states = await both(["status"]);
    return states.every(({ stdout }) => stdout.split("RUNNING").length === 5);
  });
  for (const words of CASES) {
    const [our, their] = await both(words);
    assertEquals(our, their, `supervisorctl ${words.join(" ")}`);
  }
  theirs.kill("SIGTERM");

  // ours alone: a prompt, what is new, the end of a log, the end of all
  const prompt = start(tree.path("supervisorctl"), [], { env });
  const writer = prompt.stdin.getWriter();
  await writer.write(new TextEncoder().encode("status web\nfrob\nquit\n"));
  await writer.close();
  assertEquals(await prompt.ended(), 0);
  assertMatch(
    prompt.stdout.text,
    /RUNNING[^]*supervisor> web +RUNNING +pid .*\nsupervisor> \*\*\* Unknown syntax: frob\nsupervisor> $/,
  );
  const call = async (...words: string[]) => {
    const { code, stdout } = await run(tree.path("supervisorctl"), words, { env });
    return `${code} ${comparable(stdout)}`;
  };
  tree.add({
    "services/new/run!": "#!/bin/sh\necho one\necho two\nexec sleep 1000\n",
    "services/new/log/run!": `#!/bin/sh\nexec ${OURS.bin("s6-log")} ${tree.path("log")}\n`,
  });
  assertEquals(await call("reread"), "0 new: available\n");
  assertEquals(await call("update"), "0 new: added process group\n");
  await eventually(
    "the lines in the log",
    async () => await call("tail", "new") === "0 one\ntwo\n\n",
  );
  assertEquals(await call("tail", "-4", "new"), "0 two\n\n");
  assertEquals(await call("tail", "new", "stderr"), "1 new: ERROR (no log file)\n");
  assertEquals(await call("clear", "new"), "0 new: cleared\n");
  assertEquals(await call("tail", "new"), "0 \n");
  assertMatch(await call("fg", "new"), /^3 /);
  assertEquals(await call("stop", "new"), "0 new: stopped\n");
  assertMatch(await call("remove", "new"), /^1 ERROR: new: .* is a directory and no link/);
  assertEquals(await call("shutdown"), "0 Shut down\n");
  assertEquals(await scan.ended(), 0);
  assertMatch(await call("status"), /^4 unix:\/\/.*control no such file\n$/);
  assertMatch(await call("stop", "web"), /^7 unix:/);
});
