/** Changing what the process sees as `/`. Source: chroot(2), pivot_root(2). */
import { encodeCString } from "../../core/text/path_bytes.ts";
import { bindLibrary, call } from "../bind.ts";

const libc = bindLibrary({
  chroot: { parameters: ["buffer"], result: "i32" },
  pivot_root: {
    parameters: [
      "buffer", // const char *new_root
      "buffer", // const char *put_old
    ],
    result: "i32",
  },
});

/** Makes the directory `/`; the working directory stays. 0, or `-errno`. */
export function chroot(path: string): number {
  return call(libc.chroot, encodeCString(path));
}

/**
 * Makes a mount point the root of all processes of the mount namespace; the old root is mounted at
 * `putOld` afterwards. 0, or `-errno`.
 */
export function pivotRoot(newRoot: string, putOld: string): number {
  return call(libc.pivot_root, encodeCString(newRoot), encodeCString(putOld));
}
