/** The value of -d of the commands that quote, and of those that undo it. */
import { encodePath } from "../../lib/core/text/path_bytes.ts";

const DOUBLE_QUOTE = '"';

/** Its bytes; a double quote if it is not given. */
export function delimitersOf(given: string | undefined): Uint8Array<ArrayBuffer> {
  return encodePath(given ?? DOUBLE_QUOTE);
}
