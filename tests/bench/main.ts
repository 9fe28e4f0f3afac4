/**
 * `deno task bench`: hexad beside Debian's s6, runit and supervisor, in one run; writes
 * docs/bench.md, with a table of the figures that count at its top, and the charts beside it. (tools/bench.ts builds hexad
 * and installs the others before it runs this.) A row that fails is told, and the others go on.
 *
 *   --quick           few rounds and at most 100 services, in a few minutes; writes no file
 *   --rows A,B        only these rows, which are those of the directory rows; writes no file
 *   --peers A,B       only these suites: hexad, s6, runit, supervisor; writes no file
 *   --restarts N      how many restarts the row `growth` makes
 *   --output FILE     where the report goes, with the charts beside it; `-` is standard output, without charts. Default: docs/bench.md, for what
 *                     writes no file standard output
 */
import { parseArgs } from "@std/cli";
import { dirname } from "@std/path";
import { run } from "../../tools/command.ts";
import { Fatal, runTool } from "../../tools/fatal.ts";
import { DEV_BIN, ROOT } from "../../tools/layout.ts";
import { cleanUpOnSignals } from "./clean_up.ts";
import { describeMachine } from "./machine.ts";
import type { Peer } from "./peer.ts";
import { hexad, installHexad } from "./peers/hexad.ts";
import { runit } from "./peers/runit.ts";
import { s6 } from "./peers/s6.ts";
import { supervisor } from "./peers/supervisor.ts";
import { figuresTable, withFigures } from "./figures_table.ts";
import { markdown } from "./report.ts";
import type { Bench, Row, Section } from "./row.ts";
import { BOOT } from "./rows/boot.ts";
import { CHAIN } from "./rows/chain.ts";
import { CHARGED } from "./rows/charged.ts";
import { CLIENT } from "./rows/client.ts";
import { CONTROL } from "./rows/control.ts";
import { DEFINITIONS } from "./rows/definitions.ts";
import { END } from "./rows/end.ts";
import { FLOOD } from "./rows/flood.ts";
import { GROWTH } from "./rows/growth.ts";
import { HEALTH } from "./rows/health.ts";
import { IDLE } from "./rows/idle.ts";
import { LOG } from "./rows/log.ts";
import { LOGGERS } from "./rows/loggers.ts";
import { ONE_FILE } from "./rows/one_file.ts";
import { ORDER } from "./rows/order.ts";
import { PEAK } from "./rows/peak.ts";
import { RESTART } from "./rows/restart.ts";
import { SIZE } from "./rows/size.ts";
import { TREE_SIZE } from "./rows/tree_size.ts";
import { makeProgramDirectory, makeScratch } from "./scratch.ts";
import { trials } from "./trials.ts";

const ROWS: readonly Row[] = [
  TREE_SIZE,
  ONE_FILE,
  CHARGED,
  LOGGERS,
  SIZE,
  RESTART,
  ORDER,
  CLIENT,
  CONTROL,
  GROWTH,
  IDLE,
  HEALTH,
  CHAIN,
  LOG,
  FLOOD,
  BOOT,
  DEFINITIONS,
  END,
  PEAK,
];

/** What counts and does not time goes first, while the machine comes to rest after the build. */
const COUNTING: readonly Row[] = [SIZE, GROWTH];

const PEERS: Readonly<Record<string, (programs: string) => Peer>> = {
  hexad,
  s6,
  runit,
  supervisor,
};

interface Options {
  readonly quick: boolean;
  readonly rows: readonly Row[];
  readonly peers: readonly string[];
  readonly restarts: number | undefined;
  /** Undefined: standard output. */
  readonly output: string | undefined;
}

function say(text: string): void {
  console.error(`bench: ${text}`);
}

function choose(
  what: string,
  wanted: string | undefined,
  known: readonly string[],
): readonly string[] {
  const names = wanted?.split(",") ?? known;
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new Fatal(`unknown ${what}: ${unknown} (there are ${known.join(", ")})`);
  }
  return names;
}

