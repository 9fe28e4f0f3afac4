/**
 * The directives `o` and `oj`: lines on the container's standard output, with the name of the
 * service that wrote them.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { run } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { isAlive, processesOf } from "../fixture/processes.ts";
import { startSvscan } from "../fixture/scan.ts";
import { OURS, requireToolset } from "../fixture/toolset.ts";
import { makeTree } from "../fixture/tree.ts";

requireToolset(OURS);

const SAYS_HELLO = "#!/bin/sh\necho hello\nprintf 'not utf-8: \\377\\n'\nexec sleep 1000000\n";
const S6_LOG = OURS.bin("s6-log");

/** The script's standard output is a terminal, and so is what comes out of it. */
async function onTerminal(
  command: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { stdout } = await run("script", ["-qefc", command, "/dev/null"], {
    env: { TERM: "xterm", NO_COLOR: "", ...env },
  });
  return stdout.replaceAll("\r\n", "\n");
}

Deno.test("hosted logs: o writes what services say to s6-svscan's standard output, with their names; oj as JSON; a directory gets it too", async () => {
  using tree = makeTree({
    "web/run!": SAYS_HELLO,
    "web/log/logscript": "o ./main",
    "db/run!": SAYS_HELLO,
    "db/log/logscript": "pdatabase: oj",
  });
  await using svscan = await startSvscan(OURS, tree);
  await svscan.output.until("web | not utf-8: \ufffd\n");
  const json = JSON.parse(await svscan.output.until(/^\{.*hello.*\}$/m));
  await svscan.output.until(/^\{.*not utf-8: \ufffd.*\}$/m);
  assertEquals([json.service, json.message], ["db", "database: hello"]);
  assertMatch(json.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
  await eventually(
    "the directory",
    () =>
      tree.exists("web/log/main/current") &&
      tree.bytes("web/log/main/current").length === "hello\nnot utf-8: x\n".length,
  );
});

Deno.test("hosted logs: with -X, o writes to the console that it names, and so do alerts of the catch-all logger", async () => {
  using tree = makeTree({
    "web/run!": "#!/bin/sh\necho hello\nexec sleep 1000000\n",
    "web/log/logscript": "o",
    "s6-svscan-log/logscript": "2 ./main",
    "s6-svscan-log/fifo|": "",
    "console|": "",
  });
  const reader = new Deno.Command("cat", { args: [tree.path("console")], stdout: "piped" }).spawn();
  await using svscan = await startSvscan(OURS, tree, { args: ["-X", "4"], redirect: "4>console" });
  await eventually("the catch-all logger", () => tree.exists("s6-svscan-log/main/current"));
  await tree.feed("s6-svscan-log/fifo", "uncaught\n");
  await eventually("both", async () => {
    const text = await Deno.readTextFile(tree.path("s6-svscan-log/main/current"));
    return text === "uncaught\n";
  });
  assertEquals(await svscan.stop(), 0);
  tree.killProcesses();
  const { stdout } = await reader.output();
  assertEquals(new TextDecoder().decode(stdout).split("\n").sort(), [
    "",
    "s6-log: alert: uncaught",
    "web | hello",
  ]);
});

Deno.test("s6-log by itself: o names the service after the directory", async () => {
  using tree = makeTree({ "web/log/": "" });
  const log = (directive: string, cwd: string) =>
    run(S6_LOG, [directive], { stdin: "a\nb\n", cwd: tree.path(cwd) });
  assertEquals((await log("o", "web/log")).stdout, "web | a\nweb | b\n");
  assertEquals((await log("o", "web")).stdout, "web | a\nweb | b\n");
  const { stdout } = await log("oj", "web/log");
  assertEquals(stdout.trimEnd().split("\n").map((line) => JSON.parse(line).message), ["a", "b"]);
  assertEquals((await log("ox", "web/log")).code, 100);
});

Deno.test("on a terminal the name has a colour, unless NO_COLOR or TERM says no; elsewhere never", async () => {
  using tree = makeTree({ "web/log/": "" });
  const command = `cd ${tree.path("web/log")} && printf 'a line\\n' | ${S6_LOG} o`;
  assertEquals(await onTerminal(command), "\x1b[95mweb |\x1b[0m a line\n");
  assertEquals(await onTerminal(command, { NO_COLOR: "1" }), "web | a line\n");
  assertEquals(await onTerminal(command, { TERM: "dumb" }), "web | a line\n");
  assertEquals(await onTerminal(`${command} | cat`), "web | a line\n");
});

/** Lines as no program should write them, and one of 300,000 bytes. */
const HOSTILE = `#!/usr/bin/perl
$| = 1;
print "quotes \\" ' \\\\ {\\n", "a carriage return\\r\\n", "cut \\xff\\xc3( short\\n", "\\xed\\xa0\\x80 half a pair\\n", "one\\0two\\n", "\\n", "\\x1b]0;title\\x07 \\x9b\\n";
print "e\\xe2\\x80\\xa8" x 75000, "\\n", "the end\\n";
sleep 1000000;
`;

Deno.test("hosted logs: oj writes one JSON object a line whatever bytes a line has, and however long it is", async () => {
  using tree = makeTree({
    "web/run!": HOSTILE,
    "web/log/logscript": "-l 0 -- oj",
    "db/run!": HOSTILE,
    "db/log/logscript": "oj",
  });
  await using svscan = await startSvscan(OURS, tree);
  const objects = (service: string): { readonly message: string }[] =>
    svscan.output.text.split("\n").slice(0, -1).map((line) => JSON.parse(line)).filter((object) =>
      object.service === service
    );
  for (const service of ["web", "db"]) {
    await eventually(
      `the last line of ${service}`,
      () => objects(service).at(-1)?.message === "the end",
    );
  }
  const short = [
    "quotes \" ' \\ {",
    "a carriage return\r",
    "cut \ufffd\ufffd( short",
    "\ufffd\ufffd\ufffd half a pair",
    "one",
    "two",
    "",
    "\x1b]0;title\x07 \ufffd",
  ];
  const long = "e\u2028".repeat(75000);
  assertEquals(objects("web").map(({ message }) => message), [...short, long, "the end"]);
  const [first, ...parts] = objects("db").slice(short.length, -1).map(({ message }) => message);
  assertEquals(parts.length > 30, true, "a long line is cut");
  // a part may end within a character, but nothing else is lost
  const together = [first, ...parts].join("");
  assertEquals([together.replace(/[^e]/g, "").length, together.replace(/[e\u2028\ufffd]/g, "")], [
    75000,
    "",
  ]);
});

/** Says lines on both of its outputs, then what comes by the FIFO `say`. */
const SPEAKER = `#!/usr/bin/perl
$| = 1;
$SIG{TERM} = sub { print "last words\\n"; exit 0 };
print "to stdout\\n"; print STDERR "to stderr\\n";
open(my $say, "+<", "say") or die;
print while <$say>;
`;

Deno.test("--logging-prefix=name: what services without a logger say has their names, on both outputs; others are as ever", async () => {
  using tree = makeTree({
    "web/run!": SPEAKER,
    "web/say|": "",
    "db/run!": "#!/bin/sh\nexec sleep 1000000\n",
    "db/log/run!": "#!/bin/sh\necho 'a logger, by itself'\nexec cat\n",
  });
  await using svscan = await startSvscan(OURS, tree, { args: ["--logging-prefix=name"] });
  await svscan.output.until("web | to stdout\n");
  await svscan.output.until("web | to stderr\n");
  await svscan.output.until(/^a logger, by itself$/m);
  Deno.writeTextFileSync(tree.path("web/say"), "more\n");
  await svscan.output.until("web | more\n");
  tree.add({ "late/run!": "#!/bin/sh\necho here\nexec sleep 1000000\n" });
  svscan.signal("SIGALRM");
  await svscan.output.until("late | here\n");
  assertEquals(await svscan.stop(), 0);
  await svscan.output.until("web | last words\n");
  assertEquals(svscan.output.text.match(/^(?!web \| |late \| ).+$/gm), ["a logger, by itself"]);
});

Deno.test("--logging-prefix=json: one object a line; somebody who holds the pipe does not hold up the end", async () => {
  using tree = makeTree({
    "web/run!":
      "#!/bin/sh\necho 'say \"hello\"'\nsleep 1000000 & echo $! >child\nexec sleep 1000001\n",
  });
  await using svscan = await startSvscan(OURS, tree, { args: ["--logging-prefix=json"] });
  const line = await svscan.output.until(/^\{.*\}$/m);
  assertEquals({ ...JSON.parse(line), time: "" }, {
    time: "",
    service: "web",
    message: 'say "hello"',
  });
  assertEquals(await svscan.stop(), 0);
  assertEquals(isAlive(Number(tree.text("web/child"))), true);
});

Deno.test("--logging-prefix=time: the time of day comes before the name", async () => {
  using tree = makeTree({ "web/run!": SAYS_HELLO });
  await using svscan = await startSvscan(OURS, tree, { args: ["--logging-prefix=time"] });
  await svscan.output.until(/^\d\d:\d\d:\d\d web \| hello$/m);
  assertEquals(await svscan.stop(), 0);
});

Deno.test("--logging-prefix: the log host is killed: no line is lost", async () => {
  using tree = makeTree({ "web/run!": SPEAKER, "web/say|": "" });
  await using svscan = await startSvscan(OURS, tree, { args: ["--logging-prefix=name"] });
  await svscan.output.until("web | to stdout\n");
  for (let round = 0; round < 3; round++) {
    const host = processesOf(tree.root).find((pid) =>
      Deno.readTextFileSync(`/proc/${pid}/cmdline`).includes("--as-log-host")
    )!;
    Deno.kill(host, "SIGKILL");
    Deno.writeTextFileSync(tree.path("web/say"), `round ${round}\n`);
    await svscan.output.until(`web | round ${round}\n`);
  }
  assertEquals(await svscan.stop(), 0);
});

Deno.test("--logging-prefix wants one of three words", async () => {
  const { code, stderr } = await run(OURS.bin("s6-svscan"), [
    "--logging-prefix=xml",
    "/nonexistent",
  ]);
  assertEquals([code, stderr], [
    100,
    "s6-svscan: fatal: logging-prefix must be name or time or json, not xml\n",
  ]);
});
