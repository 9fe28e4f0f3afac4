/**
 * A throw that nobody expects, in every call that a logger makes: told once, and no line is lost.
 */
import { assert, assertEquals } from "@std/assert";
import { parseLogScript } from "../../../lib/logdir/core/parse_log_script.ts";
import { LogEngine } from "../../../lib/logdir/engine.ts";
import { Logdir } from "../../../lib/logdir/logdir.ts";
import { eventually } from "../../fixture/deadline.ts";
import { FakeInput } from "../../fake/log_input.ts";
import { FakeLogdirPort, settle } from "../../fake/logdir_port.ts";
import { bytes, numbered, SETTINGS, WITH_PROCESSOR } from "../../fake/logdir_story.ts";
import { SABOTAGE, Saboteur } from "../../fake/saboteur.ts";

const LINES = numbered(12);

/** What makes a log directory, which is the concern of whoever begins the logger. */
function opened(
  settings: typeof SETTINGS,
  saboteur: Saboteur,
): { readonly port: FakeLogdirPort; readonly logdir: Logdir } {
  const { sabotage } = saboteur;
  saboteur.sabotage = undefined;
  const port = new FakeLogdirPort();
  const logdir = new Logdir(settings, saboteur.disguise(port), () => {});
  logdir.open();
  saboteur.calls.length = 0;
  saboteur.sabotage = sabotage;
  return { port, logdir };
}

/** Lines one by one and in one piece, rotations, and the end. */
async function log(settings: typeof SETTINGS, saboteur: Saboteur): Promise<FakeLogdirPort> {
  const { port, logdir } = opened(settings, saboteur);
  for (const line of LINES.slice(0, 6)) {
    logdir.append(bytes(line));
    await settle();
  }
  logdir.append(bytes(LINES.slice(6).join("")));
  for (let i = 0; i < 20; i++) await port.elapse(settings.retryMs);
  logdir.rotate();
  for (let i = 0; i < 20; i++) await port.elapse(settings.retryMs);
  let over = false;
  void logdir.finish().then(() => over = true);
  for (let i = 0; i < 20; i++) await port.elapse(settings.retryMs);
  assertEquals(over, true, "it is never closed in good order");
  logdir.close();
  return port;
}

for (const [what, settings] of [["", SETTINGS], [" with a processor", WITH_PROCESSOR]] as const) {
  Deno.test(`a log directory${what}: a throw before each call of its port: told once, and every line is there once`, async () => {
    const calls = new Saboteur();
    await log(settings, calls);
    for (const [at, name] of calls.calls.entries()) {
      try {
        const port = await log(settings, new Saboteur({ at, when: "before" }));
        assertEquals(port.disk.content, LINES.join(""));
        const mishaps = port.warnings.filter((text) => text.includes("internal error"));
        if (name !== "warn") {
          assertEquals(
            mishaps.length >= 1 && mishaps.every((text) => text.includes(SABOTAGE)),
            true,
            port.warnings.join("\n"),
          );
        }
      } catch (error) {
        throw new Error(`call ${at}, ${name}`, { cause: error });
      }
    }
  });

  Deno.test(`a log directory${what}: a throw after each call of its port: no line is lost`, async () => {
    const calls = new Saboteur();
    await log(settings, calls);
    for (const [at, name] of calls.calls.entries()) {
      try {
        const { disk } = await log(settings, new Saboteur({ at, when: "after" }));
        const lost = LINES.filter((line) => !disk.content.includes(line));
        assertEquals(lost, []);
      } catch (error) {
        throw new Error(`call ${at}, ${name}`, { cause: error });
      }
    }
  });
}

interface Engine {
  readonly warnings: string[];
  readonly port: FakeLogdirPort;
  readonly input: FakeInput;
  isDone: boolean;
}

/** An engine whose input, or whose status file, throws. */
async function run(saboteur: Saboteur): Promise<Engine> {
  const port = new FakeLogdirPort();
  const input = new FakeInput();
  const engine: Engine = { warnings: [], port, input, isDone: false };
  const logdir = new Logdir(
    { ...SETTINGS, sizeBytes: 1 << 20 },
    port,
    () => logEngine.onProgress(),
  );
  logdir.open();
  const sinks = saboteur.disguise({
    logdir: (_: number, lines: Uint8Array<ArrayBuffer>) => logdir.append(lines),
    stdout: () => {},
    container: () => {},
    alert: () => {},
    status: () => {},
    head: () => new Uint8Array(0),
  });
  const logEngine: LogEngine = new LogEngine(parseLogScript(["=status", "2", "t", "/d"]), {
    lineLimit: 0,
    holdBack: false,
    lastLineMs: 0,
    warn: (text) => engine.warnings.push(text),
    onDone: () => engine.isDone = true,
  }, { input: saboteur.disguise(input), logdirs: [logdir], outputs: [], sinks });
  input.pieces.push(...LINES.map(bytes));
  input.atEnd = true;
  // as the poller does: as long as there is something to read and somebody who wants it
  await eventually(`the end; ${engine.warnings.join("; ")}`, () => {
    if (!input.paused && !input.closed) logEngine.onReadable();
    return engine.isDone;
  });
  return engine;
}

Deno.test("an engine: a throw before each call of its input and of what it writes to: told once, it goes on, and ends in good order", async () => {
  const calls = new Saboteur();
  assertEquals((await run(calls)).port.disk.content, LINES.join(""));
  await Promise.all(calls.calls.map(async (name, at) => {
    const { warnings, port } = await run(new Saboteur({ at, when: "before" }));
    assertEquals(
      warnings.filter((text) => text.includes(SABOTAGE)).length,
      1,
      `call ${at}, ${name}: ${warnings.join("; ")}`,
    );
    // what one of its calls was to write is lost where that call throws, and nothing else
    if (name !== "logdir") assertEquals(port.disk.content, LINES.join(""), `call ${at}, ${name}`);
  }));
  assert(
    calls.calls.includes("status") && calls.calls.includes("pause") && calls.calls.includes("head"),
  );
});
