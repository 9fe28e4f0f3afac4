/**
 * A logger with svlogd and the `config` of its directory: the same lines through runit's svlogd and
 * through what `hexad import` makes of it. The archives are the same, byte for byte but for stamps.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { run, start } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { OURS, requireToolset } from "../fixture/toolset.ts";
import { makeTree, type Tree } from "../fixture/tree.ts";

requireToolset(OURS);

const ENV = { PATH: `${OURS.bin("").slice(0, -1)}:${Deno.env.get("PATH")}` };

interface LoggerInput {
  readonly name: string;
  readonly config: string;
  /** Of svlogd. */
  readonly options?: string;
  /** How many archives are compared; more may be left by a processor that is not done. */
  readonly archives: number;
  /** What import has to say of it. */
  readonly note?: RegExp;
}

const INPUTS: readonly LoggerInput[] = [
  { name: "no-config", config: "", archives: 0 },
  { name: "sizes", config: "s20000\nn3\n", archives: 3 },
  { name: "lines", config: "s20000\nn9\n", options: "-l 300", archives: 7, note: /-l 300/ },
  {
    name: "long-lines",
    config: "s20000\nn20\n",
    options: "-b 4096 -l 3000",
    archives: 8,
    note: /-b 4096/,
  },
  { name: "unlimited", config: "s30000\nn0\n", archives: 5 },
  { name: "least", config: "s20000\nn3\nN2\n", archives: 3, note: /s6-log deletes no more/ },
  { name: "selected", config: "-*debug*\n+*error*\n", archives: 0 },
  { name: "only", config: "-*\n+error*\n+*last line\n", archives: 0 },
  { name: "signs", config: "-*[*]*\n-a++*b\n-info.*\n", archives: 0 },
  { name: "processor", config: "s20000\nn4\n!gzip\n", archives: 4 },
  { name: "prefix", config: "phost: \ns20000\nn9\n", archives: 8 },
  { name: "stamps", config: "s40000\nn9\n", options: "-t", archives: 6 },
  // a stamp of T is longer than one of -tt, so files are full sooner
  { name: "dates", config: "", options: "-tt", archives: 0 },
  {
    name: "all",
    config: "# a comment\n\ns2000000\nn7\nN3\nt86400\n!bzip2\n-*debug*\n+*error*\n",
    archives: 0,
    note: /t86400: the directive R needs hexad/,
  },
  { name: "syslog", config: "u10.0.0.1\n", archives: 0, note: /u10\.0\.0\.1: let the service/ },
];

function kindOf(number: number): string {
  return number % 3 === 0 ? "a debug" : number % 5 === 0 ? "error" : "info";
}

const LINES = [
  ...Array.from(
    { length: 4999 },
    (_, i) => `${kindOf(i)} [${i % 7}] line ${i} ${"x".repeat(i % 30)}`,
  ),
  "aaab",
  "a [x] b",
  "info.x",
  "the last line",
];

/** Without what tells when it was written. */
function unstamped(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).replace(
    /^(?:@[0-9a-f]{24}|\d{4}-\d\d-\d\d[_ T]\d\d:\d\d:\d\d\.\d+) +/gm,
    "",
  );
}

async function contentOf(path: string): Promise<string> {
  const bytes = await Deno.readFile(path);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return unstamped(bytes);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return unstamped(new Uint8Array(await new Response(stream).arrayBuffer()));
}

/** The newest archives, oldest first, and `current`. */
async function loggedIn(logdir: string, archives: number): Promise<string[]> {
  const names = [...Deno.readDirSync(logdir)].map(({ name }) => name).filter((name) =>
    name.endsWith(".s")
  ).sort();
  const wanted = [...names.slice(Math.max(0, names.length - archives)), "current"];
  return await Promise.all(wanted.map((name) => contentOf(`${logdir}/${name}`)));
}

function serviceOf({ name, config, options = "" }: LoggerInput): Record<string, string> {
  return {
    [`sv/${name}/run!`]: "#!/bin/sh\nexec sleep 100000\n",
    [`sv/${name}/log/run!`]: `#!/bin/sh\nexec svlogd ${options} ./main\n`,
    [`sv/${name}/log/main/config`]: config,
    [`out/${name}/`]: "",
  };
}

async function imported(tree: Tree): Promise<string> {
  tree.remove("out");
  const told = await run(OURS.bin("hexad"), ["import", tree.path("sv"), "--to", tree.path("out")]);
  assertEquals(told.code, 0, told.stderr);
  return told.stdout + told.stderr;
}

Deno.test("origins: svlogd and its config: the same archives and selected lines", async (t) => {
  using tree = makeTree(Object.assign({}, ...INPUTS.map(serviceOf)));
  const told = await imported(tree);
  const stdin = LINES.map((line) => `${line}\n`).join("");
  for (const input of INPUTS) {
    await t.step(input.name, async () => {
      const { name, archives, note } = input;
      const [origin, ours] = [tree.path("sv", name, "log"), tree.path("out", name, "log")];
      const there = await run("svlogd", [...words(input), "./main"], { cwd: origin, stdin });
      assertEquals(there.code, 0, there.stderr);
      Deno.mkdirSync(`${ours}/main`, { recursive: true });
      const here = await run(`${ours}/run`, [], { cwd: ours, stdin, env: ENV });
      assertEquals([here.code, here.stderr], [0, ""]);
      const [expected, seen] = [
        await loggedIn(`${origin}/main`, archives),
        await loggedIn(`${ours}/main`, archives),
      ];
      assertEquals(seen.length, archives + 1);
      assert(expected.some((text) => text !== ""));
      assertEquals(seen.map(({ length }) => length), expected.map(({ length }) => length));
      assertEquals(seen, expected);
      if (note !== undefined) assertMatch(told, note);
    });
  }
});

function words({ options = "" }: LoggerInput): string[] {
  return options.split(" ").filter((word) => word !== "");
}

Deno.test("origins: svlogd's t: after its time the file is an archive, without another line", async () => {
  const input = { name: "timed", config: "t1\n", archives: 1 };
  using tree = makeTree(serviceOf(input));
  await imported(tree);
  const [origin, ours] = [tree.path("sv/timed/log"), tree.path("out/timed/log")];
  Deno.mkdirSync(`${ours}/main`, { recursive: true });
  await using there = start("svlogd", ["./main"], { cwd: origin });
  await using here = start(`${ours}/run`, [], { cwd: ours, env: ENV });
  for (const [logger, logdir] of [[there, `${origin}/main`], [here, `${ours}/main`]] as const) {
    const writer = logger.stdin.getWriter();
    await writer.write(new TextEncoder().encode("one\n"));
    writer.releaseLock();
    await eventually(
      `an archive in ${logdir}`,
      () => [...Deno.readDirSync(logdir)].some(({ name }) => name.endsWith(".s")),
    );
    assertEquals(await loggedIn(logdir, 1), ["one\n", ""]);
  }
});
