/** Row: the most memory that /init and its log host have resident while a container starts. */
import { megabytes } from "../figures.ts";
import { type Bar, type Bench, rotated, type Row, type Section } from "../row.ts";
import { summarize, type Summary } from "../statistics.ts";
import {
  containerPeaks,
  type LaidServices,
  layContainer,
  layServices,
} from "../timed_container.ts";

const SERVICES = [0, 3, 10, 30];
const BAR_SERVICES = 10;
const BAR_BYTES = 45e6;

interface Subject {
  readonly laid: LaidServices;
  readonly init: number[];
  readonly logHost: number[];
}

function titleOf({ services, loggers }: LaidServices): string {
  return `${services} services${loggers ? " with loggers" : ""}`;
}

function barOf(whose: string, peak: Summary): Bar {
  return {
    what: `${BAR_SERVICES} services with loggers, the most memory of ${whose}`,
    bar: `under ${BAR_BYTES / 1e6} MB`,
    reached: megabytes(peak),
    met: peak.median < BAR_BYTES,
  };
}

async function measure(bench: Bench): Promise<Section> {
  const rounds = bench.quick ? 1 : 5;
  const place = await layContainer(bench.programs);
  const subjects = SERVICES.flatMap((services) =>
    (services === 0 ? [false] : [false, true]).map((loggers): Subject => ({
      laid: { services, loggers },
      init: [],
      logHost: [],
    }))
  );
  for (const { laid } of subjects) await layServices(place, laid);
  bench.say(`peak: ${rounds} containers each`);
  for (let round = 0; round < rounds; round++) {
    for (const { laid, init, logHost } of rotated(subjects, round)) {
      const { initBytes, logHostBytes } = await containerPeaks(place, laid);
      init.push(initBytes);
      logHost.push(logHostBytes);
    }
  }
  const barred = subjects.find(({ laid }) => laid.services === BAR_SERVICES && laid.loggers)!;
  return {
    title: "The most memory while a container starts",
    method: [
      "The same containers. The most that was ever resident (VmHWM in /proc/PID/status) of /init, and of the log host, which runs all loggers; " +
      `each logger is a \`log/run\` that becomes \`logutil-service\`. ${rounds} containers of each kind, by turns. Some 30 MB of it are pages of ` +
      "the program's file, which the kernel takes back when it needs them.",
    ],
    tables: [{
      head: ["", "/init", "log host"],
      rows: subjects.map(({ laid, init, logHost }) => [
        titleOf(laid),
        megabytes(summarize(init)),
        laid.loggers ? megabytes(summarize(logHost)) : "",
      ]),
    }],
    bars: [
      barOf("`/init`", summarize(barred.init)),
      barOf("the log host", summarize(barred.logHost)),
    ],
  };
}

export const PEAK: Row = { name: "peak", measure };
