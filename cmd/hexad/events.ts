/** hexad events: what happens to services, as it happens. */
import { EXIT_SYSTEM } from "../../lib/core/cli/exit_codes.ts";
import type { NamedTable } from "../../lib/core/cli/option_table.ts";
import { schemaPath } from "../../lib/core/cli/schema_path.ts";
import { SCANDIR_OPTION, SCANDIR_VARIABLE } from "../../lib/core/cli/option_table.ts";
import type { Tain } from "../../lib/core/time/tain.ts";
import { printable } from "../../lib/core/text/printable.ts";
import { eventDocument, eventWords, type HeardEvent } from "../../lib/status/core/service_event.ts";
import type { OneshotReport } from "../../lib/status/core/oneshot_report.ts";
import {
  oneshotEventDocument,
  oneshotEventWords,
  oneshotNews,
} from "../../lib/status/core/oneshot_event.ts";
import { EventHub } from "../../lib/fifodir/hub.ts";
import { wallclock } from "../../lib/libc/clock.ts";
import { localStamp } from "../../lib/logdir/local_stamp.ts";
import { hearing } from "../../lib/tree/heard_events.ts";
import { reportOnOneshots } from "../../lib/tree/oneshots.ts";
import { RecordWatch } from "../../lib/tree/record_watch.ts";
import { TreeWatch } from "../../lib/tree/tree_watch.ts";
import type { NamedService } from "../../lib/servicedir/named_service.ts";
import type { Context } from "../context.ts";
import { Failure } from "../context.ts";
import { parseArguments } from "./arguments.ts";
import { chooseServices, type ChosenServices, oneshotsAgain } from "./service_operands.ts";

/** Of `2026-11-24 06:01:02.123456789` so many characters. */
const MILLISECONDS_END = 23;

export const table = {
  summary:
    "Shows what happens to services and oneshots, a line for each event, until it is interrupted. Those that come later are followed too.",
  usage: "[-j] [-S DIR] [SERVICE...]",
  operands: "service",
  options: [SCANDIR_OPTION, {
    short: "j",
    long: "json",
    text: `a JSON object for each event; ${schemaPath("event")} describes it`,
  }],
  exits: [["100", "wrong usage, no such service, or no scan directory"], [
    "111",
    "system call failed, or no service may be listened to",
  ]],
  example: "hexad events --json web",
} as const satisfies NamedTable;

export async function main(context: Context): Promise<number> {
  const { flag, value, operands } = parseArguments(context.argv, table);
  const chosen = chooseServices({
    operands,
    scandir: value("scandir"),
    variable: () => context.env.get(SCANDIR_VARIABLE),
    withOneshots: true,
  });
  const json = flag("json");
  const write = json ? writeDocument : writeWords;
  using hub = new EventHub();
  const everything = operands.length === 0;
  using watch = new TreeWatch(
    hub,
    { ...chosen, everything },
    hearing((heard) => write(context, heard)),
  );
  tellUnheard(context, watch.unheard, chosen.services.length);
  using _oneshots = followOneshots(hub, { ...chosen, operands }, (report) => {
    const time = wallclock();
    if (json) context.out(`${JSON.stringify(oneshotEventDocument(report, time))}\n`);
    else writeLine(context, time, report.service.name, oneshotEventWords(report));
  });
  await hub.run();
  return 0;
}

/** Tells what happens to oneshots from now on, until what is returned is disposed of. */
function followOneshots(
  hub: EventHub,
  chosen: ChosenServices & { readonly operands: readonly string[] },
  tell: (report: OneshotReport) => void,
): Disposable | undefined {
  if (chosen.scandir === undefined) return undefined;
  const look = (): readonly OneshotReport[] => {
    const { oneshots } = oneshotsAgain(chosen, chosen.operands);
    const missed = watch.follow(oneshots.map(({ live }) => live));
    return missed ? look() : reportOnOneshots(oneshots);
  };
  const watch = new RecordWatch(hub, chosen.scandir, () => {
    const { news, told: after } = oneshotNews(told, look());
    told = after;
    for (const report of news) tell(report);
  });
  let { told } = oneshotNews(new Map(), look());
  return watch;
}

function tellUnheard(context: Context, unheard: readonly NamedService[], all: number): void {
  if (unheard.length === 0) return;
  const names = unheard.map(({ name }) => printable(name)).join(", ");
  const text =
    `unable to listen to ${names}: Permission denied; be root, or have root allow it: s6-svperms -e SERVICEDIR`;
  if (unheard.length === all) throw new Failure(EXIT_SYSTEM, text);
  context.warn(text);
}

function writeDocument(context: Context, heard: HeardEvent): void {
  context.out(`${JSON.stringify(eventDocument(heard))}\n`);
}

function writeWords(context: Context, heard: HeardEvent): void {
  writeLine(context, heard.time, heard.facts.name, eventWords(heard));
}

function writeLine(context: Context, time: Tain, name: string, words: string): void {
  context.out(`${localStamp(time).slice(0, MILLISECONDS_END)}  ${printable(name)}  ${words}\n`);
}
