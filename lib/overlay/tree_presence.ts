/**
 * Whether an image may have definitions for s6-rc. The check is cheap enough for every boot;
 * definitions are read only if it finds some.
 */
import { ENOENT, ENOTDIR } from "../core/linux/errno.ts";
import { SyscallError } from "../libc/bind.ts";
import { readDirectory } from "../libc/file.ts";

/**
 * Empty if the directory does not exist. Undefined if it can't be read; the later reading reports
 * that.
 */
function visibleNames(path: string): readonly string[] | undefined {
  try {
    return readDirectory(path).filter((name) => !name.startsWith("."));
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    return error.errno === ENOENT || error.errno === ENOTDIR ? [] : undefined;
  }
}

/** Whether it holds anything, or may do so. */
function mayHoldNames(path: string): boolean {
  return visibleNames(path)?.length !== 0;
}

/** Below `/etc`: services.yaml, and services.d with more of its kind. */
export const SERVICES_DIRECTORY = "hexad";

/** @param directory `/etc/hexad` of the profile */
export function mayHoldServices(directory: string): boolean {
  return mayHoldNames(directory);
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
