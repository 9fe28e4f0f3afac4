/**
 * What is changed in the copies of the loader and of the C library that the tarball brings along.
 * They serve hexad alone; services are started by the image's own. Source: glibc 2.36.
 */
import { type BytePatch, patternOf, withPatches } from "./byte_patch.ts";
import type { MachineCode } from "./machine_code.ts";

const EQUALS_SIGN = 0x3d;

/**
 * The private loader must not listen to the image: `ENV LD_PRELOAD=...`, common in Alpine images,
 * and /etc/ld.so.preload name libraries of another libc and would keep every command of ours, PID 1
 * included, from starting; whoever sets LD_LIBRARY_PATH would choose our libc; and the tunables
 * change how memory is had. Each name gets an equals sign as its first letter, with which no
 * variable's name begins. Services still get the variables, and their own loader obeys them.
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
    // elf/dl-tunables.c; the same name is in a list of what is dangerous to programs with more
    // rights than their user
    {
      ...deaf,
      does: "looks for GLIBC_TUNABLES",
      pattern: patternOf(loaderTexts.tunables),
      at: loaderTexts.tunables.search(/[^\0]/),
    },
    // elf/dl-tunables.list: the old names of eight tunables, each behind a number of four bytes; on
    // arm64 a text of ld.so --list-diagnostics, too
    {
      ...deaf,
      does: "looks for MALLOC_ variables",
      pattern: patternOf("\0\0\0MALLOC_"),
      count: loaderTexts.mallocNames,
      at: 3,
    },
    // elf/rtld.c: an empty path is not there
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
 * Filters of system calls that are older than clone3 refuse it with EPERM (Docker before 20.10.10,
 * libseccomp before 2.5), and the C library falls back to clone for ENOSYS alone: no thread and no
 * process could be started. So it is told ENOSYS without being asked. Source:
 * sysdeps/unix/sysv/linux/clone-internal.c, x86_64/clone3.S; 2.36 has none for arm64.
 */
function libcPatches({ clone3 }: MachineCode): BytePatch[] {
  if (clone3 === undefined) return [];
  return [{ does: "calls clone3", pattern: clone3.call, count: 1, at: 0, bytes: clone3.enosys }];
}

/** A copy of the loader. @throws {Fatal} If it is not the one that is known. */
export function privateLoader(
  loader: Uint8Array<ArrayBuffer>,
  code: MachineCode,
): Uint8Array<ArrayBuffer> {
  return withPatches("the loader", loader, loaderPatches(code));
}

/**
 * A copy of the library `name`. @throws {Fatal} If it is to be changed and is not the one that is
 * known.
 */
export function privateLibrary(
  name: string,
  library: Uint8Array<ArrayBuffer>,
  code: MachineCode,
): Uint8Array<ArrayBuffer> {
  return name === "libc.so.6" ? withPatches("the C library", library, libcPatches(code)) : library;
}
