/** `/v1/services/NAME/log`: what a service has written, and what it goes on to write. */
import { CURRENT } from "../logdir/core/rotation.ts";
import type { TimeSpan } from "../logdir/core/log_archives.ts";
import { access, F_OK } from "../libc/file.ts";
import { LineFilter, type LogLine } from "../logreader/line_filter.ts";
import { documentOf, type LineOrigin } from "../logreader/line_writer.ts";
import { logMoment, unixNow } from "../logreader/log_moment.ts";
import { type FoundLog, LogReading } from "../logreader/log_reading.ts";
import { outputLogdir } from "../rc/core/live_record.ts";
import type { NamedService } from "../servicedir/named_service.ts";
import type { NotKept } from "../keptoutput/client.ts";
import { chooseOneshots } from "../tree/choose_oneshots.ts";
import { type KeptLines, KeptOutput } from "../tree/kept_output.ts";
import { logsOf } from "../tree/service_logs.ts";
import type { Query } from "./core/dispatch.ts";
import { LogPlace, parseLogPlace } from "./core/log_place.ts";
import { Problem } from "./core/problem.ts";
import { LINES_TYPE } from "./core/routes.ts";
import { EVENT_STREAM_TYPE, HEARTBEAT, serverSent } from "./core/server_sent.ts";
import type { Asked } from "./handler.ts";
import type { Outlet } from "./outlet.ts";
import type { ServedTree } from "./served_tree.ts";

const DEFAULT_LINES = 100;
/** What a double has lost of a moment's nanoseconds. */
const MOMENT_ERROR_SECONDS = 1e-6;
/** When it is looked for log directories after something has happened to the service. */
const LOOK_MS = [100, 2000] as const;
/** Characters that mean something in an extended regular expression. */
const SPECIAL = /[\\^$.[\]|()*+?{}]/g;

/** The reader has gone: the reading is to end. */
class ReaderGone extends Error {
  override readonly name = "ReaderGone";
}

interface Sources {
  readonly name: string;
  /** Undefined: a oneshot. */
  readonly service: NamedService | undefined;
  readonly found: readonly FoundLog[];
  /** Of a service without a log directory. */
  readonly kept: KeptOutput | undefined;
}

/** @throws {Problem} If there is no such service, or nothing of it is kept anywhere. */
export function serviceLog(asked: Asked): Response {
  const { params, query, tree, streams } = asked;
  const follow = query.flag("follow");
  const events = (asked.request.headers.get("accept") ?? "").includes(EVENT_STREAM_TYPE);
  const place = parseLogPlace(asked.request.headers.get("last-event-id") ?? "");
  const filter = filterOf(query, place);
  const lines = place === undefined ? linesOf(query) : Infinity;
  const sources = sourcesOf(tree, params["name"]!, follow);
  const stack = new DisposableStack();
  stack.use(filter);
  if (sources.kept !== undefined) stack.use(sources.kept);
  let gone = false;
  let isHeld = true;
  const outlet = openOutlet(streams, asked, events, () => {
    gone = true;
    if (!isHeld) stack.dispose();
  });
  const trouble = (text: string): void => {
    if (events) outlet.push(serverSent({ event: "trouble", document: { text } }));
    else asked.warn(`${sources.name}: ${text}`);
  };
  const places = new LogPlace(place);
  // a file waits for the reader; what comes from memory does not
  let canWait = true;
  const tell = (source: LineOrigin, told: readonly LogLine[]): void | Promise<void> => {
    if (gone && isHeld) throw new ReaderGone();
    const text = told.map((line) => lineText(line, source, places, events)).join("");
    if (!canWait) return outlet.push(text);
    outlet.write(text);
    return outlet.room();
  };
  const early: string[] = [];
  let begun = false;
  const reading = stack.use(
    new LogReading(sources.found, filter, {
      onLines: tell,
      onTrouble: (text) => begun ? trouble(text) : early.push(text),
    }, sources.kept?.ask() ?? []),
  );
  const reason = sources.kept?.reason;
  const isMute = reading.sources.length === 0 && (sources.found.length > 0 || reason !== undefined);
  if (isMute && (sources.found.length > 0 || !follow)) {
    isHeld = false;
    outlet.end();
    throw sources.found.length > 0
      ? new Problem(403, early[0] ?? "no log directory can be read")
      : new Problem(404, muteText(sources.name, reason!));
  }
  if (isMute) early.push(muteText(sources.name, reason!));
  begun = true;
  early.forEach(trouble);
  const run = async (): Promise<void> => {
    try {
      await reading.tellHeld(lines);
      isHeld = false;
      if (gone) stack.dispose();
      else if (follow) {
        goOn(asked, sources, {
          reading,
          outlet,
          stack,
          tellKept: (lines) => {
            canWait = false;
            reading.tellKept(lines);
            canWait = true;
          },
        });
      } else outlet.end();
    } catch (error) {
      isHeld = false;
      stack.dispose();
      outlet.end();
      if (!(error instanceof ReaderGone)) asked.mishaps.tell(error);
    }
  };
  void run();
  return new Response(outlet.stream, {
    headers: { "content-type": events ? EVENT_STREAM_TYPE : LINES_TYPE },
  });
}

