/**
 * s6-ipcclient and s6-connlimit: a program that is connected to a server, and one that a server
 * starts only as long as its client has few connections. Source: s6, doc/s6-ipcclient.html,
 * s6-connlimit.html, conn-tools/s6-ipcclient.c, s6-connlimit.c.
 */
import { EXIT_USAGE } from "../core/cli/exit_codes.ts";
import { parseUint } from "../core/linux/config_file.ts";
import { needWords, requireVariable } from "../execline/arguments.ts";
import { type Call, goOn, type Link, type LinkResult } from "../execline/link.ts";
import { LinkFailure } from "../execline/link_failure.ts";
import { checked } from "../libc/bind.ts";
import { connectedUnixSocket } from "../libc/socket/stream_server.ts";

const READING = 6;
const WRITING = 7;
const EXIT_TOO_MANY = 1;

/**
 * Connects the chain, as the options say: its descriptors 6 and 7, and the variables that tell of
 * it. @throws {SyscallError} If nobody listens there.
 */
export function connectChain({ state, value, last, info }: Call, path: string): void {
  const ownPath = value("p");
  const fd = connectedUnixSocket(path, { ownPath });
  if (last("q", "Q", "v") === "v") info(`connected to ${path}`);
  checked(`set up descriptor ${READING}`, state.fds.put(READING, fd));
  checked(`set up descriptor ${WRITING}`, state.fds.copy(WRITING, READING));
  state.env.set("PROTO", "IPC");
  state.env.set("IPCLOCALPATH", value("l") ?? ownPath ?? "");
}

/** s6-ipcclient [ -q | -Q | -v ] [ -p bindpath ] [ -l localname ] path prog... */
export const ipcclient: Link = {
  nature: "waits",
  run(call): LinkResult {
    const { words } = call;
    needWords(words, 2, "a path and a program are");
    connectChain(call, words.first!);
    return goOn(words.slice(1));
  },
};

/** s6-connlimit prog... */
export const connlimit: Link = {
  nature: "state",
  run(call): LinkResult {
    const protocol = requireVariable(call, "PROTO");
    if (protocol === "") throw new LinkFailure(EXIT_USAGE, "empty PROTO");
    const count = numberIn(`${protocol}CONNNUM`, requireVariable(call, `${protocol}CONNNUM`));
    const name = `${protocol}CONNMAX`;
    const limit = call.state.env.get(name);
    if (limit !== undefined && count > numberIn(name, limit)) {
      throw new LinkFailure(
        EXIT_TOO_MANY,
        `number of connections from this client limited to ${limit}`,
      );
    }
    return goOn(call.words);
  },
};

function numberIn(name: string, text: string): number {
  const number = parseUint(text);
  if (number === undefined) throw new LinkFailure(EXIT_USAGE, `invalid ${name}: ${text}`);
  return number;
}
