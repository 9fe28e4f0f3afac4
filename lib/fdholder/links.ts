/**
 * The links among the commands of fd-holding. Source: s6, doc/s6-fdholder-daemon.html,
 * s6-fdholder-retrieve.html, s6-fdholder-getdump.html, fdholder/*.c.
 */
import { UsageError } from "../core/cli/getopt.ts";
import type { GivenThese } from "../core/cli/given.ts";
import { formatTai64n } from "../core/time/tain.ts";
import { millisecondsOf, needWords, parseNumber } from "../execline/arguments.ts";
import { type Call, goOn, type Link, type LinkResult } from "../execline/link.ts";
import { checked } from "../libc/bind.ts";
import { wallclock } from "../libc/clock.ts";
import { becomeServer, bindStdin, idsOf, listenerOf } from "../superserver/bind_link.ts";
import { HolderClient } from "./client.ts";
import { isNever } from "./core/store.ts";

/** The command that holds descriptors. */
const SERVER = "s6-fdholderd";
/** Those of its options that take a value and are handed on. */
const HANDED_ON = ["v", "c", "n", "t", "T"] as const;
const LEAST: Readonly<Record<string, number>> = { c: 1, n: 1 };

/**
 * s6-fdholder-daemon [ -1 ] [ -v verbosity ] [ -d | -D ] [ -c maxconn ] [ -n maxfds ]
 * [ -b backlog ] [ -G gidlist ] [ -g gid ] [ -u uid ] [ -U ] [ -t clienttimeout ]
 * [ -T lameducktimeout ] [ -i rulesdir | -x rulesfile ] path
 */
export const daemon: Link = {
  nature: "process",
  run(call): LinkResult {
    const { options, words, flag, value } = call;
    const listener = listenerOf(options);
    const ids = idsOf(options);
    const numbers = HANDED_ON.flatMap((letter) => {
      const text = value(letter);
      if (text === undefined) return [];
      return [`-${letter}`, String(Math.max(parseNumber(`-${letter}`, text), LEAST[letter] ?? 0))];
    });
    const rules = options.findLast(({ name }) => name === "i" || name === "x");
    if (rules === undefined) throw new UsageError("no access rights specified");
    needWords(words, 1, "a path is");
    bindStdin(call, words.first!, listener);
    becomeServer(call, ids);
    const server = [
      SERVER,
      ...(flag("1") ? ["-1"] : []),
      ...numbers,
      `-${rules.name}`,
      rules.value,
      "--",
    ];
    return { words: words.slice(words.length).behind(...server), own: SERVER };
  },
};

/** What `-t` says, in milliseconds; 0 is no limit. @throws {UsageError} If it is no number. */
export function timeoutOf({ value }: Pick<GivenThese<never, "t">, "value">): number {
  return millisecondsOf("timeout", value("t"));
}

/** s6-fdholder-retrieve [ -D ] [ -t timeout ] path id prog... */
export const retrieve: Link = {
  nature: "waits",
  run(call): LinkResult {
    const { words, flag, state } = call;
    const timeoutMs = timeoutOf(call);
    needWords(words, 3, "a path, an identifier and a program are");
    using holder = new HolderClient(words.first!, timeoutMs);
    const fd = holder.retrieve(words.texts[1]!, flag("D"));
    checked("make it the standard input", state.fds.put(0, fd));
    return goOn(words.slice(2));
  },
};

/** s6-fdholder-getdump [ -t timeout ] path prog... */
export const getdump: Link = {
  nature: "waits",
  run(call): LinkResult {
    const { words, state } = call;
    const timeoutMs = timeoutOf(call);
    needWords(words, 2, "a path and a program are");
    using holder = new HolderClient(words.first!, timeoutMs);
    const entries = holder.getDump();
    state.env.set("S6_FD#", String(entries.length));
    const now = wallclock();
    entries.forEach(({ name, fd, limit }, i) => {
      const number = checked(`take descriptor ${name}`, state.fds.add(fd));
      setVariable(call, `S6_FD_${i}`, String(number));
      setVariable(call, `S6_FDID_${i}`, name);
      setVariable(call, `S6_FDLIMIT_${i}`, isNever(limit, now) ? undefined : formatTai64n(limit));
    });
    return goOn(words.slice(1));
  },
};

function setVariable({ state }: Call, name: string, value: string | undefined): void {
  if (value === undefined) state.env.unset(name);
  else state.env.set(name, value);
}