function parseOptions(args: readonly string[]): Options {
  const parsed = parseArgs(args, {
    boolean: ["quick"],
    string: ["rows", "peers", "restarts", "output"],
    unknown: (word): never => {
      throw new Fatal(
        `unknown argument: ${word} (the head of tests/bench/main.ts lists the options)`,
      );
    },
  });
  const restarts = parsed.restarts === undefined ? undefined : Number(parsed.restarts);
  if (restarts !== undefined && !(Number.isInteger(restarts) && restarts > 0)) {
    throw new Fatal(`not a number of restarts: ${parsed.restarts}`);
  }
  const names = choose("row", parsed.rows, ROWS.map(({ name }) => name));
  const whole = !parsed.quick && parsed.rows === undefined && parsed.peers === undefined;
  const output = parsed.output ?? (whole ? `${ROOT}/docs/bench.md` : "-");
  return {
    quick: parsed.quick,
    rows: ROWS.filter(({ name }) => names.includes(name)),
    peers: choose("suite", parsed.peers, Object.keys(PEERS)),
    restarts,
    output: output === "-" ? undefined : output,
  };
}

/** Writes a document or a drawing as `deno fmt` wants it. */
async function writeFormatted(
  path: string,
  text: string,
  form: "md" | "svg" = "md",
): Promise<void> {
  await Deno.writeTextFile(path, text);
  await run(Deno.execPath(), [
    "fmt",
    "--quiet",
    `--ext=${form}`,
    `--config=${ROOT}/deno.json`,
    path,
  ], {
    cwd: ROOT,
    doing: "format the report",
  });
}

/** Draws what the sections show. The plotting library is loaded only here. */
async function writeCharts(directory: string, sections: readonly Section[]): Promise<void> {
  const { drawChart } = await import("./draw.ts");
  const charts = sections.flatMap((section) => section.charts ?? []);
  for (const chart of charts) {
    await writeFormatted(`${directory}/${chart.file}`, drawChart(chart), "svg");
  }
}

interface Measured {
  readonly sections: readonly Section[];
  readonly failures: readonly string[];
}

/** A row that fails costs its own figures, and not those that were measured before it. */
async function measureRows(rows: readonly Row[], bench: Bench): Promise<Measured> {
  const sections = new Map<Row, Section>();
  const failures: string[] = [];
  for (
    const row of rows.toSorted((a, b) =>
      Number(COUNTING.includes(b)) - Number(COUNTING.includes(a))
    )
  ) {
    const startedMs = performance.now();
    try {
      sections.set(row, await row.measure(bench));
      bench.say(
        `${row.name}: done in ${((performance.now() - startedMs) / 60_000).toFixed(1)} minutes`,
      );
    } catch (error) {
      const failure = `row ${row.name}: ${error instanceof Error ? error.message : error}`;
      bench.say(failure);
      failures.push(failure);
    }
  }
  return { sections: rows.flatMap((row) => sections.get(row) ?? []), failures };
}

async function main(): Promise<number> {
  const options = parseOptions(Deno.args);
  const machine = describeMachine();
  using scratch = makeScratch();
  using programs = makeProgramDirectory();
  cleanUpOnSignals([scratch.path, programs.path], say);
  if (options.peers.includes("hexad")) await installHexad(`${DEV_BIN}/hexad`, programs.path);
  const peers = options.peers.map((name) => PEERS[name]!(programs.path));
  const { quick, restarts } = options;
  const bench: Bench = {
    peers,
    programs: programs.path,
    scratch: scratch.path,
    quick,
    restarts,
    say,
  };
  const { sections, failures } = await measureRows(options.rows, bench);
  const report = markdown({
    command: ["deno task bench", ...Deno.args].join(" "),
    date: new Date().toISOString().slice(0, 10),
    machine,
    fileSystem: scratch.fileSystem,
    suites: peers.map(({ title }) => title),
    sections: options.rows.length === ROWS.length ? [...sections, trials()] : sections,
    failures,
    charts: options.output !== undefined,
  });
  const text = withFigures(
    report,
    figuresTable(
      peers.map(({ name }) => name),
      sections.flatMap(({ highlights = [] }) => highlights),
    ),
  );
  if (options.output === undefined) {
    console.log(text.trimEnd());
  } else {
    await writeFormatted(options.output, text);
    await writeCharts(dirname(options.output), sections);
  }
  return failures.length === 0 ? 0 : 1;
}

if (import.meta.main) await runTool("bench", main);
