/**
 * posix-cd: cd as POSIX has it, which is also a link. Source: execline, doc/posix-cd.html,
 * posix-cd.c; POSIX, cd.
 */
import { ENOTDIR } from "../core/linux/errno.ts";
import { UsageError } from "../core/cli/getopt.ts";
import { encodePath } from "../core/text/path_bytes.ts";
import { canonicalPath } from "../core/text/path_canonical.ts";
import { SyscallError } from "../libc/bind.ts";
import { workingDirectory } from "../libc/cwd.ts";
import { writeAll } from "../libc/file.ts";
import { isDirectory, tryStat } from "../libc/stat.ts";
import { type Call, goOn, type Link, type LinkResult } from "./link.ts";

interface Target {
  readonly path: string;
  /** The user has not named the directory, so it is printed. */
  readonly print: boolean;
}

/** posix-cd [ -L | -P ] [ - | path ] [ prog... ] */
export const posixCd: Link = {
  nature: "waits", // it may write
  run(call): LinkResult {
    const { state, words } = call;
    const { env } = state;
    const isPhysical = call.last("L", "P") === "P";
    const where = words.first === undefined
      ? env.get("HOME")
      : words.first === "-"
      ? env.get("OLDPWD")
      : words.first;
    if (where === undefined || where === "") {
      throw new UsageError("no directory given, and the variable that would tell is not set");
    }
    const { path, print } = alongCdpath(call, where, words.first === "-");
    const oldDirectory = workingDirectory();
    const target = isPhysical ? path : canonical(path, env.get("PWD"));
    const error = state.chdir(target);
    if (error < 0) throw new SyscallError(`chdir to ${where}`, -error);
    const directory = isPhysical ? workingDirectory() : target;
    env.change([["OLDPWD", oldDirectory], ["PWD", directory]]);
    if (print) writeAll(state.fd(1), encodePath(`${directory}\n`), "write to stdout");
    return goOn(words.slice(1));
  },
};

/** A path that is neither absolute nor begins with a dot is looked for in CDPATH. */
function alongCdpath({ state }: Call, where: string, print: boolean): Target {
  const cdpath = state.env.get("CDPATH");
  if (/^(?:\/|\.\.?(?:\/|$))/.test(where) || cdpath === undefined || cdpath === "") {
    return { path: where, print };
  }
  for (const directory of cdpath.replace(/:$/, "").split(":")) {
    const path = directory === ""
      ? `./${where}`
      : directory.endsWith("/")
      ? directory + where
      : `${directory}/${where}`;
    const file = tryStat(path);
    if (typeof file !== "number" && isDirectory(file.mode)) return { path, print: true };
  }
  return { path: where, print };
}

function canonical(path: string, pwd: string | undefined): string {
  const whole = pwd === undefined || path.startsWith("/")
    ? path
    : `${pwd}${pwd === "" || pwd.endsWith("/") ? "" : "/"}${path}`;
  return canonicalPath(whole, (directory) => {
    const file = tryStat(directory);
    const errno = typeof file === "number" ? -file : isDirectory(file.mode) ? 0 : ENOTDIR;
    if (errno !== 0) {
      throw new SyscallError(`canonicalize ${whole}: problem with ${directory}`, errno);
    }
  });
}
