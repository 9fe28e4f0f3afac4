/** pipeline: two programs with a pipe between them. Source: execline, doc/pipeline.html. */
import { EXIT_SYSTEM, EXIT_USAGE } from "../core/cli/exit_codes.ts";
import { checked } from "../libc/bind.ts";
import { pipe } from "../libc/fd.ts";
import { BlockReader } from "./blocks.ts";
import { goOn, type Link, type LinkResult } from "./link.ts";
import { LinkFailure } from "./link_failure.ts";
import type { State } from "./state.ts";
import { startFailure } from "./start_failure.ts";

/** pipeline [ -d ] [ -r | -w ] { block } prog... */
export const pipeline: Link = {
  nature: "process",
  async run(call): Promise<LinkResult> {
    const { block, rest } = new BlockReader(call).takeNonEmpty(call.words);
    if (rest.length === 0) throw new LinkFailure(EXIT_USAGE, "empty remainder");
    const { readFd, writeFd } = pipe();
    // the block writes and we read; with -w it is the other way round
    const own = call.last("r", "w") === "w" ? 1 : 0;
    const [ownFd, blockFd] = own === 1 ? [writeFd, readFd] : [readFd, writeFd];
    const prepare = (guest: State): void => void guest.fds.put(1 - own, blockFd);
    const pid =
      await (call.flag("d") ? call.startOrphan(block, prepare) : call.start(block, prepare));
    if (pid < 0) {
      throw new LinkFailure(EXIT_SYSTEM, startFailure("spawn", block.first, -pid));
    }
    checked("fd_move", call.state.fds.put(own, ownFd));
    call.state.env.set("!", String(pid));
    return goOn(rest);
  },
};
