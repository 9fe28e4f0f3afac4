/** What `hexad check` and those who ask it need to know of this process. */
import type { CheckOptions } from "../../lib/check/operand.ts";
import { SYSTEM } from "../../lib/check/system.ts";
import { canonicalPath } from "../../lib/core/text/path_canonical.ts";
import { workingDirectory } from "../../lib/libc/cwd.ts";
import { ownGroups } from "../../lib/libc/identity.ts";
import { geteuid } from "../../lib/libc/process.ts";
import type { Context } from "../context.ts";
import { knownCommands } from "./known_commands.ts";

const USUAL_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

export async function checkOptions(
  context: Context,
  root: string | undefined,
): Promise<CheckOptions> {
  const path = context.env.get("PATH") ?? USUAL_PATH;
  const directory = workingDirectory();
  const uid = geteuid();
  return {
    port: SYSTEM,
    known: await knownCommands(path),
    path: path.split(":").filter((at) => at.startsWith("/")),
    user: { name: uid === 0 ? "root" : `uid ${uid}`, uid, gids: ownGroups() },
    directory,
    ...(root === undefined
      ? {}
      : { root: canonicalPath(root.startsWith("/") ? root : `${directory}/${root}`, () => {}) }),
  };
}
