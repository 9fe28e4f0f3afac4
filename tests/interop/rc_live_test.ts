/**
 * What s6-rc does while services run, where hexad has an answer of its own or C's transcripts hang
 * on moments.
 */
import { assert, assertEquals } from "@std/assert";
import { runCase } from "./rc/case.ts";
import type { Step } from "./rc/transcript.ts";

type Files = Readonly<Record<string, string>>;

const SLEEPER = "#!/bin/sh\nexec sleep 1000\n";
const NEVER_READY: Files = { "type": "longrun\n", "run!": SLEEPER, "notification-fd": "3\n" };

function oneshot(up: string, more: Files = {}): Files {
  return { "type": "oneshot\n", "up": `${up}\n`, ...more };
}

function longrun(more: Files = {}): Files {
  return { "type": "longrun\n", "run!": SLEEPER, ...more };
}

function needs(...names: readonly string[]): Files {
  return Object.fromEntries(names.map((name) => [`dependencies.d/${name}`, ""]));
}

/** Sources in `src`, compiled to `db` and made live before the steps. */
async function live(
  services: Readonly<Record<string, Files>>,
  ...steps: readonly string[]
): Promise<Step[]> {
  const files = Object.entries(services).flatMap(([name, own]) =>
    Object.entries(own).map(([file, text]) => [`src/${name}/${file}`, text])
  );
  return await runCase({
    note: "",
    files: Object.fromEntries(files),
    steps: ["t s6-rc-compile db src", "up", ...steps],
    expected: [],
  });
}

function step(steps: readonly Step[], head: string, occurrence = 0): Step {
  const found = steps.filter((each) => each.head === head)[occurrence];
  assert(
    found !== undefined,
    `${head} in ${steps.map((each) => `${each.head}\n${each.lines.join("\n")}`).join("\n")}`,
  );
  return found;
}

const LIST = "$ s6-rc -l @W@/live -a list";

Deno.test("a oneshot of a running change starts another service, and is refused what would wait for itself", async () => {
  const steps = await live(
    {
      caller: oneshot(
        `sh -c "s6-rc -l $LIVE change other && ! s6-rc -l $LIVE change then 2>$W/refused"`,
      ),
      other: oneshot("true"),
      then: { ...oneshot("true"), ...needs("caller") },
    },
    "rc change then",
    "rc -a list",
    "t cat refused",
  );
  assertEquals(step(steps, "$ s6-rc -l @W@/live change then"), {
    head: "$ s6-rc -l @W@/live change then",
    lines: [],
    code: "rc=0",
  });
  assertEquals(step(steps, LIST).lines.toSorted(), [
    "1| caller",
    "1| other",
    "1| s6rc-oneshot-runner",
    "1| then",
  ]);
  assert(step(steps, "$ cat refused").lines[0]?.includes("it would wait for itself"));
});

Deno.test("list fails while something is being changed, waits for it with -b, and tells all the same with --no-lock", async () => {
  const steps = await live(
    {
      slow: oneshot(`sh -c ": > $W/began; while ! [ -e $W/go ]; do sleep 0.1; done"`),
      after: { ...oneshot("true"), ...needs("slow") },
    },
    "s6-rc -l $LIVE change after & p=$!",
    "wait_for '[ -e began ]'",
    "rc -a list",
    "rc --no-lock -a list",
    "t s6-rc-db -l $LIVE type slow",
    ": > go",
    "rc -ba list",
    "wait $p; note exit $?",
  );
  assertEquals(step(steps, LIST), {
    head: LIST,
    lines: ["2| s6-rc: fatal: unable to take locks: Device or resource busy"],
    code: "rc=111",
  });
  assertEquals(step(steps, "$ s6-rc -l @W@/live --no-lock -a list").lines, [
    "1| s6rc-oneshot-runner",
  ]);
  assertEquals(step(steps, "$ s6-rc-db -l @W@/live type slow").lines, ["1| oneshot"]);
  assertEquals(step(steps, "$ s6-rc -l @W@/live -ba list").lines, [
    "1| s6rc-oneshot-runner",
    "1| after",
    "1| slow",
  ]);
  step(steps, "# exit 0");
});

Deno.test("a newer change wins over one that waits for a longrun that is never ready", async () => {
  const steps = await live(
    { never: NEVER_READY, then: { ...longrun(), ...needs("never") } },
    "s6-rc -l $LIVE change then 2>e & p=$!",
    `wait_for '[ "$(s6-svstat -o up live/servicedirs/never)" = true ]'`,
    "rc -d change never",
    "wait $p; note exit $?",
    "t cat e",
    "t s6-svstat -o wantedup,up live/servicedirs/never",
  );
  assertEquals(step(steps, "$ s6-rc -l @W@/live -d change never").code, "rc=0");
  step(steps, "# exit 1");
  assertEquals(step(steps, "$ cat e").lines, [
    "1| s6-rc: warning: not started because of a newer change: never, then",
  ]);
  assertEquals(step(steps, "$ s6-svstat -o wantedup,up live/servicedirs/never").lines, [
    "1| false false",
  ]);
});

