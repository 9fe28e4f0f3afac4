/**
 * What Linux and glibc lay out or number differently on the machines that hexad is built for. All
 * else that lib/libc knows of structures and constants is the same on both; a test asks the C
 * compilers of both. Pure.
 */

export interface Machine {
  /** e_machine of its ELF files. Source: elf.h. */
  readonly elf: number;
  /** As people write it. */
  readonly name: string;
  /** Source: asm/fcntl.h. */
  readonly open: { readonly directory: number; readonly noFollow: number };
  /** Source: asm/unistd.h. */
  readonly calls: { readonly getcwd: number };
  /** struct epoll_event: u32 events, u64 data. Source: sys/epoll.h. */
  readonly epollEvent: { readonly size: number; readonly data: number };
  /** struct stat: offsets of its fields, in bytes. Source: bits/struct_stat.h. */
  readonly stat: {
    readonly size: number;
    readonly mode: number;
    readonly uid: number;
    readonly gid: number;
    readonly rdev: number;
    readonly links: number;
    readonly sizeofLinks: 4 | 8;
  };
}

export const MACHINES: Readonly<Record<"x86_64" | "aarch64", Machine>> = {
  x86_64: {
    elf: 62,
    name: "x86-64",
    open: { directory: 0o200000, noFollow: 0o400000 },
    calls: { getcwd: 79 },
    epollEvent: { size: 12, data: 4 }, // packed
    stat: { size: 144, mode: 24, uid: 28, gid: 32, rdev: 40, links: 16, sizeofLinks: 8 },
  },
  aarch64: {
    elf: 183,
    name: "aarch64",
    open: { directory: 0o40000, noFollow: 0o100000 },
    calls: { getcwd: 17 },
    epollEvent: { size: 16, data: 8 },
    stat: { size: 128, mode: 16, uid: 24, gid: 28, rdev: 32, links: 20, sizeofLinks: 4 },
  },
};

/** The one that this runs on. */
export const MACHINE: Machine = MACHINES[Deno.build.arch];
