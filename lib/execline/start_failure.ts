/**
 * Why a program could not be started, and, for a command that images of C's projects had and hexad
 * does not, what to write instead.
 */
import { insteadOf } from "../core/diagnosis/absent_commands.ts";
import { ENOENT, strerror } from "../core/linux/errno.ts";
import { lastComponent } from "../core/text/path_name.ts";

export function startFailure(
  verb: "exec" | "spawn",
  program: string | undefined,
  errno: number,
): string {
  const text = `unable to ${verb} ${program}: ${strerror(errno)}`;
  if (errno !== ENOENT || program === undefined) return text;
  const instead = insteadOf(program);
  return instead === undefined
    ? text
    : `${text}; hexad has no ${lastComponent(program)}: ${instead}`;
}
