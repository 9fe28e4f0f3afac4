/**
 * s6-tai64n, s6-tai64nlocal, ucspilogd and s6-socklog, ours beside C's: what goes in is the same,
 * and what comes out.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { formatTai64n, parseTai64n, tainFromUnix } from "../../lib/core/time/tain.ts";
import { close } from "../../lib/libc/file.ts";
import { datagramSocket, sendTo } from "../../lib/libc/socket/datagram.ts";
import { run, start } from "../fixture/command.ts";
import { within } from "../fixture/deadline.ts";
import { OURS, requireToolset, THEIRS, type Toolset } from "../fixture/toolset.ts";
import { makeTree } from "../fixture/tree.ts";
import { seededRandom } from "../unit/core/seeded_random.ts";

requireToolset(OURS);
requireToolset(THEIRS);

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function textOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

/** Feeds a filter; what it writes, one character a byte. */
async function filtered(
  tools: Toolset,
  program: string,
  input: string,
  options: FilterOptions = {},
): Promise<string> {
  const { args = [], env = {} } = options;
  const command = new Deno.Command(tools.bin(program), {
    args: [...args],
    env,
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  });
  const child = command.spawn();
  const writer = child.stdin.getWriter();
  const fed = writer.write(bytesOf(input)).then(() => writer.close());
  const [{ code, stdout }] = await within(Promise.all([child.output(), fed]), program);
  assertEquals(code, 0);
  return textOf(stdout);
}

interface FilterOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const INPUTS: readonly (readonly [string, string])[] = [
  ["nothing", ""],
  ["one line", "a\n"],
  ["empty lines", "\n\n\n"],
  ["a line without end", "a\nb"],
  ["any byte", Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join("") + "\n"],
  ["long lines", `${"x".repeat(300_000)}\n${"y".repeat(70_000)}\nz`],
  ["many lines", Array.from({ length: 20_000 }, (_, i) => `line ${i}\n`).join("")],
];

for (const [name, input] of INPUTS) {
  Deno.test(`s6-tai64n: ${name}: the lines are C's, and the stamps are of now`, async () => {
    const before = formatTai64n(tainFromUnix(Math.floor(Date.now() / 1000), 0));
    const [ours, theirs] = await Promise.all([
      filtered(OURS, "s6-tai64n", input),
      filtered(THEIRS, "s6-tai64n", input),
    ]);
    const after = formatTai64n(tainFromUnix(Math.floor(Date.now() / 1000) + 1, 0));
    assertEquals(
      ours.replaceAll(/^@[0-9a-f]{24} /gm, "@ "),
      theirs.replaceAll(/^@[0-9a-f]{24} /gm, "@ "),
    );
    const stamps = Array.from(ours.matchAll(/^@[0-9a-f]{24}/gm), ([stamp]) => stamp);
    assert(
      stamps.every((stamp, i) =>
        stamp >= (stamps[i - 1] ?? before) && stamp <= after && parseTai64n(stamp) !== undefined
      ),
    );
  });
}

/** Stamps of every kind, at the beginning of lines and elsewhere, and what is almost one. */
function stampedInput(): string {
  const random = seededRandom(3);
  const labels = [
    "400000006b024505",
    "4000000000000000",
    "3fffffffffffffff",
    "0000000000000000",
    "ffffffffffffffff",
    "4000000043b940d7",
  ];
  labels.push(
    "40000000586846a4",
    "40000000586846a5",
    "40000000586846a3",
    "40000000FFFFFFFF",
    "400000ffffffffff",
    "4000001000000000",
  );
  for (let i = 0; i < 200; i++) {
    labels.push(`40000000${random(2 ** 32).toString(16).padStart(8, "0")}`);
  }
  const stamps = labels.map((label) => `@${label}${random(2 ** 32).toString(16).padStart(8, "0")}`);
  const broken = [
    "@",
    "@@",
    "@4000",
    "@400000006b02450522bb639",
    "@400000006b02450522bb639g ",
    "@ 400000006b02450522bb639c",
    "\0",
    "\xff\xfe",
  ];
  const lines = [...stamps, ...broken].flatMap((
    stamp,
  ) => [`${stamp} a`, stamp, ` ${stamp}`, `${stamp}${stamp}\r`, `${stamp}\xff\0b`]);
  return `${lines.join("\n")}\n@400000006b02450522bb639c end`;
}