Deno.test("a client that is killed: nothing new begins, what runs goes on, and the next change has it all", async () => {
  const steps = await live(
    {
      slow: oneshot(`sh -c "echo >> $W/runs; while ! [ -e $W/go ]; do sleep 0.1; done"`),
      after: { ...oneshot(`sh -c "echo >> $W/after"`), ...needs("slow") },
    },
    "s6-rc -l $LIVE change after & p=$!",
    "wait_for '[ -e runs ]'",
    "kill -9 $p; wait $p 2>/dev/null",
    "wait_for 's6-rc -l $LIVE -a list >list'",
    "t cat list",
    "s6-rc -v2 -l $LIVE change after 2>e & p=$!",
    "wait_for 'grep -q slow: e'",
    ": > go",
    "wait $p; note exit $?",
    "rc -a list",
    "t cat runs after",
  );
  assertEquals(step(steps, "$ cat list").lines, ["1| s6rc-oneshot-runner"]);
  step(steps, "# exit 0");
  assertEquals(step(steps, LIST).lines, ["1| s6rc-oneshot-runner", "1| after", "1| slow"]);
  assertEquals(step(steps, "$ cat runs after").lines, ["1| ", "1| "], "each has run once");
});

Deno.test("a client that gets SIGTERM ends with 1, and the longrun that it waited for is down", async () => {
  const steps = await live(
    { never: NEVER_READY },
    "s6-rc -v2 -l $LIVE change never 2>e & p=$!",
    `wait_for '[ "$(s6-svstat -o up live/servicedirs/never)" = true ]'`,
    "kill $p; wait $p; note exit $?",
    "t cat e",
    `wait_for '[ "$(s6-svstat -o up live/servicedirs/never)" = false ]'`,
  );
  step(steps, "# exit 1");
  assertEquals(step(steps, "$ cat e").lines, [
    "1| s6-rc: info: service never: starting",
    "1| s6-rc: warning: received TERM, aborting pending processes and exiting asap",
    "1| s6-rc: warning: unable to start service never: command crashed with signal 15",
  ]);
});

Deno.test("sixty oneshots run at the same time", async () => {
  const services = Object.fromEntries(
    Array.from(
      { length: 60 },
      (_, i) => [`o${i}`, { "type": "oneshot\n", "up": `sh -c ". $W/meet"\n` }],
    ),
  );
  const files = {
    ...services,
    all: {
      "type": "bundle\n",
      ...Object.fromEntries(Object.keys(services).map((name) => [`contents.d/${name}`, ""])),
    },
  };
  const steps = await live(
    files,
    `printf 'echo >> %s/here\\nwhile [ $(wc -l < %s/here) -lt 60 ]; do sleep 0.2; done\\n' $W $W > meet`,
    "rc change all",
    "t sh -c 'wc -l < here'",
  );
  assertEquals(step(steps, "$ s6-rc -l @W@/live change all").code, "rc=0");
});

Deno.test("s6-rc-init says clearly that the s6-svscan of C is not enough", async () => {
  const steps = await runCase({
    note: "",
    files: { "src/a/type": "longrun\n", "src/a/run!": SLEEPER },
    steps: [
      "t s6-rc-compile db src",
      "mkdir scan; /usr/bin/s6-svscan $SCAN & SV=$!",
      "wait_for '[ -p scan/.s6-svscan/control ] && s6-svscanctl -a $SCAN'",
      "t s6-rc-init -l $LIVE -c $W/db $SCAN",
    ],
    expected: [],
  });
  assertEquals(step(steps, "$ s6-rc-init -l @W@/live -c @W@/db @W@/scan"), {
    head: "$ s6-rc-init -l @W@/live -c @W@/db @W@/scan",
    lines: [
      "2| s6-rc-init: fatal: the s6-svscan on @W@/scan is not hexad's: s6-rc needs hexad's s6-svscan there",
    ],
    code: "rc=100",
  });
});

