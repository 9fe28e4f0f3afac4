/**
 * Changes a few bytes in a copy of a foreign file, but only if the surrounding bytes are as
 * expected and occur as often as expected. Pure.
 */
import { Fatal } from "../fatal.ts";

export interface BytePatch {
  /** What the file does at these places, for the message: `looks for LD_ variables`. */
  readonly does: string;
  /** The bytes to search for; undefined stands for any byte. */
  readonly pattern: readonly (number | undefined)[];
  /** How often they must occur. */
  readonly count: number;
  /** The position in the pattern where the new bytes go. */
  readonly at: number;
  readonly bytes: readonly number[];
}

/** Text as the bytes of a pattern. `\0` ends a C string. */
export function patternOf(text: string): number[] {
  return Array.from(new TextEncoder().encode(text));
}

function placesOf(pattern: BytePatch["pattern"], file: Uint8Array): number[] {
  const first = pattern[0]!;
  const places: number[] = [];
  for (let at = file.indexOf(first); at >= 0; at = file.indexOf(first, at + 1)) {
    if (pattern.every((byte, i) => byte === undefined || file[at + i] === byte)) places.push(at);
  }
  return places;
}

/**
 * A copy of `file` with all patches made.
 *
 * @param what The file, for the message
 * @throws {Fatal} If a pattern does not occur as often as expected, because the file was compiled
 *   differently.
 */
export function withPatches(
  what: string,
  file: Uint8Array<ArrayBuffer>,
  patches: readonly BytePatch[],
): Uint8Array<ArrayBuffer> {
  const patched = file.slice();
  for (const { does, pattern, count, at, bytes } of patches) {
    const places = placesOf(pattern, file);
    if (places.length !== count) {
      throw new Fatal(
        `${what} ${does} in ${places.length} places instead of ${count}; build on Debian 12, whose C library is known`,
      );
    }
    for (const place of places) patched.set(bytes, place + at);
  }
  return patched;
}