for (
  const zone of ["UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "XYZ-3:30", ""]
) {
  for (const args of [[], ["-g"]]) {
    Deno.test(`s6-tai64nlocal ${args.join("")}: in zone '${zone}' the dates are C's`, async () => {
      const options = { args, env: { TZ: zone } };
      const input = stampedInput();
      assertEquals(
        await filtered(OURS, "s6-tai64nlocal", input, options),
        await filtered(THEIRS, "s6-tai64nlocal", input, options),
      );
    });
  }
}

Deno.test("s6-tai64nlocal: reads what the other's s6-tai64n wrote", async () => {
  for (const [stamper, reader] of [[OURS, THEIRS], [THEIRS, OURS]] as const) {
    const stamped = await filtered(stamper, "s6-tai64n", "a\n\nb");
    const year = new Date().getUTCFullYear();
    const lines = (await filtered(reader, "s6-tai64nlocal", stamped, { args: ["-g"] })).split("\n");
    assertEquals(
      lines.map((line) => line.replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{9} /, "DATE ")),
      ["DATE a", "DATE ", "DATE b", ""],
    );
    assert(lines.slice(0, 3).every((line) => Math.abs(Number(line.slice(0, 4)) - year) <= 1));
  }
});

const MESSAGES = [
  ...Array.from({ length: 1100 }, (_, code) => `<${code}>message ${code}\n`),
  "<>a\n<x>a\n<1a\n<-1>a\n< 1>a\n<+1>a\n<007>a\n<4294967295>a\n<4294967296>a\n<99999999999999999999>a\n",
  "a\0b\n\0\n<13>a\0<13>b\n\xff\xfe\r\n",
  "@400000006b02450522bb639c <13>a\n@400000006b02450522bb639c<13>a\n@400000006b02450522bb639c \n@400000006b02450522bb639c\n@\n@ <13>a\n",
  "@xxxxxxxxxxxxxxxxxxxxxxxx <13>a\n@xxxxxxxxxxx xxxxxxxxxxxx <13>a\n",
  "<13>the end",
].join("");

const VARIABLES: readonly FilterOptions[] = [
  {},
  { args: ["IP", "NOT_SET", "EMPTY"], env: { IP: "192.0.2.1", EMPTY: "" } },
  { args: ["-D", "?", "NOT_SET"] },
  { args: ["-D", "", "--", "NOT_SET", "IP"], env: { IP: "caf\xe9" } },
];

for (const options of VARIABLES) {
  Deno.test(`ucspilogd ${(options.args ?? []).join(" ")}: the lines are C's`, async () => {
    assertEquals(
      await filtered(OURS, "ucspilogd", MESSAGES, options),
      await filtered(THEIRS, "ucspilogd", MESSAGES, options),
    );
  });
}

for (const program of ["s6-tai64n", "s6-tai64nlocal", "ucspilogd"]) {
  Deno.test(`${program}: a line is passed on before the next one comes`, async () => {
    await using filter = start(OURS.bin(program), []);
    const writer = filter.stdin.getWriter();
    for (const line of ["first", "second"]) {
      await writer.write(bytesOf(`${line}\nunfinished `));
      await filter.stdout.until(`${line}\n`);
    }
    await writer.close();
    assertEquals(await filter.ended(), 0);
    assertMatch(filter.stdout.text, /unfinished second\n.*unfinished \n?$/);
  });

  Deno.test(`${program}: dies of SIGPIPE when nobody reads`, async () => {
    const { stdout } = await run("bash", [
      "-c",
      `yes | ${OURS.bin(program)} | head -n 1 >/dev/null; echo \${PIPESTATUS[1]}`,
    ]);
    assertEquals(stdout, "141\n");
  });

  Deno.test(`${program}: an option that it does not have is wrong usage`, async () => {
    const { code, stderr } = await run(OURS.bin(program), ["-x"]);
    assertEquals([code, stderr.split("\n")[0]], [100, `${program}: fatal: unknown option: -x`]);
  });
}

interface Socklog extends AsyncDisposable {
  readonly path: string;
  readonly process: ReturnType<typeof start>;
  send(...datagrams: readonly string[]): void;
}

