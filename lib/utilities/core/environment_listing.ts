/**
 * The environment as s6-printenv prints it. Source: s6-portable-utils, doc/s6-printenv.html,
 * s6-printenv.c; cr.yp.to/proto/netstrings.txt. Pure.
 */
import { encodePath } from "../../core/text/path_bytes.ts";

const COMMA = 0x2c;

export interface ListingForm {
  /** The byte after each variable; undefined for netstrings, `7:TZ=UTC0,`. */
  readonly delimiter: number | undefined;
  /** Whether it also follows the last one. */
  readonly atEnd: boolean;
}

/** The strings `NAME=value` of an environment, in their order. */
export function environmentListing(
  env: readonly string[],
  { delimiter, atEnd }: ListingForm,
): Uint8Array<ArrayBuffer> {
  const strings = env.map(encodePath);
  const parts = strings.flatMap((string, i) => {
    if (delimiter === undefined) {
      return [encodePath(`${string.length}:`), string, Uint8Array.of(COMMA)];
    }
    return atEnd || i + 1 < strings.length ? [string, Uint8Array.of(delimiter)] : [string];
  });
  const listing = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    listing.set(part, at);
    at += part.length;
  }
  return listing;
}
