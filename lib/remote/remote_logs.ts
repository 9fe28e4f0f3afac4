/**
 * Logs of a tree that another `hexad serve` shows: what is held, put in order by time, and then
 * what is written. A connection that breaks off is begun again after the last line that came.
 */
import { encodePath } from "../core/text/path_bytes.ts";
import { formatTai64n } from "../core/time/tain.ts";
import { LineDater, type LineFilter, type LogLine } from "../logreader/line_filter.ts";
import type { LineOrigin } from "../logreader/line_writer.ts";
import { parseIsoTime } from "./core/parse_iso_time.ts";
import { type Query, RemoteError, type RemoteTree, servicePath } from "./served_tree.ts";

/** Between the end of a connection and the next one. */
const RETRY_MS = 1000;
/** So many logs are asked for at a time. */
const AT_ONCE = 8;

export interface RemoteLine {
  readonly origin: LineOrigin;
  readonly line: LogLine;
}

export interface RemoteLogsOptions {
  readonly tree: RemoteTree;
  readonly services: readonly string[];
  readonly filter: LineFilter;
  /** Services were not named: one without a log is no fault. */
  readonly everything: boolean;
  /** Ends the following. */
  readonly signal?: AbortSignal;
  onTrouble(text: string): void;
}

/** One service's log. */
interface Place {
  readonly service: string;
  readonly dater: LineDater;
  /** That of the last line that came. */
  lastId: string | undefined;
  /** A line has come, whether or not it was wanted. */
  isFilled: boolean;
}

export class RemoteLogs {
  readonly #options: RemoteLogsOptions;
  readonly #places: readonly Place[];
  /** How many of the services have a log, and how many a line in it. */
  logs = 0;
  filled = 0;

  constructor(options: RemoteLogsOptions) {
    this.#options = options;
    this.#places = options.services.map((service) => ({
      service,
      dater: new LineDater(0),
      lastId: undefined,
      isFilled: false,
    }));
  }

  /**
   * The last lines of all logs together, the oldest first.
   *
   * @param count Infinity for all
   * @param query What the server selects by
   * @throws {RemoteError} If the tree can't be asked.
   */
  async held(count: number, query: Query): Promise<RemoteLine[]> {
    const found: RemoteLine[] = [];
    for (let from = 0; from < this.#places.length; from += AT_ONCE) {
      const some = this.#places.slice(from, from + AT_ONCE);
      await Promise.all(some.map(async (place) => found.push(...await this.#heldOf(place, query))));
    }
    found.sort((a, b) => a.line.at - b.line.at);
    return count === Infinity ? found : found.slice(Math.max(0, found.length - count));
  }

  async #heldOf(place: Place, query: Query): Promise<RemoteLine[]> {
    const lines: RemoteLine[] = [];
    try {
      await this.#read(place, query, (line) => lines.push(line));
      this.logs++;
      if (place.isFilled) this.filled++;
    } catch (error) {
      if (!(error instanceof RemoteError && error.isAbsent)) throw error;
      if (!this.#options.everything) this.#options.onTrouble(error.message);
    }
    return lines;
  }

  /**
   * After `held`: goes on with what is written, until the signal or the end of the process.
   *
   * @param since The moment from which on logs are followed of which nothing is held
   */
  async follow(since: string, onLine: (line: RemoteLine) => void): Promise<never> {
    await Promise.all(this.#places.map((place) => this.#followOne(place, since, onLine)));
    return await new Promise<never>(() => {}); // each has nothing to follow
  }

  async #followOne(
    place: Place,
    since: string,
    onLine: (line: RemoteLine) => void,
  ): Promise<void> {
    let told = "";
    while (this.#options.signal?.aborted !== true) {
      try {
        await this.#read(
          place,
          { follow: "", ...(place.lastId === undefined ? { since } : {}) },
          (line) => {
            told = "";
            onLine(line);
          },
        );
      } catch (error) {
        if (this.#options.signal?.aborted) return;
        if (!(error instanceof RemoteError)) throw error;
        if (error.isAbsent) return; // it has no log
        if (!error.isPassing) throw error;
        if (told !== error.message) this.#options.onTrouble(`${error.message} (trying again)`);
        told = error.message;
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  async #read(place: Place, query: Query, onLine: (line: RemoteLine) => void): Promise<void> {
    const { tree, filter, signal } = this.#options;
    const { lastId } = place;
    const stream = tree.events(`${servicePath(place.service)}/log`, query, {
      ...(lastId === undefined ? {} : { lastId }),
      ...(signal === undefined ? {} : { signal }),
    });
    for await (const events of stream) {
      for (const { event, id, data } of events) {
        place.lastId = id ?? place.lastId;
        if (event === "message") {
          place.isFilled = true;
          const line = remoteLine(data, place);
          if (line !== undefined && filter.matches(line.line)) onLine(line);
        } else if (event === "trouble" || event === "end") {
          this.#options.onTrouble(`${place.service}: ${textOf(data)}`);
        }
      }
    }
  }
}

function fieldsOf(data: string): Readonly<Record<string, unknown>> {
  try {
    const fields: unknown = JSON.parse(data);
    return typeof fields === "object" && fields !== null ? { ...fields } : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function textOf(data: string): string {
  const { text, reason } = fieldsOf(data);
  const told = text ?? reason;
  return typeof told === "string" ? told : "something has gone wrong there";
}

/** The line as a log directory would have it; undefined if it is none. */
function remoteLine(data: string, { service, dater }: Place): RemoteLine | undefined {
  const { time, text, directory } = fieldsOf(data);
  if (typeof text !== "string") return undefined;
  const stamp = parseIsoTime(time);
  const head = stamp === undefined ? "" : `${formatTai64n(stamp)} `;
  const bytes = encodePath(head + text.replaceAll("\n", " ")) as Uint8Array<ArrayBuffer>;
  return {
    line: dater.date(bytes),
    origin: { label: service, logdir: typeof directory === "string" ? directory : undefined },
  };
}
