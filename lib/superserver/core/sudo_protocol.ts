/**
 * What s6-sudoc and s6-sudod say to each other: the server a banner; the client a message with its
 * three standard descriptors; the server an error number or 0, and later a wait status of 4 bytes,
 * big-endian. Layout of the message, numbers of 4 bytes, big-endian:
 *
 * - the client's banner
 * - how many arguments, how many variables, their bytes, the variables' bytes
 * - the arguments, then the variables, each with a NUL
 *
 * Source: s6, conn-tools/s6-sudo.h, s6-sudoc.c, s6-sudod.c. Pure.
 */
import { decodePath, encodePath } from "../../core/text/path_bytes.ts";

const encoder = new TextEncoder();
export const SERVER_BANNER: Uint8Array<ArrayBuffer> = encoder.encode("s6-sudo b v1.0\n");
const CLIENT_BANNER = encoder.encode("s6-sudo a v1.0\n");
const NUMBERS_BYTES = 16;
const MOST_STRINGS = 131_072;
/** Twice what the kernel takes for the arguments and the environment of a program. */
export const MOST_REQUEST_BYTES = 12 << 20;

export interface SudoRequest {
  readonly args: readonly string[];
  /** `NAME=value`. */
  readonly env: readonly string[];
}

/** The content of the client's message. */
export function sudoRequest({ args, env }: SudoRequest): Uint8Array<ArrayBuffer> {
  const [argBytes, envBytes] = [args, env].map((strings) =>
    encodePath(strings.map((text) => `${text}\0`).join(""))
  );
  const at = CLIENT_BANNER.length;
  const content = new Uint8Array(at + NUMBERS_BYTES + argBytes!.length + envBytes!.length);
  const view = new DataView(content.buffer);
  content.set(CLIENT_BANNER);
  [args.length, env.length, argBytes!.length, envBytes!.length].forEach((number, i) =>
    view.setUint32(at + 4 * i, number)
  );
  content.set(argBytes!, at + NUMBERS_BYTES);
  content.set(envBytes!, at + NUMBERS_BYTES + argBytes!.length);
  return content;
}

/** What a client asks for; a text says what is wrong with its message. */
export function parseSudoRequest(content: Uint8Array): SudoRequest | string {
  const at = CLIENT_BANNER.length;
  if (content.length < at + NUMBERS_BYTES) return "wrong client message";
  if (!CLIENT_BANNER.every((byte, i) => content[i] === byte)) return "wrong client banner";
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const number = (i: number): number => view.getUint32(at + 4 * i);
  const [args, env, argBytes, envBytes] = [number(0), number(1), number(2), number(3)];
  const from = at + NUMBERS_BYTES;
  if (from + argBytes + envBytes !== content.length) return "wrong client argc/envlen";
  if (args > MOST_STRINGS || env > MOST_STRINGS) return "too many args/envvars from client";
  const argStrings = stringsIn(content.subarray(from, from + argBytes), args);
  if (argStrings === undefined) return "wrong arguments from client";
  const envStrings = stringsIn(content.subarray(from + argBytes), env);
  if (envStrings === undefined || !envStrings.every((text) => text.includes("="))) {
    return "bad environment from client";
  }
  return { args: argStrings, env: envStrings };
}

/** So many strings, each with a NUL; undefined if these bytes are not that. */
function stringsIn(bytes: Uint8Array, count: number): readonly string[] | undefined {
  const strings = decodePath(bytes).split("\0");
  return strings.pop() === "" && strings.length === count ? strings : undefined;
}

/**
 * The environment of the program: the server's, in which variables that are there and empty have
 * the client's values.
 */
export function sudoEnvironment(
  own: ReadonlyMap<string, string>,
  clients: readonly string[],
): Map<string, string> {
  const env = new Map(own);
  for (const text of clients) {
    const equals = text.indexOf("=");
    const name = text.slice(0, equals);
    if (own.get(name) === "") env.set(name, text.slice(equals + 1));
  }
  return env;
}
