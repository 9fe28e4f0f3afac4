/**
 * Names of the FIFOs in a fifodir: `ftrig1:@<24 hex digits>:<6 characters>`, 39 bytes.
 *
 * A subscriber makes its FIFO under the same name with a dot in front and renames it when it is
 * ready to read; a notifier writes to every entry that `isFtrigName` accepts and to no other.
 * Source: s6, libs6/s6-ftrigrd.c, libs6/ftrigw_notifyb_nosig.c. Pure.
 */

import { encodePath } from "../../core/text/path_bytes.ts";
import { formatTai64n, type Tain } from "../../core/time/tain.ts";

/** What the names begin with. */
export const FTRIG_PREFIX = "ftrig1:";

const NAME_BYTES = 39;
const SUFFIX_BYTES = 6;

/**
 * Whether an entry of a fifodir is a subscriber's FIFO. Like C, this looks at the start and the
 * length only.
 */
export function isFtrigName(name: string): boolean {
  return name.startsWith(`${FTRIG_PREFIX}@`) && encodePath(name).length === NAME_BYTES;
}

/**
 * The name of a subscriber's FIFO.
 *
 * @param suffix 6 random characters
 * @throws {RangeError} If the suffix is not 6 bytes long: no notifier would find the FIFO.
 */
export function ftrigName(stamp: Tain, suffix: string): string {
  if (encodePath(suffix).length !== SUFFIX_BYTES) {
    throw new RangeError(`the end of a ftrig name is ${SUFFIX_BYTES} bytes: "${suffix}"`);
  }
  return `${FTRIG_PREFIX}${formatTai64n(stamp)}:${suffix}`;
}
