/**
 * The protocol between s6-rc, its companions and the supervising process. A message is JSON in one
 * or more packets. The first byte of a packet says whether more of the message follows.
 *
 * Requests are not trusted: their size is limited, and one that does not have the right form is
 * refused. Pure.
 */
import type { Line } from "./engine_state.ts";
import type { Conversion } from "./update_plan.ts";

export const VERSION = 1;
/** The most bytes of a message. */
export const MAX_MESSAGE = 1 << 20;
/** The most bytes of a packet, its first byte included. */
const MAX_PIECE = 32_768;
const LAST = 0x2e; // .
const MORE = 0x2b; // +

export interface ChangeCommand {
  readonly command: "change";
  /** The live folder's path as the user gave it, for messages. */
  readonly live: string;
  readonly direction: "up" | "down";
  readonly names: readonly string[];
  /** -a. */
  readonly all: boolean;
  readonly forced: boolean;
  readonly prune: boolean;
  readonly timeoutMs: number;
  readonly verbosity: number;
}

export interface ReloadCommand {
  readonly command: "reload";
  readonly live: string;
  readonly names: readonly string[];
  readonly all: boolean;
  readonly timeoutMs: number;
  readonly verbosity: number;
}

/** The client got a signal. */
export interface CancelCommand {
  readonly command: "cancel";
  readonly signal: "TERM" | "INT";
}

/** Adopt a live folder that has been made. */
export interface AdoptCommand {
  readonly command: "adopt";
  /** Absolute paths. */
  readonly live: string;
  readonly timeoutMs: number;
}

/** Switch the services to another database. */
export interface UpdateCommand {
  readonly command: "update";
  readonly live: string;
  /** Absolute path of the compiled database. */
  readonly database: string;
  readonly conversions: readonly Conversion[];
  readonly forced: boolean;
  /** Wait until nothing is being changed. */
  readonly block: boolean;
  readonly timeoutMs: number;
  readonly verbosity: number;
}

/** Read the sources again and make the services match them. */
export interface ApplyCommand {
  readonly command: "apply";
  readonly live: string;
  /** Only show the difference. */
  readonly dryRun: boolean;
  readonly timeoutMs: number;
  readonly verbosity: number;
}

/** Stop services and all that need them, then start again what was up. */
export interface RestartCommand {
  readonly command: "restart";
  readonly live: string;
  readonly names: readonly string[];
  readonly timeoutMs: number;
  readonly verbosity: number;
}

export type Request =
  | ChangeCommand
  | ReloadCommand
  | CancelCommand
  | AdoptCommand
  | UpdateCommand
  | ApplyCommand
  | RestartCommand;

export type Answer =
  | { readonly kind: "line"; readonly line: Line }
  /** What is going to happen, for the client to show. */
  | { readonly kind: "document"; readonly document: unknown }
  /** The last answer. */
  | { readonly kind: "end"; readonly code: number };

type Fields = Readonly<Record<string, unknown>>;

function isText(value: unknown): value is string {
  return typeof value === "string" && !value.includes("\0");
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 0xffffffff;
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isText);
}

function isConversions(value: unknown): value is Conversion[] {
  return Array.isArray(value) &&
    value.every((each: Fields | null) =>
      typeof each === "object" && each !== null && isText(each.old) && isFlag(each.restart) &&
      (each.new === undefined || isText(each.new))
    );
}

function isFlag(value: unknown): value is boolean {
  return typeof value === "boolean";
}

/** What each field of a command must be. */
const FORMS: Readonly<
  Record<Request["command"], Readonly<Record<string, (value: unknown) => boolean>>>
> = {
  change: {
    direction: (value) => value === "up" || value === "down",
    live: isText,
    names: isNames,
    all: isFlag,
    forced: isFlag,
    prune: isFlag,
    timeoutMs: isCount,
    verbosity: isCount,
  },
  reload: { live: isText, names: isNames, all: isFlag, timeoutMs: isCount, verbosity: isCount },
  cancel: { signal: (value) => value === "TERM" || value === "INT" },
  adopt: { live: isText, timeoutMs: isCount },
  apply: { live: isText, dryRun: isFlag, timeoutMs: isCount, verbosity: isCount },
  restart: { live: isText, names: isNames, timeoutMs: isCount, verbosity: isCount },
  update: {
    live: isText,
    database: isText,
    conversions: isConversions,
    forced: isFlag,
    block: isFlag,
    timeoutMs: isCount,
    verbosity: isCount,
  },
};

/** @throws {SyntaxError} If it is not a known request. */
export function parseRequest(text: string): Request {
  const fields = JSON.parse(text) as Fields | null;
  if (typeof fields !== "object" || fields === null) {
    throw new SyntaxError("a request must be an object");
  }
  if (fields.version !== VERSION) {
    throw new SyntaxError(
      `the other side speaks version ${fields.version}, not ${VERSION}: restart s6-svscan, or use its s6-rc`,
    );
  }
  const { command } = fields;
  if (typeof command !== "string" || !Object.hasOwn(FORMS, command)) {
    throw new SyntaxError(`unknown request: ${String(command).slice(0, 40)}`);
  }
  for (const [name, isRight] of Object.entries(FORMS[command as Request["command"]])) {
    if (!isRight(fields[name])) throw new SyntaxError(`invalid ${name} in a request`);
  }
  return fields as unknown as Request;
}

export function requestText(request: Request): string {
  return JSON.stringify({ version: VERSION, ...request });
}

/** @throws {SyntaxError} If it is not an answer. */
export function parseAnswer(text: string): Answer {
  const fields = JSON.parse(text) as Fields | null;
  if (fields?.kind === "end" && isCount(fields.code)) return { kind: "end", code: fields.code };
  if (fields?.kind === "line" && typeof fields.line === "object") {
    return fields as unknown as Answer;
  }
  if (fields?.kind === "document") return { kind: "document", document: fields.document };
  throw new SyntaxError("this is no answer of hexad");
}

export function packetsOf(text: string): Uint8Array<ArrayBuffer>[] {
  const bytes = new TextEncoder().encode(text); // JSON escapes lone surrogates
  const packets: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 0; at === 0 || at < bytes.length; at += MAX_PIECE - 1) {
    const piece = bytes.subarray(at, at + MAX_PIECE - 1);
    const packet = new Uint8Array(piece.length + 1);
    packet[0] = at + piece.length < bytes.length ? MORE : LAST;
    packet.set(piece, 1);
    packets.push(packet);
  }
  return packets;
}

/** Joins packets into messages. */
export class Assembler {
  #pieces: Uint8Array[] = [];
  #size = 0;

  /**
   * Returns the message that this packet completes; undefined if more follows. @throws
   * {SyntaxError} If it is too long or malformed.
   */
  add(packet: Uint8Array): string | undefined {
    const kind = packet[0];
    if (kind !== MORE && kind !== LAST) throw new SyntaxError("a packet is not of the form");
    this.#size += packet.length - 1;
    if (this.#size > MAX_MESSAGE) {
      throw new SyntaxError(`a request is longer than ${MAX_MESSAGE} bytes`);
    }
    this.#pieces.push(packet.slice(1));
    if (kind === MORE) return undefined;
    const bytes = new Uint8Array(this.#size);
    let at = 0;
    for (const piece of this.#pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    this.#pieces = [];
    this.#size = 0;
    return new TextDecoder().decode(bytes);
  }
}
