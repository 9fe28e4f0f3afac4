/**
 * The block in the arguments of s6-svlisten and s6-ftrig-listen. Source: execline,
 * doc/el_semicolon.html.
 */
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { parseUint } from "../../lib/core/linux/config_file.ts";
import { type Block, splitBlock } from "../../lib/execline/core/el_semicolon.ts";
import { variable } from "../../lib/libc/environ.ts";
import { type Context, Failure } from "../context.ts";

/**
 * The block that `argv` begins with, and the program behind it. EXECLINE_STRICT decides what an
 * argument without the leading space is: 0 fine, 1 a warning, 2 an error.
 *
 * @param what What the block holds, for the message.
 * @throws {Failure} If nothing ends the block.
 */
export function leadingBlock(context: Context, argv: readonly string[], what: string): Block {
  const split = splitBlock(argv);
  if (split === undefined) throw new Failure(EXIT_USAGE, `unterminated ${what} block`);
  const strict = parseUint(variable("EXECLINE_STRICT") ?? "0") ?? 0;
  for (const position of strict === 0 ? [] : split.unquoted) {
    const text = `unquoted argument ${split.block[position]} at block 1 position ${position}`;
    if (strict >= 2) throw new Failure(EXIT_USAGE, text);
    context.warn(text);
  }
  return split;
}
