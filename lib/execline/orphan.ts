/**
 * The process that starts a block as an orphan: it tells the pid, or `-errno`, on a descriptor, and
 * ends.
 */
import { encodePath } from "../core/text/path_bytes.ts";
import { writeAll } from "../libc/file.ts";
import type { Link, LinkResult } from "./link.ts";

export const orphanStarter: Link = {
  nature: "process",
  allOperands: true,
  async run({ state, words, start }): Promise<LinkResult> {
    const number = Number(words.first);
    const pid = await start(words.slice(1), (block) => block.fds.close(number));
    writeAll(state.fd(number), encodePath(String(pid)), "tell a pid");
    return 0;
  },
};