/** Starts s6-socklog on a Unix socket, and waits until it says that it is ready. */
async function startSocklog(tools: Toolset, args: readonly string[] = []): Promise<Socklog> {
  const tree = makeTree();
  const path = tree.path("log");
  // what it says on descriptor 3 is put on standard error
  const process = start("sh", [
    "-c",
    'exec "$@" 3>&2',
    "sh",
    tools.bin("s6-socklog"),
    "-d",
    "3",
    "-x",
    path,
    ...args,
  ]);
  await process.stderr.until("\n");
  const sender = datagramSocket();
  return {
    path,
    process,
    send: (...datagrams) =>
      datagrams.forEach((datagram) => sendTo(sender, path, bytesOf(datagram))),
    [Symbol.asyncDispose]: async () => {
      close(sender);
      await process[Symbol.asyncDispose]();
      tree[Symbol.dispose]();
    },
  };
}

/** No `<13` without its end: there C reads on in its buffer, and prints what it finds. */
const DATAGRAMS = [
  "<13>hello",
  "plain\0",
  "a\nb\0c\n\n\0",
  "<191>x",
  "<13>",
  "\n\n",
  "<13 ",
  "<1024>a",
  "x".repeat(1024),
  `<0>${"y".repeat(1021)}`,
];

for (const args of [[], ["-r"], ["-l", "5000"], ["-l", "0"]]) {
  Deno.test(`s6-socklog ${args.join(" ")}: the lines are C's`, async () => {
    const datagrams = args.includes("0")
      ? DATAGRAMS.filter(({ length }) => length < 76)
      : DATAGRAMS;
    const said = await Promise.all([OURS, THEIRS].map(async (tools) => {
      await using socklog = await startSocklog(tools, args);
      assertEquals(
        [0o777, 0o600],
        [socklog.path, `${socklog.path}.lock`].map((path) =>
          (Deno.statSync(path).mode ?? 0) & 0o777
        ),
      );
      socklog.send(...datagrams, "<6>over");
      await socklog.process.stdout.until(/over\n$/);
      socklog.process.kill("SIGTERM");
      assertEquals(await socklog.process.ended(), 0);
      return socklog.process.stdout.text;
    }));
    assertEquals(said[0], said[1]);
  });
}

Deno.test("s6-socklog: a datagram that is too long keeps as many bytes as -l says, and an ellipsis", async () => {
  await using socklog = await startSocklog(OURS, ["-l", "100"]);
  socklog.send("a".repeat(100), "b".repeat(101), "c".repeat(5000), "over");
  await socklog.process.stdout.until("over\n");
  assertEquals(
    socklog.process.stdout.text,
    `${"a".repeat(100)}\n${"b".repeat(100)}...\n${"c".repeat(100)}...\nover\n`,
  );
});

Deno.test("s6-socklog: an empty datagram is nothing", async () => {
  await using socklog = await startSocklog(OURS);
  socklog.send("", "after");
  await socklog.process.stdout.until("\n");
  assertEquals(socklog.process.stdout.text, "after\n");
});

Deno.test("s6-socklog: a second one on the same socket is refused, and the first one goes on", async () => {
  await using socklog = await startSocklog(OURS);
  for (const tools of [OURS, THEIRS]) {
    const { code, stderr } = await run(tools.bin("s6-socklog"), ["-x", socklog.path]);
    assertEquals(code, 111);
    assertMatch(
      stderr,
      /^s6-socklog: fatal: unable to bind socket to .*: Device or resource busy\n$/,
    );
  }
  socklog.send("still here");
  await socklog.process.stdout.until("still here\n");
});

/**
 * A script that starts s6-socklog with the reading end of its output as descriptor 4, and waits
 * until it is ready.
 */
function socklogScript(options: string): string {
  return `mkfifo ready lines; ${
    OURS.bin("s6-socklog")
  } ${options} -d 3 -x log >lines 3>ready & pid=$!; exec 4<lines; read x <ready`;
}

/** A script that sends so many datagrams, and waits when the queue is full. */
function senderScript(count: number, text: string): string {
  return `perl -e 'use Socket; socket(my $s, AF_UNIX, SOCK_DGRAM, 0) or die; my $to = pack_sockaddr_un("log");
for my $i (1 .. ${count}) { send($s, "${text}", 0, $to) or die }'`;
}

Deno.test("s6-socklog: senders wait while nobody reads the lines, and then none is missing", async () => {
  using tree = makeTree();
  const count = 20_000;
  const script = `${socklogScript("")}; ${
    senderScript(count, "<14>datagram number $i")
  } & sending=$!
head -n ${count} <&4 >all; wait $sending && kill $pid && wait $pid && cat all`;
  const { code, stdout, stderr } = await run("bash", ["-c", script], { cwd: tree.root });
  assertEquals([code, stderr], [0, ""]);
  assertEquals(
    stdout,
    Array.from({ length: count }, (_, i) => `user.info: datagram number ${i + 1}\n`).join(""),
  );
});

