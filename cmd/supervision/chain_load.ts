/** The last step of a command that prepares something and then becomes another program. */
import { strerror } from "../../lib/core/linux/errno.ts";
import { execFailureCode, execInto } from "../../lib/libc/exec.ts";
import { Failure } from "../context.ts";

/**
 * Becomes the program `argv[0]`. Does not return.
 *
 * @throws {Failure} If it can't be executed: 127 if it was not found, else 126.
 */
export function chainLoad(argv: readonly string[]): never {
  const errno = -execInto(argv);
  throw new Failure(execFailureCode(errno), `unable to exec ${argv[0] ?? ""}: ${strerror(errno)}`);
}
