/** Runs the engine's commands: their lines with names before, a line of progress, and a summary. */
import { SIGHUP, SIGINT, SIGTERM } from "../../../lib/core/linux/signals.ts";
import type { EngineAction } from "../../../lib/images/core/engine_commands.ts";
import { progressText, summaryLines } from "../../../lib/images/core/image_run_text.ts";
import type { ImageResult } from "../../../lib/images/core/images_document.ts";
import { EngineProcesses } from "../../../lib/images/engine_processes.ts";
import { type ImageJob, ImageRun } from "../../../lib/images/image_run.ts";
import { ProgressLine } from "../../../lib/images/progress_line.ts";
import { wallclock } from "../../../lib/libc/clock.ts";
import { Poller } from "../../../lib/libc/epoll.ts";
import { isTerminal } from "../../../lib/libc/terminal.ts";
import { writeFully } from "../../../lib/files/output.ts";
import { lineForm } from "../../../lib/logdir/descriptor_output.ts";
import { timeOfDay } from "../../../lib/logdir/local_stamp.ts";
import { serviceHead } from "../../../lib/logreader/core/service_line.ts";
import { concat } from "../../../lib/logreader/line_blocks.ts";
import { textWidth } from "../../../lib/terminal/text_width.ts";
import type { Context } from "../../context.ts";
import { outputForm } from "../output_form.ts";

const EXIT_FAILED = 1;
const SIGNALED = 128;
const ENDING = { SIGINT, SIGTERM, SIGHUP } as const;
const NEWLINE = new TextEncoder().encode("\n");

export interface CarryOutRequest {
  readonly action: EngineAction;
  /** Each after those that it waits for. */
  readonly jobs: readonly ImageJob[];
  /** Where the commands run. */
  readonly directory: string;
  readonly atOnce: number;
  readonly keepGoing: boolean;
  /** Jobs that are done already. */
  readonly found: readonly string[];
  /** Standard output is for a document: lines go to standard error, and no summary is written. */
  readonly quiet: boolean;
}

export interface RunOutcome {
  readonly exitCode: number;
  readonly results: ReadonlyMap<string, ImageResult>;
}

export async function carryOut(context: Context, request: CarryOutRequest): Promise<RunOutcome> {
  const { action, jobs, directory, atOnce, keepGoing, found, quiet } = request;
  const outFd = quiet ? context.stderr : context.stdout;
  using stack = new DisposableStack();
  const poller = stack.use(new Poller());
  let progress: ProgressLine | undefined;
  let broken: unknown;
  let endedBy = 0;
  const width = Math.max(...jobs.map(({ name }) => name.length));
  const write = (bytes: Uint8Array<ArrayBuffer>): void => {
    if (broken !== undefined) return;
    try {
      progress?.hide();
      writeFully(outFd, bytes);
    } catch (error) {
      // nobody reads: what runs is ended, then this is told
      broken = error;
      run.interrupt(SIGTERM);
    }
  };
  const run = new ImageRun(jobs, {
    port: new EngineProcesses(poller, directory),
    atOnce,
    keepGoing,
    found,
    onLine: (name, line) => {
      const time = timeOfDay(wallclock());
      const head = serviceHead(lineForm(name, outFd), { time, width });
      write(concat(concat(head, line), NEWLINE));
    },
    onChange: () => progress?.show(),
  });
  const view = { action, states: run.states, tookMs: (name: string) => run.tookMs(name) };
  if (isTerminal(context.stderr)) {
    progress = stack.use(new ProgressLine(context.stderr, () => progressText(view)));
  }
  for (const [name, number] of Object.entries(ENDING) as [keyof typeof ENDING, number][]) {
    const end = (): void => {
      endedBy ||= number;
      run.interrupt(number);
    };
    Deno.addSignalListener(name, end);
    stack.defer(() => Deno.removeSignalListener(name, end));
  }
  const begunMs = performance.now();
  const polling = poller.run();
  try {
    await run.run();
  } finally {
    poller.stop();
    await polling;
    progress?.[Symbol.dispose]();
    progress = undefined;
  }
  if (broken !== undefined) throw broken;
  const states = [...run.states];
  const isDone = states.every(([, { kind }]) => kind === "done" || kind === "found");
  if (!quiet) {
    const cure = isDone || action !== "build"
      ? undefined
      : "the same command with --resume goes on with what is missing";
    const { paint, width } = outputForm(context);
    const lines = summaryLines(view, { tookMs: performance.now() - begunMs, cure }, {
      textWidth,
      paint,
      ...(width === undefined ? {} : { width }),
    });
    context.out(`\n${lines.join("\n")}\n`);
  }
  return {
    exitCode: endedBy > 0 ? SIGNALED + endedBy : isDone ? 0 : EXIT_FAILED,
    results: new Map(
      states.map(([name, state]) => [name, { state, tookMs: run.tookMs(name) }]),
    ),
  };
}