Deno.test("s6-rc-init: what is no database has C's words and exit code, whatever it is", async () => {
  const steps = await live(
    { a: longrun() },
    "mkdir empty; echo text > file; mkfifo fifo",
    ...["src", "empty", "file", "fifo"].map((name) =>
      `t s6-rc-init -b -c $W/${name} -l $W/other $SCAN`
    ),
    "t s6-rc-init -c $W/nowhere -l $W/other $SCAN",
  );
  const head = (name: string): string => `$ s6-rc-init -c @W@/${name} -l @W@/other @W@/scan`;
  for (const name of ["src", "empty", "file", "fifo"]) {
    const { lines, code } = step(steps, head(name).replace(" -c", " -b -c"));
    assertEquals([lines, code], [[
      `2| s6-rc-init: fatal: invalid database size in @W@/${name}: it is not what s6-rc-compile makes of sources`,
    ], "rc=4"]);
  }
  assertEquals(step(steps, head("nowhere")).lines, [
    "2| s6-rc-init: fatal: unable to open @W@/nowhere: No such file or directory",
  ]);
});

Deno.test("without an s6-svscan a live directory still tells its state; a change is refused", async () => {
  const steps = await live({ a: longrun() }, "rc change a", "down", "rc -a list", "rc -d change a");
  assertEquals(step(steps, LIST).lines, ["1| a"]);
  const refused = step(steps, "$ s6-rc -l @W@/live -d change a");
  assertEquals(refused.code, "rc=111");
  assert(
    refused.lines[0]?.startsWith(
      "2| s6-rc: fatal: unable to reach the supervisor of @W@/live: Connection refused",
    ),
    refused.lines[0],
  );
});

Deno.test("update: what is the same keeps its process, under another name too; what is gone, of another kind, or needs something new is restarted", async () => {
  const steps = await live(
    {
      a: longrun(),
      b: { ...longrun(), ...needs("a") },
      one: oneshot("echo one up", { down: "echo one down\n" }),
      gone: longrun(),
      kind: longrun(),
    },
    "cp -r src src2; rm -r src2/gone src2/kind/run; mv src2/b src2/bb",
    "echo oneshot > src2/kind/type; echo true > src2/kind/up; cp -r src2/a src2/new; mkdir src2/one/dependencies.d; : > src2/one/dependencies.d/new",
    "echo '# version 2' >> src2/a/run",
    "t s6-rc-compile db2 src2",
    "echo 'b -> bb' > conv",
    "rc change a b one gone kind",
    "pid() { s6-svstat -o pid live/servicedirs/$1; }; a=$(pid a); b=$(pid b)",
    "t s6-rc-update -l $LIVE -f conv $W/db2",
    `[ "$(pid a)" = "$a" ] && note a kept; [ "$(pid bb)" = "$b" ] && note b kept`,
    "rc -a list",
    "t ls scan",
    "t grep -c version live/servicedirs/a/run",
    "rc -d change bb",
    "rc change bb",
    "rc diff",
  );
  assertEquals(step(steps, "$ s6-rc-update -l @W@/live -f conv @W@/db2"), {
    head: "$ s6-rc-update -l @W@/live -f conv @W@/db2",
    lines: ["1| one down", "1| one up"],
    code: "rc=0",
  });
  step(steps, "# a kept");
  step(steps, "# b kept");
  assertEquals(
    step(steps, LIST).lines,
    ["s6rc-oneshot-runner", "a", "bb", "new", "kind", "one"].map((name) => `1| ${name}`),
  );
  assertEquals(step(steps, "$ ls scan").lines, ["1| a", "1| bb", "1| new"]);
  assertEquals(step(steps, "$ grep -c version live/servicedirs/a/run").lines, ["1| 1"]);
  assertEquals(step(steps, "$ s6-rc -l @W@/live -d change bb").code, "rc=0");
  assertEquals(step(steps, "$ s6-rc -l @W@/live change bb").code, "rc=0");
  assertEquals(step(steps, "$ s6-rc -l @W@/live diff").code, "rc=0");
});

/**
 * A server that listens after a while, on a port that it chooses and tells in a file; it answers
 * over HTTP with a status from a file.
 */
const SERVER = `#!/usr/bin/perl
use IO::Socket::INET;
my $w = $ENV{W};
while (! -e "$w/listen") { select(undef, undef, undef, 0.1) }
my $port = do { local @ARGV = ("$w/port"); <> };
my $server = IO::Socket::INET->new(LocalAddr => "127.0.0.1:$port", Listen => 9, ReuseAddr => 1) or die;
while (my $client = $server->accept) {
  my $status = -e "$w/fine" ? 200 : 503;
  eval { local $SIG{PIPE} = "IGNORE"; print $client "HTTP/1.0 $status X\\r\\n\\r\\n" };
  open my $asked, ">", "$w/asked"; close $asked;
  close $client;
}
`;

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  return port;
}

