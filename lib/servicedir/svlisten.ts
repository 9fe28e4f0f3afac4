/**
 * s6-svlisten, s6-svlisten1: listening to services, then running a program, then waiting for the
 * services' state. The program is a child; the process that waits is the one that the chain was.
 * Source: s6, doc/s6-svlisten.html, doc/s6-svlisten1.html, supervision/s6-svlisten.c,
 * s6-svlisten1.c.
 */
import { needWords } from "../execline/arguments.ts";
import { BlockReader } from "../execline/blocks.ts";
import { goOn, type Link, type LinkResult } from "../execline/link.ts";
import { LinkFailure } from "../execline/link_failure.ts";
import { startChildOfLink } from "./child_of_link.ts";
import { TIMED_OUT, waitFailureText, waitForServices } from "./wait.ts";
import { wantedState } from "./wanted_state.ts";

/**
 * s6-svlisten [ -U | -u | -d | -D | -r | -R ] [ -a | -o ] [ -t timeout ] { servicedir... } prog...
 */
export const svlisten: Link = {
  nature: "process",
  async run(call): Promise<LinkResult> {
    const { wanted, any, timeoutMs } = wantedState(call);
    needWords(call.words, 3, "a block of service directories and a program are");
    const { block, rest } = new BlockReader(call).take(call.words, "servicedir block");
    needWords(rest, 1, "a program is");
    if (block.length === 0) return goOn(rest);
    const restart = wanted === "r" || wanted === "R";
    if (any && restart) {
      call.warn(`-o is unsupported when combined with -${wanted} - using -a instead`);
    }
    const onSubscribed = () => startChildOfLink(call, rest);
    const code = await waitForServices(block.texts, {
      wanted,
      any: any && !restart,
      timeoutMs,
      onSubscribed,
    });
    if (code !== 0) throw new LinkFailure(code, waitFailureText(code));
    return 0;
  },
};

/** s6-svlisten1 [ -U | -u | -d | -D | -r | -R ] [ -t timeout ] servicedir prog... */
export const svlisten1: Link = {
  nature: "process",
  async run(call): Promise<LinkResult> {
    const { wanted, timeoutMs } = wantedState(call);
    needWords(call.words, 2, "a service directory and a program are");
    const dir = call.words.first!;
    const onSubscribed = () => startChildOfLink(call, call.words.slice(1));
    const code = await waitForServices([dir], { wanted, any: false, timeoutMs, onSubscribed });
    if (code === TIMED_OUT) throw new LinkFailure(code, waitFailureText(code));
    if (code !== 0) throw new LinkFailure(code, `${dir} failed permanently or its supervisor died`);
    return 0;
  },
};
