/**
 * The moments that stand before lines, read from one line after the other. Lines of the same
 * second, which most are, cost the comparison of the bytes that say so.
 */
import { stampOf } from "../logdir/core/log_stamp.ts";
import { tainToUnix } from "../core/time/tain.ts";
import { unixTime } from "../libc/clock.ts";

const AT_SIGN = 64;
const BLANK = 32;
/** The bytes of a stamp that tell its second: `@` and 16 digits, or `YYYY-MM-DD HH:MM:SS`. */
const TAI64N_SECOND = 17;
const DATE_SECOND = 19;
const TAI64N_LENGTH = 25;
const S6_DATE_LENGTH = 29;
const ZERO = 48;
const LETTER_A = 97;

export class StampReader {
  /** Of the stamp that was read last. */
  #second = new Uint8Array(0);
  #seconds = 0;
  /** Unix seconds of the last stamp; meaningless after `read` has returned 0. */
  at = 0;

  /** How many bytes of the line are a stamp, with the blanks after it; 0 if it has none. */
  read(line: Uint8Array): number {
    if (this.#isSameSecond(line)) {
      const length = line[0] === AT_SIGN
        ? this.#readTai64nFraction(line)
        : this.#readDateFraction(line);
      if (length > 0) return length;
    }
    const stamp = stampOf(line);
    if (stamp === undefined) return 0;
    const tai64n = stamp.kind === "tai64n";
    this.#second = line.slice(0, tai64n ? TAI64N_SECOND : DATE_SECOND);
    this.#seconds = Number(tai64n ? tainToUnix(stamp.time).seconds : unixTime(stamp.time));
    this.at = this.#seconds + (tai64n ? stamp.time.nano : stamp.nano) / 1e9;
    return stamp.length;
  }

  #isSameSecond(line: Uint8Array): boolean {
    const known = this.#second;
    if (known.length === 0 || line.length < known.length) return false;
    // what differs most often comes last
    for (let i = known.length - 1; i >= 0; i--) if (line[i] !== known[i]) return false;
    return true;
  }

  /** 0 if it is not exactly the form of s6-log; then the slow way decides. */
  #readTai64nFraction(line: Uint8Array): number {
    if (line.length < TAI64N_LENGTH) return 0;
    let nano = 0;
    for (let i = TAI64N_SECOND; i < TAI64N_LENGTH; i++) {
      const byte = line[i]!;
      const digit = byte < LETTER_A ? byte - ZERO : byte - LETTER_A + 10;
      if (digit < 0 || digit > 15 || (byte < LETTER_A && digit > 9)) return 0;
      nano = nano * 16 + digit;
    }
    this.at = this.#seconds + nano / 1e9;
    return line[TAI64N_LENGTH] === BLANK ? TAI64N_LENGTH + 1 : TAI64N_LENGTH;
  }

  /** 0 if it is not exactly the form of s6-log: nine digits, two blanks. */
  #readDateFraction(line: Uint8Array): number {
    if (line[S6_DATE_LENGTH] !== BLANK || line[S6_DATE_LENGTH + 1] !== BLANK) return 0;
    let nano = 0;
    for (let i = DATE_SECOND + 1; i < S6_DATE_LENGTH; i++) {
      const digit = line[i]! - ZERO;
      if (digit < 0 || digit > 9) return 0;
      nano = nano * 10 + digit;
    }
    this.at = this.#seconds + nano / 1e9;
    return S6_DATE_LENGTH + 2;
  }
}
