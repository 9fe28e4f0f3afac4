/**
 * `deno task start`: the example scan directory does its work, and all of it is gone in the end.
 */
import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { dirname } from "@std/path";
import { type Background, run, start } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { processesOf } from "../fixture/processes.ts";
import { OURS, requireToolset, ROOT } from "../fixture/toolset.ts";

requireToolset(OURS);

/** Somebody may have changed a source since the tier was built. */
const BUILD_LIMIT_MS = 300_000;

interface Started extends AsyncDisposable {
  readonly task: Background;
  readonly scandir: string;
  readonly url: string;
}

/** The text of a file that a service makes when it has started; empty before. */
function textOf(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function startExample(args: readonly string[]): Promise<Started> {
  const port = freePort();
  const task = start(Deno.execPath(), [
    "run",
    "--allow-all",
    "tools/start.ts",
    "--port",
    String(port),
    ...args,
  ], { cwd: ROOT });
  try {
    const told = (): string | undefined =>
      task.stdout.text.match(/s6-svscan supervises (.*)\n[^]*Ctrl-C stops everything/)?.[1];
    const scandir = await eventually(
      "the start, after a build if one is needed",
      told,
      BUILD_LIMIT_MS,
    );
    const dispose = async (): Promise<void> => {
      task.kill("SIGTERM");
      await task.ended();
      await task[Symbol.asyncDispose]();
    };
    return { task, scandir, url: `http://127.0.0.1:${port}/`, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await task[Symbol.asyncDispose]();
    throw error;
  }
}

/** The page, once the server listens and the page has all that it should have. */
function page(url: string): Promise<string> {
  return eventually(`a page with figures at ${url}`, async () => {
    const text = await fetch(url).then((response) => response.text(), () => "");
    return text.includes("Load:") && !text.includes("(no ") ? text : undefined;
  });
}

function assertGone({ scandir }: Started): void {
  assertEquals(processesOf(scandir), []);
  assertThrows(() => Deno.statSync(dirname(scandir)), Deno.errors.NotFound);
}

Deno.test("task start --seconds: the services work together, then everything ends by itself", async () => {
  await using example = await startExample(["--seconds", "10"]);
  assertMatch(
    await page(example.url),
    /It is .*\nLoad: .*\nMemTotal:[^]*prime numbers last:\n\d+ \d+\n/,
  );
  assertEquals(await (await fetch(`${example.url}health`)).text(), "well\n");
  const { stdout } = await run(OURS.bin("s6-svstat"), [`${example.scandir}/web`]);
  assertMatch(stdout, /^up \(pid \d+.*ready/);
  const log = `${example.scandir}/web/log/lines/current`;
  await eventually(
    "the server's line in its log",
    () => textOf(log).includes("listening on 127.0.0.1:"),
  );
  assertEquals(await example.task.ended(), 0);
  assertGone(example);
});

Deno.test("task start: a crashed worker is back at once and goes on; Ctrl-C ends everything", async () => {
  await using example = await startExample([]);
  await page(example.url);
  assertEquals(
    (await run(OURS.bin("s6-svc"), ["-wr", "-T", "15000", "-b", `${example.scandir}/worker`])).code,
    0,
  );
  await example.task.stdout.until(
    /worker: killed by signal 6, will be started again\n[^]*looking for prime numbers after [1-9]/,
  );
  example.task.kill("SIGINT");
  assertEquals(await example.task.ended(), 0);
  assertGone(example);
});

Deno.test("task start: a wrong argument and a taken port are one line", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const cases = [
    [
      ["--second", "1"],
      "start: fatal: unknown argument: --second (usage: deno task start [--seconds N] [--port N])\n",
    ],
    [
      ["--seconds", "soon"],
      "start: fatal: --seconds needs a number up to 86400 (usage: deno task start [--seconds N] [--port N])\n",
    ],
    [["--port", `${port}`], `start: fatal: port ${port} is taken\n`],
  ] as const;
  for (const [args, message] of cases) {
    const { code, stderr } = await run(Deno.execPath(), [
      "run",
      "--allow-all",
      "tools/start.ts",
      ...args,
    ], { cwd: ROOT });
    assertEquals([code, stderr], [1, message]);
  }
});