for (const kind of ["tcp", "http"] as const) {
  Deno.test(`ready-${kind}: the service is ready when that is so, for s6-rc and for s6-svstat`, async () => {
    const port = freePort();
    const probe: Files = kind === "tcp"
      ? { "ready-tcp": `${port}\n` }
      : { "ready-http": `http://127.0.0.1:${port}/health\n` };
    const steps = await live(
      {
        server: { "type": "longrun\n", "run!": SERVER, ...probe },
        then: { ...oneshot("echo then"), ...needs("server") },
      },
      `printf ${port} > port`,
      "s6-rc -v2 -l $LIVE change then >e 2>&1 & p=$!",
      `wait_for '[ "$(s6-svstat -o up live/servicedirs/server)" = true ]'`,
      "t s6-svstat -o ready live/servicedirs/server",
      kind === "tcp"
        ? ": > listen"
        : ": > listen; wait_for '[ -e asked ]'; t s6-svstat -o ready live/servicedirs/server; : > fine",
      "wait $p; note exit $?",
      "t tail -n 1 e",
      "t s6-svstat -o ready live/servicedirs/server",
    );
    assertEquals(step(steps, "$ s6-svstat -o ready live/servicedirs/server").lines, ["1| false"]);
    step(steps, "# exit 0");
    assertEquals(step(steps, "$ tail -n 1 e").lines, [
      "1| s6-rc: info: service then successfully started",
    ]);
    assertEquals(
      step(steps, "$ s6-svstat -o ready live/servicedirs/server", kind === "tcp" ? 1 : 2).lines,
      ["1| true"],
    );
  });
}

Deno.test("-n shows what C's s6-rc would run, and changes nothing", async () => {
  const steps = await live(
    {
      a: { ...oneshot("true"), ...needs("l") },
      l: longrun({ "notification-fd": "3\n", "timeout-up": "700\n" }),
    },
    "rc -n 10 change a",
    "rc -a list",
  );
  assertEquals(step(steps, "$ s6-rc -l @W@/live -n 10 change a").lines, [
    "1| s6-rc-dryrun: s6-svc -uwU -T 0 -- @W@/live/servicedirs/s6rc-oneshot-runner",
    "1| s6-rc-dryrun: s6-svc -uwU -T 700 -- @W@/live/servicedirs/l",
    "1| s6-rc-dryrun: s6-sudo -el0 -t 30000 -T 0 -- @W@/live/servicedirs/s6rc-oneshot-runner/s up 3  # a",
  ]);
  assertEquals(step(steps, LIST).lines, []);
});

Deno.test("a state file that is too short, or gone: 4 and 111, for a change as for a list", async () => {
  const steps = await live(
    { a: oneshot("true") },
    "printf x > live/state",
    "rc -a list",
    "rc change a",
    "rm live/state",
    "rc -a list",
    "rc change a",
  );
  const change = "$ s6-rc -l @W@/live change a";
  const [short, gone] = [
    "unable to read valid state in @W@/live/state",
    "unable to read @W@/live/state: No such file or directory",
  ];
  for (const head of [LIST, change]) {
    assertEquals(step(steps, head, 0), {
      head,
      lines: [`2| s6-rc: fatal: ${short}`],
      code: "rc=4",
    });
    assertEquals(step(steps, head, 1), {
      head,
      lines: [`2| s6-rc: fatal: ${gone}`],
      code: "rc=111",
    });
  }
});

Deno.test("a dependency that has to be healthy: its checks decide, and one that is found unhealthy is told", async () => {
  const check = (line: string): Files => ({
    "health-check/run!": `#!/bin/sh\n${line}\n`,
    "health-check/interval": "100\n",
    "health-check/start-period": "0\n",
    "health-check/retries": "1\n",
  });
  const steps = await live(
    {
      db: longrun(check("echo >checked")),
      web: { ...longrun(), "dependencies.d/db": "healthy\n" },
      sick: longrun(check("exit 3")),
      then: { ...longrun(), "dependencies.d/sick": "healthy\n" },
    },
    "rc -u change web",
    "t test -e live/servicedirs/db/checked",
    "rc -u change then",
    "rc -a list",
  );
  assertEquals(step(steps, "$ s6-rc -l @W@/live -u change web").code, "rc=0");
  assertEquals(step(steps, "$ test -e live/servicedirs/db/checked").code, "rc=0");
  const { code, lines } = step(steps, "$ s6-rc -l @W@/live -u change then");
  assertEquals([code, lines], ["rc=1", ["2| s6-rc: warning: not started because of sick: then"]]);
  assertEquals(step(steps, LIST).lines.toSorted(), ["1| db", "1| sick", "1| web"]);
});
