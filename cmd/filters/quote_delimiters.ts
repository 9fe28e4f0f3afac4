/** The option -d of the commands that quote, and of those that undo it. */
import type { ParsedOption } from "../../lib/core/cli/getopt.ts";
import { encodePath } from "../../lib/core/text/path_bytes.ts";

const DOUBLE_QUOTE = '"';

/** Its bytes; a double quote if it is not given. */
export function delimitersOf(options: readonly ParsedOption[]): Uint8Array<ArrayBuffer> {
  return encodePath(options.findLast(({ name }) => name === "d")?.value ?? DOUBLE_QUOTE);
}
