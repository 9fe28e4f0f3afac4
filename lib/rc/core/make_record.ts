/** Makes the record of a live folder's services from the engine's state. Pure. */
import type { Engine, Stamps } from "./engine_state.ts";
import type { LiveRecord, Progress, RecordedOmission } from "./live_record.ts";
import { RECORD_FORMAT } from "./live_record.ts";
import type { LeftOut } from "./source/leave_out.ts";
import { OVERLAY_SOURCE } from "./source/overlay_source.ts";

const MAX_LEFT_OUT = 1000;
const MAX_WHY = 300;

/** The parts of a record that the engine does not know. */
export interface RecordFrame {
  readonly pid: number;
  readonly prefix: string;
  readonly monotonicMs: number;
  readonly unixMs: number;
  readonly busy: boolean;
  readonly beganMs: number | undefined;
  readonly leftOut: readonly RecordedOmission[];
}

/** The services whose turn has not come yet. */
function waitingOnes({ changes }: Engine): Set<number> {
  const found = new Set<number>();
  for (const { wishes } of changes.values()) {
    for (const [number, wish] of wishes) if (wish === "pending") found.add(number);
  }
  return found;
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}

function roundedStamps({ wishedMs, startedMs, spawnedMs, endedMs }: Stamps): Stamps {
  return {
    ...(wishedMs === undefined ? {} : { wishedMs: rounded(wishedMs) }),
    ...(startedMs === undefined ? {} : { startedMs: rounded(startedMs) }),
    ...(spawnedMs === undefined ? {} : { spawnedMs: rounded(spawnedMs) }),
    ...(endedMs === undefined ? {} : { endedMs: rounded(endedMs) }),
  };
}

function cut(text: string): string {
  return text.length > MAX_WHY ? `${text.slice(0, MAX_WHY)}...` : text;
}

/** The record leaves out the internal services. */
export function recordOf(engine: Engine, frame: RecordFrame): LiveRecord {
  const { services } = engine.database;
  const waiting = waitingOnes(engine);
  const { beganMs, ...rest } = frame;
  return {
    format: RECORD_FORMAT,
    ...rest,
    ...(beganMs === undefined ? {} : { beganMs: rounded(beganMs) }),
    services: services.filter(({ path }) => path !== "").map((service) => {
      const { number, name, type, path } = service;
      const { up, transition, dying, failure, untried, skipped, stamps } = engine.services[number]!;
      const progress: Progress = transition !== undefined
        ? transition.direction === "up" ? "starting" : "stopping"
        : dying
        ? "stopping"
        : waiting.has(number)
        ? "waiting"
        : up
        ? "up"
        : "down";
      return {
        name,
        type,
        isStep: path.startsWith(`${OVERLAY_SOURCE}/`),
        progress,
        ...roundedStamps(stamps),
        ...(failure === undefined ? {} : {
          failure: { direction: failure.direction, code: failure.code, why: cut(failure.why) },
        }),
        ...(untried === undefined ? {} : {
          untried: {
            direction: untried.direction,
            ...(untried.because === undefined ? {} : { because: services[untried.because]!.name }),
          },
        }),
        ...(skipped === undefined ? {} : { skipped: cut(skipped) }),
      };
    }),
  };
}

/** What the record says about definitions that were left out. */
export function omissionsOf(leftOut: readonly LeftOut[]): RecordedOmission[] {
  return leftOut.slice(0, MAX_LEFT_OUT).map(({ name, becauseOf, finding }) => ({
    name,
    because: becauseOf,
    ...(finding === undefined ? {} : { why: cut(`${finding.file}: ${finding.cause}`) }),
  }));
}

/** Whether the two would have different records. */
export function differs(a: Engine, b: Engine): boolean {
  if (a.services.length !== b.services.length) return true;
  return a.services.some((before, number) => {
    const after = b.services[number]!;
    return before !== after && (
      before.up !== after.up || before.transition !== after.transition ||
      before.dying !== after.dying || before.failure !== after.failure ||
      before.untried !== after.untried || before.skipped !== after.skipped ||
      before.stamps !== after.stamps
    );
  });
}