Deno.test("s6-socklog -t: told to end while nobody reads its lines, it waits no longer than that", async () => {
  using tree = makeTree();
  const tooMany = 100; // lines of a thousand bytes: more than a pipe holds
  const script = `${socklogScript("-t 50")}; ${
    senderScript(tooMany, "x".repeat(1000))
  }; kill $pid; wait $pid`;
  const { code, stderr } = await run("bash", ["-c", script], { cwd: tree.root });
  assertEquals([code, stderr], [99, ""]);
});

Deno.test("s6-socklog -i: lines begin with the sender's address", async () => {
  for (const [ip, separator] of [["127.0.0.1", ":"], ["127.0.0.1", "_"], ["::1", "_"]]) {
    const port = 30000 + Deno.pid % 20000;
    const script =
      `use IO::Socket::IP; my $s = IO::Socket::IP->new(PeerHost => $ARGV[0], PeerPort => $ARGV[1], Type => SOCK_DGRAM) or die $@;
print $s->sockport, "\\n"; send($s, "<13>hi", 0) or die`;
    await using socklog = start("sh", [
      "-c",
      `exec ${OURS.bin("s6-socklog")} -d 3 -i ${ip}${separator}${port} 3>&2`,
    ]);
    await socklog.stderr.until("\n");
    const { stdout } = await run("perl", ["-e", script, ip!, String(port)]);
    assertEquals(await socklog.stdout.until(/.*\n/), `${ip}_${stdout.trim()}: user.notice: hi\n`);
  }
});

Deno.test("s6-socklog: gives up privileges once it is bound", async () => {
  await using socklog = await startSocklog(OURS, [
    "-u",
    "65534",
    "-g",
    "65533",
    "-G",
    "65532,65533",
  ]);
  const status = Deno.readTextFileSync(`/proc/${socklog.process.pid}/status`);
  assertMatch(
    status,
    /\nUid:\t65534\t65534\t65534\t65534\nGid:\t65533\t65533\t65533\t65533\n(.*\n)*?Groups:\t65532 65533 *\n/,
  );
  socklog.send("<13>still");
  await socklog.process.stdout.until("user.notice: still\n");
});

Deno.test("s6-socklog -U: takes the identity from the environment, and what stands after it on the command line counts more", async () => {
  using tree = makeTree();
  const env = { UID: "65534", GID: "65533", GIDLIST: "65531" };
  const words = [OURS.bin("s6-socklog"), "-d", "3", "-U", "-g", "65530", "-x", tree.path("log")];
  await using socklog = start("sh", ["-c", 'exec "$@" 3>&2', "sh", ...words], { env });
  await socklog.stderr.until("\n");
  const status = Deno.readTextFileSync(`/proc/${socklog.pid}/status`);
  assertMatch(status, /\nUid:\t65534\t.*\nGid:\t65530\t.*\n(.*\n)*?Groups:\t65530 65531 *\n/);
});

const WRONG: readonly (readonly [readonly string[], string])[] = [
  [["-i", "1.2.3"], "option -i takes an address and a port, not 1.2.3"],
  [["-i", "1.2.3.4:5:6"], "option -i takes an address and a port, not 1.2.3.4:5:6"],
  [["-i", "1::2::3_514"], "option -i takes an address and a port, not 1::2::3_514"],
  [["-i", "127.0.0.1_65536"], "option -i takes an address and a port, not 127.0.0.1_65536"],
  [["-l", "x"], "option -l takes a number, not x"],
  [["-G", "1,x"], "option -G takes group ids, not 1,x"],
  [["-d", "2"], "notification fd must be 3 or more"],
  [["-d", "77"], "invalid notification fd: descriptor 77 is not open"],
];

for (const [args, message] of WRONG) {
  Deno.test(`s6-socklog ${args.join(" ")}: is wrong usage`, async () => {
    const { code, stderr } = await run(OURS.bin("s6-socklog"), args);
    assertEquals([code, stderr.split("\n")[0]], [100, `s6-socklog: fatal: ${message}`]);
  });
}

Deno.test("s6-socklog -U: without the variables it does not start", async () => {
  const { code, stderr } = await run("env", [
    "-u",
    "UID",
    "-u",
    "GID",
    "-u",
    "GIDLIST",
    OURS.bin("s6-socklog"),
    "-U",
  ]);
  assertEquals([code, stderr], [100, "s6-socklog: fatal: UID not set\n"]);
});
