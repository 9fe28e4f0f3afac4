/**
 * runsv, runsvdir, supervise and svscan: ours and Debian's go through the same story, each with its
 * own clients; and Debian's svc works on ours.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { type Background, run, start } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { OURS } from "../fixture/toolset.ts";
import { makeTree, type Tree } from "../fixture/tree.ts";

const FILES = {
  "web/run!": "#!/bin/sh\ntrap 'kill $!; echo bye; exit 0' TERM\necho up\nsleep 1000 & wait $!\n",
  "web/log/run!": "#!/bin/sh\nexec cat >>../lines\n",
};
const NEW = "#!/bin/sh\nexec sleep 1000\n";

interface Suite {
  readonly tree: Tree;
  bin(program: string): string;
}

/** A tree for ours, with links in it, and one for theirs. */
async function withBoth(story: (suite: Suite) => Promise<unknown>): Promise<void> {
  using ours = makeTree({ "services/": "", "bin/": "" });
  using theirs = makeTree({ "services/": "" });
  for (const name of ["runit", "daemontools"]) {
    await run(OURS.bin("hexad"), [`--compat=${name}`, "--install", ours.path("bin")]);
  }
  const [our, their] = await Promise.all([
    story({ tree: ours, bin: (program) => ours.path("bin", program) }),
    story({ tree: theirs, bin: (program) => `/usr/bin/${program}` }),
  ]);
  assertEquals(our, their);
}

function addServices(tree: Tree): void {
  tree.add(Object.fromEntries(Object.entries(FILES).map(([k, v]) => [`services/${k}`, v])));
}

/** Until a program says so with 0. */
function until(program: string, ...args: readonly string[]): Promise<unknown> {
  return eventually(
    `${program} ${args.join(" ")}`,
    async () => (await run(program, args)).code === 0,
  );
}

function isRunning({ bin }: Suite, service: string): Promise<unknown> {
  return eventually(
    `${service} to run`,
    async () => (await run(bin("sv"), ["status", service])).stdout.startsWith("run: "),
  );
}

async function codeAfter(process: Background, signal: Deno.Signal): Promise<number> {
  process.kill(signal);
  return await process.ended();
}

async function isGone({ bin }: Suite, service: string): Promise<void> {
  await eventually(
    `the end of ${service}`,
    async () => (await run(bin("svok"), [service])).code !== 0,
  );
}

Deno.test("runsv: the service, its logger, sv, and SIGTERM", () =>
  withBoth(async (suite) => {
    const { tree, bin } = suite;
    addServices(tree);
    const web = tree.path("services/web");
    await using runsv = start(bin("runsv"), [web]);
    await eventually("the first line", () => tree.exists("services/web/lines"));
    await isRunning(suite, web);
    const down = await run(bin("sv"), ["-w", "30", "down", web]);
    const restarted = await run(bin("sv"), ["-w", "30", "start", web]);
    const second = await run(bin("runsv"), [web]);
    const code = await codeAfter(runsv, "SIGTERM");
    return {
      codes: [down.code, restarted.code, second.code, code],
      lines: tree.text("services/web/lines"),
      wrong: (await Promise.all([run(bin("runsv"), []), run(bin("runsv"), ["/nope"])]))
        .map(({ code }) => code),
    };
  }));

Deno.test("supervise: svok, svc, svstat, and svc -dx", () =>
  withBoth(async ({ tree, bin }) => {
    tree.add({ "services/plain/run!": NEW });
    const plain = tree.path("services/plain");
    await using supervise = start(bin("supervise"), [plain]);
    await until(bin("svok"), plain);
    const state = async (wanted: string): Promise<unknown> =>
      await eventually(wanted, async () => {
        const { stdout } = await run(bin("svstat"), [plain]);
        return stdout.includes(`: ${wanted} `);
      });
    await state("up");
    await run(bin("svc"), ["-d", plain]);
    await state("down");
    await run(bin("svc"), ["-u", plain]);
    await state("up");
    await run(bin("svc"), ["-dx", plain]);
    const codes = [await supervise.ended(), (await run(bin("svok"), [plain])).code];
    return [...codes, (await run(bin("supervise"), ["/nope"])).code];
  }));

Deno.test("runsvdir: services that come and go, SIGHUP, a wrong command line", () =>
  withBoth(async (suite) => {
    const { tree, bin } = suite;
    addServices(tree);
    const services = tree.path("services");
    await using runsvdir = start(bin("runsvdir"), ["-P", services]);
    await isRunning(suite, `${services}/web`);
    tree.add({ "new/run!": NEW });
    Deno.symlinkSync(tree.path("new"), `${services}/new`);
    await isRunning(suite, tree.path("new"));
    Deno.removeSync(`${services}/new`);
    await isGone(suite, tree.path("new"));
    const code = await codeAfter(runsvdir, "SIGHUP");
    await isGone(suite, `${services}/web`);
    await eventually(
      "the last line",
      () => tree.text("services/web/lines").endsWith("bye\n"),
    );
    return [code, (await run(bin("runsvdir"), [])).code, tree.text("services/web/lines")];
  }));

Deno.test("svscan: services that come later; ours stops them on SIGTERM, and Debian's svc works on it", async () => {
  using tree = makeTree({ "services/": "", "bin/": "" });
  addServices(tree);
  await run(OURS.bin("hexad"), ["--compat=daemontools", "--install", tree.path("bin")]);
  const web = tree.path("services/web");
  await using svscan = start(tree.path("bin/svscan"), [tree.path("services")]);
  await until(tree.path("bin/svok"), web);
  const said = async (wanted: RegExp): Promise<unknown> =>
    await eventually(
      String(wanted),
      async () => wanted.test((await run(tree.path("bin/svstat"), [web])).stdout),
    );
  await said(/: up /);
  await run("/usr/bin/svc", ["-d", web]);
  await said(/: down /);
  await run("/usr/bin/svc", ["-u", web]);
  await said(/: up /);
  tree.add({ "new/run!": NEW });
  Deno.renameSync(tree.path("new"), tree.path("services/new"));
  await until(tree.path("bin/svok"), tree.path("services/new"));
  assertEquals(await codeAfter(svscan, "SIGTERM"), 0);
  assertMatch(tree.text("services/web/lines"), /^up\nbye\nup\nbye\n$/);
});

Deno.test("tai64n and tai64nlocal: each reads what the other suite's has written", async () => {
  using tree = makeTree({ "bin/": "" });
  await run(OURS.bin("hexad"), ["--compat=daemontools", "--install", tree.path("bin")]);
  const bins = [tree.path("bin"), "/usr/bin"] as const;
  const shell = async (script: string): Promise<string> =>
    (await run("/bin/sh", ["-c", script])).stdout;
  for (const [one, other] of [bins, bins.toReversed()]) {
    const [date, clock] = (await shell(
      `echo "a b" | ${one}/tai64n | ${other}/tai64nlocal; date "+%Y-%m-%d %H:%M:%S"`,
    )).trimEnd().split("\n");
    assertMatch(date!, /^[0-9-]{10} [0-9:]{8}\.[0-9]{9} a b$/);
    const apart = Math.abs(Date.parse(date!.slice(0, 19)) - Date.parse(clock!));
    assertEquals(apart < 20_000, true, `${date} at ${clock}`);
  }
  const stamp = "@400000003b9aca0a12345678";
  const lines = `printf '${stamp} x\\nplain\\n${stamp} y'`;
  const [our, their] = await Promise.all(bins.map((bin) => shell(`${lines} | ${bin}/tai64nlocal`)));
  assertEquals(our, their);
});
