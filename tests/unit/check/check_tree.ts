/** hexad check on a test's directory. */
import { knownCommands } from "../../../cmd/hexad/known_commands.ts";
import { type Checked, checkOperand } from "../../../lib/check/operand.ts";
import { SYSTEM } from "../../../lib/check/system.ts";
import type { CheckFinding } from "../../../lib/check/core/check_finding.ts";

const known = await knownCommands("");

/** What is found in a directory of a test, seen by root with the usual PATH. */
export function check(operand: string, directory: string, root?: string): Checked {
  return checkOperand(operand, {
    port: SYSTEM,
    known,
    path: [`${directory}/bin`, "/usr/bin", "/bin"],
    user: { name: "root", uid: 0, gids: [0] },
    directory,
    ...(root === undefined ? {} : { root }),
  });
}

/** `file:line severity id`. */
export function place({ file, line, severity, id }: CheckFinding): string {
  return `${file}${line === undefined ? "" : `:${line}`} ${severity} ${id}`;
}
