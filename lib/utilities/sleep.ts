/**
 * s6-sleep [ -m ] duration [ prog... ]. Source: s6-portable-utils, doc/s6-sleep.html, s6-sleep.c.
 */
import { parseNumber } from "../execline/arguments.ts";
import { goOn, type Link, type LinkResult } from "../execline/link.ts";
import { sleepFor } from "../libc/sleep.ts";

const MS_PER_SECOND = 1000;

export const sleep: Link = {
  nature: "waits",
  run({ flag, words }): LinkResult {
    const duration = parseNumber("duration", words.first);
    sleepFor(flag("m") ? duration : duration * MS_PER_SECOND);
    return goOn(words.slice(1));
  },
};
