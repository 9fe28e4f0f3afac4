/**
 * Bytes with mistakes in them, of the kinds that are made by hand, by a broken disk and by an
 * enemy.
 */
import type { Dice } from "./dice.ts";

const NUMBERS = [
  "0",
  "-1",
  "00",
  "255",
  "256",
  "65536",
  "2147483648",
  "4294967296",
  "9223372036854775808",
  "99999999999999999999",
  "1e9",
  "0x7f",
  "NaN",
];
const LONG = [300, 4097, 70_000];

const encoder = new TextEncoder();

function spliced(
  bytes: Uint8Array<ArrayBuffer>,
  at: number,
  gone: number,
  come: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(bytes.length - gone + come.length);
  result.set(bytes.subarray(0, at));
  result.set(come, at);
  result.set(bytes.subarray(at + gone), at + come.length);
  return result;
}

/** Where a number stands, and how long it is; undefined if there is none. */
function numberIn(
  bytes: Uint8Array,
  dice: Dice,
): readonly [at: number, length: number] | undefined {
  const text = new TextDecoder("latin1").decode(bytes);
  const found = [...text.matchAll(/\d+/g)];
  if (found.length === 0) return undefined;
  const { index, 0: digits } = dice.pick(found);
  return [index, digits.length];
}

function mutatedOnce(
  bytes: Uint8Array<ArrayBuffer>,
  dice: Dice,
  words: readonly string[],
): Uint8Array<ArrayBuffer> {
  const at = dice.below(bytes.length + 1);
  const length = Math.min(bytes.length - at, 1 + dice.below(8));
  switch (dice.below(9)) {
    case 0: // a bit
      return bytes.map((byte, index) => index === at ? byte ^ (1 << dice.below(8)) : byte);
    case 1:
      return spliced(bytes, at, length, new Uint8Array());
    case 2:
      return spliced(bytes, at, 0, dice.bytes(1 + dice.below(4)));
    case 3:
      return spliced(bytes, at, 0, encoder.encode(dice.pick(words)));
    case 4: // once more, elsewhere
      return spliced(bytes, at, 0, bytes.slice(dice.below(bytes.length + 1)).subarray(0, 64));
    case 5:
      return bytes.slice(0, at);
    case 6: {
      const [start, digits] = numberIn(bytes, dice) ?? [at, 0];
      return spliced(bytes, start, digits, encoder.encode(dice.pick(NUMBERS)));
    }
    case 7:
      return spliced(
        bytes,
        at,
        length,
        new Uint8Array(length).fill(dice.pick([0, 0xff, 10, 32, 0x80])),
      );
    default: {
      if (!dice.onceIn(6)) {
        return spliced(
          bytes,
          at,
          0,
          encoder.encode(dice.pick(["\r\n", "\n\n", "\t", "\0", "\ufeff"])),
        );
      }
      return spliced(bytes, at, 0, new Uint8Array(dice.pick(LONG)).fill(bytes[at] ?? 97));
    }
  }
}

/** `bytes` with one to four mistakes. @param words Words that mean something there. */
export function mutated(
  bytes: Uint8Array<ArrayBuffer>,
  dice: Dice,
  words: readonly string[] = [" "],
): Uint8Array<ArrayBuffer> {
  let result = bytes;
  for (let count = 1 + dice.below(4); count > 0; count--) result = mutatedOnce(result, dice, words);
  return result;
}

export function mutatedText(
  text: string,
  dice: Dice,
  words?: readonly string[],
): Uint8Array<ArrayBuffer> {
  return mutated(encoder.encode(text), dice, words);
}
