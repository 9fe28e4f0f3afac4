/**
 * Whether an image may have definitions for s6-rc: a look that is cheap enough for every boot. What
 * it finds is read only then.
 */
import { ENOENT, ENOTDIR } from "../core/linux/errno.ts";
import { SyscallError } from "../libc/bind.ts";
import { readDirectory } from "../libc/file.ts";

/**
 * None where there is no such directory. Undefined where it can't be read, which is told when it is
 * read.
 */
function visibleNames(path: string): readonly string[] | undefined {
  try {
    return readDirectory(path).filter((name) => !name.startsWith("."));
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    return error.errno === ENOENT || error.errno === ENOTDIR ? [] : undefined;
  }
}

/** Whether there is anything in it, or may be. */
function mayHoldNames(path: string): boolean {
  return visibleNames(path)?.length !== 0;
}

/** @param directory `s6-overlay` of the profile; `bundledir` S6_RUNTIME_BUNDLEDIR, or empty */
export function mayHoldDefinitions(directory: string, bundledir: string): boolean {
  if (bundledir !== "" || mayHoldNames(`${directory}/s6-rc.d`)) return true;
  const bundles = `${directory}/user-bundles.d`;
  const names = visibleNames(bundles);
  return names === undefined || names.some((name) => {
    const files = visibleNames(`${bundles}/${name}`);
    return files === undefined || files.includes("contents") ||
      mayHoldNames(`${bundles}/${name}/contents.d`);
  });
}
