/**
 * `deno task bench`: hexad beside Debian's s6, runit and supervisor, in one run; writes docs/bench.md. (tools/bench.ts builds hexad and installs
 * the others before it runs this.)
 *
 *   --quick           few rounds and at most 100 services, in about two minutes; writes no file
 *   --rows A,B        only these rows: tree, restart, client, control, growth, idle, chain, log, boot, end; writes no file
 *   --peers A,B       only these suites: hexad, s6, runit, supervisor; writes no file
 *   --restarts N      how many restarts the row `growth` makes
 *   --output FILE     where the report goes; `-` is standard output. Default: docs/bench.md, for what writes no file standard output
 */
import { parseArgs } from "@std/cli";
import { run } from "../../tools/command.ts";
import { Fatal, runTool } from "../../tools/fatal.ts";
import { DEV_BIN, ROOT } from "../../tools/layout.ts";
import { killProcessesOf } from "../fixture/processes.ts";
import { describeMachine } from "./machine.ts";
import type { Peer } from "./peer.ts";
import { hexad, installHexad } from "./peers/hexad.ts";
import { runit } from "./peers/runit.ts";
import { s6 } from "./peers/s6.ts";
import { supervisor } from "./peers/supervisor.ts";
import { markdown } from "./report.ts";
import type { Bench, Row, Section } from "./row.ts";
import { BOOT } from "./rows/boot.ts";
import { CHAIN } from "./rows/chain.ts";
import { CLIENT } from "./rows/client.ts";
import { CONTROL } from "./rows/control.ts";
import { END } from "./rows/end.ts";
import { GROWTH } from "./rows/growth.ts";
import { IDLE } from "./rows/idle.ts";
import { LOG } from "./rows/log.ts";
import { RESTART } from "./rows/restart.ts";
import { TREE_SIZE } from "./rows/tree_size.ts";
import { makeProgramDirectory, makeScratch } from "./scratch.ts";

const ROWS: readonly Row[] = [TREE_SIZE, RESTART, CLIENT, CONTROL, GROWTH, IDLE, CHAIN, LOG, BOOT, END];

const PEERS: Readonly<Record<string, (programs: string) => Peer>> = { hexad, s6, runit, supervisor };

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

function choose(what: string, wanted: string | undefined, known: readonly string[]): readonly string[] {
  const names = wanted?.split(",") ?? known;
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Fatal(`unknown ${what}: ${unknown} (there are ${known.join(", ")})`);
  return names;
}

function parseOptions(args: readonly string[]): Options {
  const parsed = parseArgs(args, {
    boolean: ["quick"],
    string: ["rows", "peers", "restarts", "output"],
    unknown: (word): never => {
      throw new Fatal(`unknown argument: ${word} (the head of tests/bench/main.ts lists the options)`);
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

/** Writes a document as `deno fmt` wants it. */
async function writeFormatted(path: string, text: string): Promise<void> {
  await Deno.writeTextFile(path, text);
  await run(Deno.execPath(), ["fmt", "--quiet", "--ext=md", `--config=${ROOT}/deno.json`, path], { cwd: ROOT, doing: "format the report" });
}

/** Ends with what runs in the directories and with them: a tree that is left behind would spoil the next run. */
function cleanUpOnSignals(directories: readonly string[]): void {
  for (const [name, number] of [["SIGHUP", 1], ["SIGINT", 2], ["SIGTERM", 15]] as const) {
    Deno.addSignalListener(name, () => {
      say(`${name}: ending what was started`);
      for (const directory of directories) {
        killProcessesOf(directory);
        Deno.removeSync(directory, { recursive: true });
      }
      Deno.exit(128 + number);
    });
  }
}

async function main(): Promise<number> {
  const options = parseOptions(Deno.args);
  const machine = describeMachine();
  using scratch = makeScratch();
  using programs = makeProgramDirectory();
  cleanUpOnSignals([scratch.path, programs.path]);
  if (options.peers.includes("hexad")) await installHexad(`${DEV_BIN}/hexad`, programs.path);
  const peers = options.peers.map((name) => PEERS[name]!(programs.path));
  const { quick, restarts } = options;
  const bench: Bench = { peers, programs: programs.path, scratch: scratch.path, quick, restarts, say };
  const sections: Section[] = [];
  for (const row of options.rows) sections.push(await row.measure(bench));
  const text = markdown({
    command: ["deno task bench", ...Deno.args].join(" "),
    date: new Date().toISOString().slice(0, 10),
    machine,
    fileSystem: scratch.fileSystem,
    suites: peers.map(({ title }) => title),
    sections,
  });
  if (options.output === undefined) console.log(text.trimEnd());
  else await writeFormatted(options.output, text);
  return 0;
}

if (import.meta.main) await runTool("bench", main);
