/**
 * s6-softlimit: limits for the program that a chain ends in.
 *
 * Raised at once, lowered in the last moment, right before the exec: a limit on memory, descriptors
 * or time that is meant for a small program would end the runtime in which the rest of the chain
 * runs. Source: s6, doc/s6-softlimit.html, daemontools-extras/s6-softlimit.c.
 */
import { UsageError } from "../core/cli/getopt.ts";
import {
  changedLimits,
  type LimitKinds,
  RESOURCES,
  withoutLowering,
} from "../core/linux/resource_limits.ts";
import { needWords } from "../execline/arguments.ts";
import { goOn, type Link, type LinkResult } from "../execline/link.ts";
import type { State } from "../execline/state.ts";
import { resourceLimits, setResourceLimits } from "../libc/resource_limit.ts";

/**
 * Limits what the letter `name` stands for, for the program at the end of the chain. False if `value`
 * is neither a number nor `=`.
 */
export function limit(state: State, name: string, value: string, kinds: LimitKinds): boolean {
  for (const resource of RESOURCES[name]!) {
    const now = resourceLimits(resource);
    const limits = changedLimits(state.limits.get(resource.number)?.limits ?? now, value, kinds);
    if (limits === undefined) return false;
    const raised = withoutLowering(now, limits);
    if (raised.soft !== now.soft || raised.hard !== now.hard) {
      setResourceLimits({ resource, limits: raised });
    }
    state.limits.set(resource.number, { resource, limits });
  }
  return true;
}

/** s6-softlimit [ -H | -h ] [ -a mem ] [ -c size ] ... prog... */
export const softlimit: Link = {
  nature: "process",
  run({ state, options, words }): LinkResult {
    let kinds: LimitKinds = { soft: true, hard: false };
    for (const { name, value } of options) {
      if (name === "H" || name === "h") {
        kinds = { soft: name === "H", hard: true };
        continue;
      }
      if (!limit(state, name, value, kinds)) {
        throw new UsageError(`option -${name} takes a number or =, not ${value}`);
      }
    }
    needWords(words, 1, "a program is");
    return goOn(words);
  },
};
