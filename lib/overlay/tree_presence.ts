/**
 * Whether an image may have definitions for s6-rc: a look that is cheap enough for every boot. What
 * it finds is read only then.
 */
import { SyscallError } from "../libc/bind.ts";
import { readDirectory } from "../libc/file.ts";

function visibleNames(path: string): string[] {
  try {
    return readDirectory(path).filter((name) => !name.startsWith("."));
  } catch (error) {
    // there is none, or it can't be read, which is told when it is
    if (error instanceof SyscallError) return [];
    throw error;
  }
}

/** @param directory `s6-overlay` of the profile; `bundledir` S6_RUNTIME_BUNDLEDIR, or empty */
export function mayHoldDefinitions(directory: string, bundledir: string): boolean {
  if (bundledir !== "" || visibleNames(`${directory}/s6-rc.d`).length > 0) return true;
  const bundles = `${directory}/user-bundles.d`;
  return visibleNames(bundles).some((name) => {
    const files = visibleNames(`${bundles}/${name}`);
    return files.includes("contents") || visibleNames(`${bundles}/${name}/contents.d`).length > 0;
  });
}
