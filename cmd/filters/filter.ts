/**
 * Standard input to standard output, line by line: what the filters of the portable utilities have
 * in common.
 */
import { eachLine, standardInput } from "../../lib/files/input.ts";
import { Output } from "../../lib/files/output.ts";
import type { Context } from "../context.ts";

/** Makes something of a line, which comes without its end and may lack one if it is the last. */
export type LineVisitor = (line: Uint8Array<ArrayBuffer>, ended: boolean, output: Output) => void;

/**
 * Runs until the end of input. What was made of all lines that are there goes out before more are
 * waited for.
 *
 * @throws {BrokenPipe | SyscallError} If standard input can't be read, or standard output not
 *   written.
 */
export function filterEachLine(context: Context, visit: LineVisitor): void {
  const output = new Output(context.stdout);
  eachLine(standardInput(context.stdin), (line, ended) => visit(line, ended, output), {
    beforeRead: () => output.flush(),
  });
  output.flush();
}
