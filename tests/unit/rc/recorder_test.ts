/** The record on disk: when it is written, what stays of the boot, and a disk that does not take it. */
import { assertEquals } from "@std/assert";
import { newEngine, step } from "../../../lib/rc/core/engine.ts";
import type { Engine, RcEvent } from "../../../lib/rc/core/engine_state.ts";
import type { LiveRecord } from "../../../lib/rc/core/live_record.ts";
import { parseRecord } from "../../../lib/rc/core/live_record.ts";
import { Recorder } from "../../../lib/rc/recorder.ts";
import { rcDatabase } from "../../fake/rc_database.ts";
import { eventually } from "../../fixture/deadline.ts";

const DATABASE = rcDatabase({ one: { oneshot: true } });
const ONE = 2;
const UP: RcEvent = { kind: "change", request: { id: 1, direction: "up", named: [ONE] } };
const DOWN: RcEvent = { kind: "change", request: { id: 2, direction: "down", named: [ONE] } };

function after(engine: Engine, ...events: readonly RcEvent[]): Engine {
  return events.reduce(
    (state, event) => step(state, event, { monotonicMs: performance.now() }).engine,
    engine,
  );
}

function ended(script: "up" | "down", code: number): RcEvent {
  return { kind: "script", service: ONE, script, code };
}

function read(folder: string, name: string): LiveRecord | undefined {
  try {
    return parseRecord(Deno.readTextFileSync(`${folder}/${name}`));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

Deno.test("recorder: written at the end of a change, and some time after its beginning; the boot stays as it was", async () => {
  const folder = Deno.makeTempDirSync();
  const warnings: string[] = [];
  const recorder = new Recorder({
    folder,
    prefix: "",
    leftOut: [],
    warn: (text) => warnings.push(text),
  });
  const running = after(newEngine(DATABASE), UP);
  recorder.onStep(running);
  await eventually("a record of what runs", () => read(folder, "hexad-record")?.busy === true);
  assertEquals(read(folder, "hexad-boot"), undefined);
  const failed = after(running, ended("up", 3));
  recorder.onStep(failed);
  const progress = (name: string): unknown => {
    const service = read(folder, name)!.services[0]!;
    return [service.progress, service.failure?.code];
  };
  assertEquals([progress("hexad-record"), progress("hexad-boot")], [["down", 3], ["down", 3]]);
  recorder.onStep(after(failed, UP, ended("up", 0)));
  assertEquals([progress("hexad-record"), progress("hexad-boot")], [["up", undefined], [
    "down",
    3,
  ]]);
  recorder.end();
  assertEquals(warnings, []);
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("recorder: a record that no disk takes is told once, and is written when one does", () => {
  const parent = Deno.makeTempDirSync();
  const folder = `${parent}/live`;
  const warnings: string[] = [];
  const recorder = new Recorder({
    folder,
    prefix: "",
    leftOut: [],
    warn: (text) => warnings.push(text),
  });
  let engine = after(newEngine(DATABASE), UP, ended("up", 0));
  recorder.onStep(engine);
  recorder.onStep(engine = after(engine, DOWN, ended("down", 0)));
  assertEquals(warnings.length, 1);
  Deno.mkdirSync(folder);
  recorder.onStep(after(engine, UP, ended("up", 0)));
  assertEquals(read(folder, "hexad-record")?.services[0]?.progress, "up");
  recorder.end();
  Deno.removeSync(parent, { recursive: true });
});
