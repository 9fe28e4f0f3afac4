/**
 * s6-ipcserver-access: who may use a service. Source: s6, doc/s6-ipcserver-access.html,
 * conn-tools/s6-ipcserver-access.c.
 */
import { openRules, type RulesPlace } from "../accessrules/rules.ts";
import { parseId } from "../core/accounts/id_numbers.ts";
import { EXIT_USAGE } from "../core/cli/exit_codes.ts";
import { EACCES, ENOENT, strerror } from "../core/linux/errno.ts";
import { decodePath } from "../core/text/path_bytes.ts";
import { needWords, parseNumber, requireVariable } from "../execline/arguments.ts";
import { type Call, goOn, type Link, type LinkResult } from "../execline/link.ts";
import { LinkFailure } from "../execline/link_failure.ts";
import { SyscallError } from "../libc/bind.ts";
import { getpid } from "../libc/process.ts";
import { boundPath } from "../libc/socket/stream_server.ts";

const EXIT_DENIED = 1;
const SHELL = "execlineb";
/** What s6-ipcserverd and this link set, behind the name of the protocol. */
const VARIABLES = ["REMOTEEUID", "REMOTEEGID", "REMOTEPATH", "LOCALPATH", "CONNNUM"];

/** s6-ipcserver-access [ -v verbosity ] [ -e | -E ] [ -l localname ] [ -i rulesdir | -x rulesfile ] prog... */
export const access: Link = {
  nature: "process",
  run(call): LinkResult {
    const { options, words, value, last, state, info } = call;
    const verbosity = parseNumber("verbosity", value("v") ?? "1");
    needWords(words, 1, "a program is");
    const protocol = requireVariable(call, "PROTO");
    const user = {
      uid: idIn(call, `${protocol}REMOTEEUID`),
      gid: idIn(call, `${protocol}REMOTEEGID`),
    };
    const who = `pid ${getpid()} uid ${user.uid} gid ${user.gid}`;
    const rule = verdict(call, user, placeOf(options), verbosity);
    if (rule?.kind !== "allow") {
      const why = strerror(rule === undefined ? ENOENT : EACCES);
      if (verbosity >= 2) info(`deny ${who}: ${why}`);
      return EXIT_DENIED;
    }
    if (verbosity >= 1) info(`allow ${who}`);
    state.env.change(rule.env);
    if (last("e", "E") === "E") {
      for (const name of ["PROTO", ...VARIABLES.map((each) => `${protocol}${each}`)]) {
        state.env.unset(name);
      }
    } else state.env.set(`${protocol}LOCALPATH`, value("l") ?? localPath(call));
    if (rule.exec.length === 0) return goOn(words);
    const nul = rule.exec.indexOf(0);
    const script = decodePath(nul < 0 ? rule.exec : rule.exec.subarray(0, nul));
    return { words: words.slice(words.length).behind(SHELL, "-Pc", script), own: SHELL };
  },
};

const EVERYBODY = { kind: "allow", env: [], exec: new Uint8Array(0) } as const;

function verdict(
  { warn }: Call,
  user: { readonly uid: number; readonly gid: number },
  place: RulesPlace | undefined,
  verbosity: number,
): ReturnType<ReturnType<typeof openRules>["of"]> {
  if (place !== undefined) return openRules(place).of(user);
  if (verbosity >= 2) warn("invoked without a ruleset!");
  return EVERYBODY;
}

function placeOf(options: Call["options"]): RulesPlace | undefined {
  const option = options.findLast(({ name }) => name === "i" || name === "x");
  return option && { kind: option.name === "i" ? "directory" : "file", path: option.value };
}

function idIn(call: Call, name: string): number {
  const id = parseId(requireVariable(call, name));
  if (id === undefined) throw new LinkFailure(EXIT_USAGE, `invalid ${name}`);
  return id;
}

function localPath({ state }: Call): string {
  const path = boundPath(state.fd(0));
  if (typeof path === "number") throw new SyscallError("ipc_local", -path);
  return path;
}
