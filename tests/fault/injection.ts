/** System calls of a running process that fail because strace makes them fail. */
import { type Background, start } from "../fixture/command.ts";
import { refusalOf } from "./refusal.ts";

/** Why strace can't be attached here, or undefined. */
export function injectionRefusal(): string | undefined {
  return refusalOf("strace", [
    "-qq",
    "-e",
    "trace=none",
    "-e",
    "inject=getppid:error=ENOMEM",
    "true",
  ]);
}

/**
 * From now on the calls fail in all threads of the process, until the scope is left.
 *
 * @param calls as strace names them, e.g. `clone,clone3`
 * @param path if given, only those of the calls that are about this file fail
 */
export async function inject(
  pid: number,
  calls: string,
  errno: string,
  path?: string,
): Promise<AsyncDisposable> {
  const about = path === undefined ? [] : ["-P", path];
  const args = [
    "-f",
    "-p",
    String(pid),
    ...about,
    "-e",
    `trace=${calls}`,
    "-e",
    `inject=${calls}:error=${errno}`,
  ];
  const strace: Background = start("strace", args);
  try {
    await strace.stderr.until(/attached/);
  } catch (error) {
    await strace[Symbol.asyncDispose]();
    throw error;
  }
  return {
    [Symbol.asyncDispose]: async () => {
      strace.kill("SIGINT"); // strace detaches: a kill would leave a stopped thread behind
      await strace.ended();
      await strace[Symbol.asyncDispose]();
    },
  };
}
