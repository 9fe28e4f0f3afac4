/**
 * foreground, background, runblock's relatives that run one block. Source: execline,
 * doc/foreground.html, doc/background.html.
 */
import { ENOENT } from "../core/linux/errno.ts";
import type { Words } from "./core/words.ts";
import { BlockReader } from "./blocks.ts";
import { fullStatus, startedPid } from "./child_status.ts";
import type { Call, Link, LinkResult, Next } from "./link.ts";
import { startFailure } from "./start_failure.ts";

/**
 * Runs `block`, then goes on with `rest`; `$?` tells how the block has ended. Source:
 * libexecline/el_execsequence.c.
 */
export async function runThen(call: Call, block: Words, rest: Words): Promise<Next> {
  const ending = await call.run(block);
  if ("errno" in ending) call.warn(startFailure("spawn", block.first, ending.errno));
  const status = "wstat" in ending ? fullStatus(ending.wstat) : ending.errno === ENOENT ? 127 : 126;
  call.state.env.set("?", String(status));
  return { words: rest };
}

/** foreground { block } prog... */
export const foreground: Link = {
  nature: "waits",
  allOperands: true,
  run(call): Promise<Next> {
    const { block, rest } = new BlockReader(call).take(call.words);
    return runThen(call, block, rest);
  },
};

/** background [ -d ] { block } prog... */
export const background: Link = {
  nature: "process",
  async run(call): Promise<LinkResult> {
    const { block, rest } = new BlockReader(call).takeNonEmpty(call.words);
    const orphan = call.flag("d") && rest.length > 0;
    const pid = startedPid(
      await (orphan ? call.startOrphan(block) : call.start(block)),
      block.first,
    );
    if (rest.length === 0) return 0;
    call.state.env.set("!", String(pid));
    return { words: rest };
  },
};
