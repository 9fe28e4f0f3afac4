/**
 * Names that nobody else has. Source: s6-portable-utils, doc/s6-uniquename.html; skalibs,
 * sauniquename.c, random_sauniquename_from.c.
 */
import { readableName } from "../core/text/readable_name.ts";
import { formatTai64n } from "../core/time/tain.ts";
import { wallclock } from "../libc/clock.ts";
import { getpid } from "../libc/process.ts";

/** As many as the Web's interface gives at once. */
const RANDOM_CHUNK = 65536;

/** `prefix:TIME:PID:HOST`, and `:` with that many random letters, if any are wanted. */
export function uniqueName(prefix: string, randomLetters: number): string {
  const name = `${prefix}:${formatTai64n(wallclock())}:${getpid()}:${Deno.hostname()}`;
  return randomLetters === 0 ? name : `${name}:${randomName(randomLetters)}`;
}

/** So many random letters. */
export function randomName(length: number): string {
  let name = "";
  for (let left = length; left > 0; left -= RANDOM_CHUNK) {
    name += readableName(crypto.getRandomValues(new Uint8Array(Math.min(left, RANDOM_CHUNK))));
  }
  return name;
}
