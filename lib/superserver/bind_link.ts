/**
 * s6-ipcserver-socketbinder and s6-ipcserver: a Unix socket that listens, as the standard input of
 * the program that follows. Source: s6, doc/s6-ipcserver-socketbinder.html, s6-ipcserver.html,
 * conn-tools/s6-ipcserver-socketbinder.c, s6-ipcserver.c.
 */
import { parseId, parseIdList } from "../core/accounts/id_numbers.ts";
import { type ParsedOption, UsageError } from "../core/cli/getopt.ts";
import { parseMode } from "../core/linux/file_mode.ts";
import { becomeUser } from "../credentials/drop.ts";
import { environmentIds, VARIABLES } from "../credentials/uidgid_links.ts";
import { needWords, parseNumber } from "../execline/arguments.ts";
import { type Call, goOn, type Link, type LinkResult } from "../execline/link.ts";
import { checked } from "../libc/bind.ts";
import { listen } from "../libc/socket/socket.ts";
import { boundUnixSocket } from "../libc/socket/stream_server.ts";

/** SOMAXCONN, which is what the kernel lets wait at most. */
const MOST_WAITING = 4096;
const MOST_WAITING_ALLOWED = 0x7fffffff;
const EVERYBODY = 0o777;
const STDIN = 0;

export interface ListenerRequest {
  readonly datagram: boolean;
  readonly blocking: boolean;
  readonly reuse: boolean;
  readonly mode: number;
  /** 0: it does not listen. */
  readonly backlog: number;
}

const DEFAULTS: ListenerRequest = {
  datagram: false,
  blocking: false,
  reuse: true,
  mode: EVERYBODY,
  backlog: MOST_WAITING,
};

/** What the options of both commands change. */
function withListenerOption(
  request: ListenerRequest,
  { name, value }: ParsedOption,
): ListenerRequest {
  switch (name) {
    case "D":
      return { ...request, reuse: false };
    case "d":
      return { ...request, reuse: true };
    case "M":
      return { ...request, datagram: false };
    case "m":
      return { ...request, datagram: true };
    case "B":
      return { ...request, blocking: true };
    case "b":
      return { ...request, backlog: Math.min(parseNumber("backlog", value), MOST_WAITING_ALLOWED) };
    case "a":
      return { ...request, mode: permissions(value) };
    default:
      return request;
  }
}

function permissions(text: string): number {
  const mode = parseMode(text);
  if (mode === undefined) throw new UsageError(`invalid permissions: ${text}`);
  return mode & EVERYBODY;
}

/** The listener that the options ask for. @throws {UsageError} If one of them is wrong. */
export function listenerOf(options: readonly ParsedOption[]): ListenerRequest {
  return options.reduce(withListenerOption, DEFAULTS);
}

/** Makes the chain's standard input a socket with that name. */
export function bindStdin(call: Call, path: string, request: ListenerRequest): void {
  const fd = boundUnixSocket({ path, ...request });
  checked("make it the standard input", call.state.fds.put(STDIN, fd));
  if (request.backlog > 0) checked(`listen to ${path}`, listen(fd, request.backlog));
}

/** s6-ipcserver-socketbinder [ -d | -D ] [ -b backlog ] [ -M | -m ] [ -a perms ] [ -B ] path prog... */
export const socketbinder: Link = {
  nature: "state",
  run(call): LinkResult {
    const { options, words } = call;
    const request = listenerOf(options);
    needWords(words, 2, "a path and a program are");
    bindStdin(call, words.first!, request);
    return goOn(words.slice(1));
  },
};

/** The command that accepts connections. */
const SERVER = "s6-ipcserverd";

/**
 * s6-ipcserver [ -1 ] [ -q | -Q | -v ] [ -d | -D ] [ -P | -p ] [ -a perms ] [ -c maxconn ]
 * [ -C localmaxconn ] [ -b backlog ] [ -G gidlist ] [ -g gid ] [ -u uid ] [ -U ] path prog...
 */
export const ipcserver: Link = {
  nature: "process",
  run(call): LinkResult {
    const { options, words, flag, value, last } = call;
    const request = listenerOf(options);
    const limits = ["c", "C"].flatMap((letter) => {
      const text = value(letter);
      if (text === undefined) return [];
      return [`-${letter}`, String(Math.max(parseNumber("number of connections", text), 1))];
    });
    const ids = idsOf(options);
    needWords(words, 2, "a path and a program are");
    bindStdin(call, words.first!, { ...request, backlog: Math.max(request.backlog, 1) });
    becomeServer(call, ids);
    const server = [
      SERVER,
      `-v${{ q: 0, Q: 1, v: 2 }[last("q", "Q", "v") ?? "Q"]}`,
      ...(flag("1") ? ["-1"] : []),
      ...(last("P", "p") === "P" ? ["-P"] : []),
      ...limits,
      "--",
    ];
    return { words: words.slice(1).behind(...server), own: SERVER };
  },
};

/** Takes on the ids; those of the environment are then unset. @throws {SyscallError} If it may not. */
export function becomeServer(call: Call, ids: ServerIds): void {
  if (ids !== "environment") becomeUser(ids);
  else {
    becomeUser(environmentIds(call));
    for (const name of VARIABLES) call.state.env.unset(name);
  }
}

interface Ids {
  readonly uid?: number;
  readonly gid?: number;
  readonly gids?: readonly number[];
}

/** Ids, or those that UID, GID and GIDLIST say. */
export type ServerIds = Ids | "environment";

/** Those of the options, or those of the variables, whichever was said last. */
export function idsOf(options: readonly ParsedOption[]): ServerIds {
  let ids: ServerIds = {};
  for (const { name, value } of options) {
    const before: Ids = ids === "environment" ? {} : ids;
    if (name === "u") ids = { ...before, uid: idFrom(value) };
    else if (name === "g") ids = { ...before, gid: idFrom(value) };
    else if (name === "G") ids = { ...before, gids: idListFrom(value) };
    else if (name === "U") ids = "environment";
  }
  return ids;
}

function idFrom(text: string): number {
  const id = parseId(text);
  if (id === undefined) throw new UsageError(`invalid id: ${text}`);
  return id;
}

function idListFrom(text: string): readonly number[] {
  const ids = parseIdList(text);
  if (ids === undefined) throw new UsageError(`invalid list of groups: ${text}`);
  return ids;
}
