/**
 * A line of a log as the container's standard output has it: which service wrote it, as text for
 * people or as a JSON object for programs. Pure.
 */
import { lastComponent } from "../../core/text/path_name.ts";
import { encodePath } from "../../core/text/path_bytes.ts";
import { printable } from "../../core/text/printable.ts";

const LF = 10;

export interface ServiceLineForm {
  readonly service: string;
  /** The number of a terminal's colour; absent: none. */
  readonly colour?: number | undefined;
}

/**
 * What stands before each line: the service's name; the time of day and the name; or neither, since
 * the line is in a JSON object.
 */
export const LINE_PREFIXES = ["name", "time", "json"] as const;

export type OutputForm =
  | { readonly kind: "name" | "json" }
  /** `width`: the cells to which the name is padded. */
  | { readonly kind: "time"; readonly width: number };

export function outputFormNamed(name: string): OutputForm | undefined {
  const kind = LINE_PREFIXES.find((known) => known === name);
  if (kind === undefined) return undefined;
  return kind === "time" ? { kind, width: 0 } : { kind };
}

/**
 * Of the terminal's palette, those that can be read on any background: red to cyan, and the bright
 * ones.
 */
const COLOURS = [32, 33, 34, 35, 36, 92, 93, 94, 95, 96];

/**
 * A colour for each service of a process: mostly the same in every run, and that of no other as
 * long as there are enough.
 */
export class ServiceColours {
  readonly #known = new Map<string, number>();

  of(service: string): number {
    const known = this.#known.get(service);
    if (known !== undefined) return known;
    const taken = new Set(this.#known.values());
    const usual = hashOf(service) % COLOURS.length;
    const inOrder = [...COLOURS.slice(usual), ...COLOURS.slice(0, usual)];
    const colour = inOrder.find((each) => !taken.has(each)) ?? inOrder[0]!;
    this.#known.set(service, colour);
    return colour;
  }
}

function hashOf(service: string): number {
  let hash = 0;
  for (const character of service) hash = (hash * 31 + character.codePointAt(0)!) >>> 0;
  return hash;
}

/**
 * Makes what stands before each line: `web | `, or `01:02:03 web    | `. A name may hold anything: a
 * newline in it must not look like the end of the line.
 *
 * @param timed The time of day and the width of the name, where they are wanted.
 */
export function serviceHead(
  { service, colour }: ServiceLineForm,
  timed?: { readonly time: string; readonly width: number },
): Uint8Array<ArrayBuffer> {
  const name = printable(service);
  const text = timed === undefined ? name : `${timed.time} ${name.padEnd(timed.width)}`;
  if (colour === undefined) return encodePath(`${text} | `);
  return encodePath(`\x1b[${colour}m${text} |\x1b[0m `);
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * `{"time":"...","service":"web","message":"..."}` and a newline. What is not UTF-8 is U+FFFD.
 *
 * @param time ISO 8601. @param line With its newline, which is no part of the message.
 */
export function jsonLine(service: string, time: string, line: Uint8Array): Uint8Array<ArrayBuffer> {
  const end = line[line.length - 1] === LF ? line.length - 1 : line.length;
  const message = decoder.decode(line.subarray(0, end));
  return encoder.encode(`${JSON.stringify({ time, service: service.toWellFormed(), message })}\n`);
}

/**
 * The service whose lines a logger in the directory, or of the name, `path` gets: `web` for
 * `/run/service/web/log`, and for `web-log`, as loggers of s6-rc are called.
 */
export function serviceOfLogger(path: string): string {
  const service = path.replace(/([^/])(?:\/log\/*|-log)$/, "$1");
  return lastComponent(service);
}
