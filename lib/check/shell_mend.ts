/**
 * `--fix` of an `up` that has been written for a shell: its text becomes a script beside it, and it
 * names that script. Where nobody knows the directory at run time, the text stays in it, as one
 * word behind `/bin/sh -c`.
 */
import { EEXIST, strerror } from "../core/linux/errno.ts";
import { quoteForExecline } from "../core/shell/quoting.ts";
import { decodePath, encodePath } from "../core/text/path_bytes.ts";
import { openAt, unlinkAt } from "../libc/directory.ts";
import { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } from "../core/linux/open_flags.ts";
import { close, writeAll } from "../libc/file.ts";

const SCRIPT_MODE = 0o755;
const SHELL = "/bin/sh";

export interface ShellMend {
  /** The new text of the file. */
  readonly text: Uint8Array<ArrayBuffer>;
  readonly done: string;
}

/**
 * Makes the script. Returns what the file itself is to contain, or why nothing was made.
 *
 * @param name Of the file in the directory `dirFd`.
 * @param place The directory's path at run time.
 */
export function makeShellScript(
  dirFd: number,
  name: string,
  { bytes, place }: { readonly bytes: Uint8Array; readonly place: string | undefined },
): ShellMend | string {
  const text = decodePath(bytes);
  const hasShebang = text.startsWith("#!");
  if (place === undefined) {
    const interpreter = hasShebang ? undefined : SHELL;
    if (interpreter === undefined && !/^#!\s*\/\S*\/(?:sh|bash|ash|dash)\s*\n/.test(text)) {
      return "its first line names another interpreter; write the script by hand";
    }
    const shell = interpreter ?? text.split("\n")[0]!.slice(2).trim();
    const body = hasShebang ? text.slice(text.indexOf("\n") + 1) : text;
    return {
      text: encodePath(`${shell} -c ${quoteForExecline(body.trimEnd())}\n`),
      done: `${shell} -c runs its text`,
    };
  }
  const script = name === "up" ? "run" : `run-${name}`;
  for (const candidate of [script, `${name}.sh`]) {
    const fd = openAt(dirFd, candidate, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, SCRIPT_MODE);
    if (fd === -EEXIST) continue;
    if (fd < 0) return `${candidate}: ${strerror(-fd)}`;
    try {
      writeAll(fd, encodePath(hasShebang ? text : `#!${SHELL}\n${text}`), `write ${candidate}`);
    } catch (error) {
      unlinkAt(dirFd, candidate);
      throw error;
    } finally {
      close(fd);
    }
    return {
      text: encodePath(`${place}/${candidate}\n`),
      done: `its text is in ${candidate} now, and it names that`,
    };
  }
  return `there is a ${script} already, and a ${name}.sh`;
}