/** Why nothing can be shown of a service without a log directory. */
function muteText(name: string, reason: NotKept): string {
  const text = `${name} has no log directory`;
  if (reason === "denied") {
    return `${text}, and what s6-svscan keeps of its output is for that one's user and root`;
  }
  return reason === "silent"
    ? `${text}, and what is kept of its output could not be had: nobody answers`
    : `${text}, and its output is not kept (S6_LOGGING_PREFIX, --logging-prefix)`;
}

function openOutlet(
  streams: Asked["streams"],
  { cutOff }: Asked,
  events: boolean,
  onOver: () => void,
): Outlet {
  const document = { reason: "this client reads too slowly" };
  return streams.open({
    lastWord: events ? serverSent({ event: "end", document }) : "",
    ...(events ? { heartbeat: HEARTBEAT } : {}),
    onOver,
  }, cutOff);
}

function lineText(line: LogLine, source: LineOrigin, places: LogPlace, events: boolean): string {
  const document = documentOf(line, source);
  const place = places.next(document.time);
  if (place === undefined) return "";
  return events ? serverSent({ ...place, document }) : `${JSON.stringify(document)}\n`;
}

/** @throws {Problem} If it is no number. */
function linesOf(query: Query): number {
  const text = query.value("lines");
  if (text === "all") return Infinity;
  if (text === undefined) {
    return ["since", "until", "contains"].some((name) => query.value(name) !== undefined)
      ? Infinity
      : DEFAULT_LINES;
  }
  if (!/^\d{1,9}$/.test(text)) throw new Problem(400, `lines is a number or all, not ${text}`);
  return Number(text);
}

/** @throws {Problem} If a moment is none. */
function filterOf(query: Query, place: { readonly moment: string } | undefined): LineFilter {
  const moment = (name: "since" | "until"): TimeSpan => {
    const text = query.value(name);
    if (text === undefined) return {};
    const at = logMoment(text);
    if (at === undefined) {
      throw new Problem(400, `${name} is no moment: ${text} (10m, 2026-11-24T06:30:00Z)`);
    }
    return { [name]: at };
  };
  const contains = query.value("contains");
  if (contains !== undefined && /[\0\n]/.test(contains)) {
    throw new Problem(400, "no line contains a NUL or a newline");
  }
  const span = { ...moment("since"), ...moment("until") };
  const since = place === undefined
    ? span.since
    : (logMoment(place.moment) ?? 0) - MOMENT_ERROR_SECONDS;
  return new LineFilter(
    { ...span, ...(since === undefined ? {} : { since }) },
    contains === undefined || contains === "" ? undefined : contains.replace(SPECIAL, "\\$&"),
  );
}

function sourcesOf(tree: ServedTree, name: string, follow: boolean): Sources {
  const all = tree.services();
  const service = all.find((one) => one.name === name);
  if (service === undefined) return oneshotSources(tree, all, name);
  const found = logsOf([service], all);
  if (found.length > 0) return { name, service, found, kept: undefined };
  const kept = new KeptOutput({
    scandir: tree.scandir,
    services: [service],
    everything: false,
    follow,
  });
  return { name, service, found, kept };
}

function oneshotSources(tree: ServedTree, all: readonly NamedService[], name: string): Sources {
  const { oneshots: [oneshot] } = chooseOneshots(tree.scandir, all, [name]);
  if (oneshot === undefined) throw new Problem(404, `there is no service ${name}`);
  const logdir = outputLogdir(oneshot.live, name);
  if (access(`${logdir}/${CURRENT}`, F_OK) < 0) {
    throw new Problem(404, `nothing is kept of what ${name} wrote`);
  }
  return { name, service: undefined, found: [{ label: name, logdir }], kept: undefined };
}

interface Followed {
  readonly reading: LogReading;
  readonly outlet: Outlet;
  readonly stack: DisposableStack;
  tellKept(lines: KeptLines): void;
}

/** After what is held: what is written from now on, and to log directories that come later. */
function goOn(
  asked: Asked,
  sources: Sources,
  { reading, outlet, stack, tellKept }: Followed,
): void {
  const { tree, feed, live, mishaps } = asked;
  const since = unixNow();
  const { hub } = stack.use(live.use(() => outlet.end()));
  reading.follow(hub);
  sources.kept?.follow(hub, tellKept);
  const { service } = sources;
  if (service === undefined) return;
  const look = (): void => {
    reading.lookAgain();
    const all = tree.services();
    for (const found of logsOf([service], all)) {
      if (!reading.has(found.logdir)) {
        reading.join(found, hub, since).catch((error) => mishaps.tell(error));
      }
    }
  };
  const timers = new Map<number, Disposable>();
  stack.defer(() => timers.forEach((timer) => timer[Symbol.dispose]()));
  const soon = (): void => {
    for (const ms of LOOK_MS) {
      timers.get(ms)?.[Symbol.dispose]();
      timers.set(ms, hub.after(ms, () => mishaps.survives(look)));
    }
  };
  stack.use(
    feed.follow({
      onEvent: ({ event }) => {
        if (
          event.directory === service.directory ||
          event.directory.startsWith(`${service.directory}/`)
        ) soon();
      },
      onServices: soon,
      onEnd: () => {},
    }, undefined),
  );
}
