/**
 * The changes in our copies of the loader and the C library, which are in the tarball. Only hexad
 * uses them; services start with the image's own. Source: glibc 2.36.
 */
import { type BytePatch, patternOf, withPatches } from "./byte_patch.ts";
import type { MachineCode } from "./machine_code.ts";

const EQUALS_SIGN = 0x3d;

/**
 * The private loader must ignore the image's settings. `ENV LD_PRELOAD=...`, common in Alpine
 * images, and /etc/ld.so.preload name libraries of another libc, so none of our commands, PID 1
 * included, could start. LD_LIBRARY_PATH would replace our libc, and the tunables change memory
 * allocation. Each name gets an equals sign as its first letter, which no variable's name begins
 * with. Services still get the variables, and their own loader obeys them.
 */
function loaderPatches({ comparesLd, loaderTexts }: MachineCode): BytePatch[] {
  const deaf = { count: 1, at: 1, bytes: [EQUALS_SIGN] };
  return [
    // elf/rtld.c and sysdeps/generic/dl-environ.h, _dl_next_ld_env_entry
    {
      does: "looks for LD_ variables",
      pattern: comparesLd.pattern,
      count: 1,
      at: comparesLd.at,
      bytes: comparesLd.never,
    },
    // elf/dl-tunables.c; the same name is in a list of variables that are dangerous to set-user-ID
    // programs
    {
      ...deaf,
      does: "looks for GLIBC_TUNABLES",
      pattern: patternOf(loaderTexts.tunables),
      at: loaderTexts.tunables.search(/[^\0]/),
    },
    // elf/dl-tunables.list: the old names of eight tunables, each after a number of four bytes; on
    // arm64 also a text of ld.so --list-diagnostics
    {
      ...deaf,
      does: "looks for MALLOC_ variables",
      pattern: patternOf("\0\0\0MALLOC_"),
      count: loaderTexts.mallocNames,
      at: 3,
    },
    // elf/rtld.c: an empty path does not exist
    {
      does: "reads /etc/ld.so.preload",
      pattern: patternOf("\0/etc/ld.so.preload\0"),
      count: 1,
      at: 1,
      bytes: [0],
    },
  ];
}

/**
 * Seccomp filters older than clone3 refuse it with EPERM (Docker before 20.10.10, libseccomp before
 * 2.5), but the C library falls back to clone only after ENOSYS: no thread and no process could be
 * started. So the patch returns ENOSYS without making the call. Source:
 * sysdeps/unix/sysv/linux/clone-internal.c, x86_64/clone3.S; 2.36 has none for arm64.
 */
function libcPatches({ clone3 }: MachineCode): BytePatch[] {
  if (clone3 === undefined) return [];
  return [{ does: "calls clone3", pattern: clone3.call, count: 1, at: 0, bytes: clone3.enosys }];
}

/** A patched copy of the loader. @throws {Fatal} If it is not the known one. */
export function privateLoader(
  loader: Uint8Array<ArrayBuffer>,
  code: MachineCode,
): Uint8Array<ArrayBuffer> {
  return withPatches("the loader", loader, loaderPatches(code));
}

/**
 * A copy of the library `name`, patched if necessary. @throws {Fatal} If it has to be patched and
 * is not the known one.
 */
export function privateLibrary(
  name: string,
  library: Uint8Array<ArrayBuffer>,
  code: MachineCode,
): Uint8Array<ArrayBuffer> {
  return name === "libc.so.6" ? withPatches("the C library", library, libcPatches(code)) : library;
}
