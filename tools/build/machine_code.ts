/**
 * All machine code that the build searches for in, or puts into, its copies of the base runtime and
 * of the C library, by machine. Its purpose is explained where it is used: base_answers.ts,
 * library_patches.ts.
 */
import { MACHINES } from "../../lib/core/linux/machine.ts";

export interface MachineCode {
  /** Numbers of relocations. Source: the psABI's supplement for the processor. */
  readonly relocation: {
    /** For the slot through which the base calls an imported function. */
    readonly called: number;
    /** For another slot, which keeps the address of the original. */
    readonly original: number;
    /** For a place in the program itself. */
    readonly relative: number;
  };
  /**
   * What fills the space between functions, and how many bytes of it are certainly never executed:
   * a few may be a loop's alignment.
   */
  readonly filler: { readonly bytes: readonly number[]; readonly least: number };
  /** The code that replaces imports of the base. */
  readonly answers: {
    readonly getenv: readonly number[];
    readonly getcwd: readonly number[];
    /**
     * Followed by the 32-bit distance, from its own end, to the slot of the original, and then by
     * PROC_SELF_EXE.
     */
    readonly readlink: readonly number[];
  };
  /**
   * The loader's comparison of a name with `LD_`, and the patch that makes it compare the first
   * letter with `=`, which no name begins with.
   */
  readonly comparesLd: {
    readonly pattern: readonly (number | undefined)[];
    readonly at: number;
    readonly never: readonly number[];
  };
  /** The loader's names of variables, with the surrounding bytes. */
  readonly loaderTexts: {
    /** The name begins after the NULs. */
    readonly tunables: string;
    /** How often `MALLOC_` occurs after three NULs. */
    readonly mallocNames: number;
  };
  /**
   * The system call clone3, and as many bytes that return ENOSYS instead; absent if the C library
   * does not use it.
   */
  readonly clone3?: { readonly call: readonly number[]; readonly enosys: readonly number[] };
}

/**
 * The bytes after the code for readlink: the one path that it handles, which is also its answer.
 */
export const PROC_SELF_EXE = "/proc/self/exe\0";

// deno-fmt-ignore
const X86_64: MachineCode = {
  relocation: { called: 6, original: 7, relative: 8 }, // GLOB_DAT, JUMP_SLOT, RELATIVE
  filler: { bytes: [0xcc], least: 0 }, // int3: to run into it is a trap
  answers: {
    getenv: [
      0x31, 0xc0, //                               xor    %eax,%eax
      0xc3, //                                     ret
    ],
    getcwd: [
      0x48, 0x89, 0xf8, //                         mov    %rdi,%rax
      0x48, 0x85, 0xc0, //                         test   %rax,%rax
      0x74, 0x05, //                               je     over the next
      0x66, 0xc7, 0x00, 0x2f, 0x00, //             movw   $'/',(%rax)
      0xc3, //                                     ret
    ],
    readlink: [
      0x48, 0x83, 0xfa, 0x0e, //                   cmp    $14,%rdx: too little room is the original's
      0x72, 0x30, //                               jb     to the original
      0x49, 0x89, 0xf8, //                         mov    %rdi,%r8
      0x49, 0x89, 0xf1, //                         mov    %rsi,%r9
      0x48, 0x8d, 0x35, 0x29, 0x00, 0x00, 0x00, // lea    PROC_SELF_EXE(%rip),%rsi
      0xb9, 0x0f, 0x00, 0x00, 0x00, //             mov    $15,%ecx
      0xf3, 0xa6, //                               repe cmpsb
      0x4c, 0x89, 0xc7, //                         mov    %r8,%rdi
      0x75, 0x14, //                               jne    to the original, with %rsi as it was
      0x48, 0x8d, 0x76, 0xf1, //                   lea    -15(%rsi),%rsi
      0x4c, 0x89, 0xcf, //                         mov    %r9,%rdi
      0xb9, 0x0e, 0x00, 0x00, 0x00, //             mov    $14,%ecx
      0xf3, 0xa4, //                               rep movsb
      0xb8, 0x0e, 0x00, 0x00, 0x00, //             mov    $14,%eax
      0xc3, //                                     ret
      0x4c, 0x89, 0xce, //                         mov    %r9,%rsi
      0xff, 0x25, //                               jmp    *the original's slot(%rip)
    ],
  },
  comparesLd: {
    // cmpb $'L',(%rax); jne; cmpb $'D',1(%rax); jne; cmpb $'_',2(%rax); jne. The distances of the
    // jumps are not ours to know.
    pattern: [0x80, 0x38, 0x4c, 0x75, undefined, 0x80, 0x78, 0x01, 0x44, 0x75, undefined, 0x80, 0x78, 0x02, 0x5f, 0x75, undefined],
    at: 2,
    never: [0x3d],
  },
  loaderTexts: { tunables: "\0GLIBC_TUNABLES\0/etc/suid-debug\0", mallocNames: 8 },
  clone3: {
    call: [0xb8, 0xb3, 0x01, 0x00, 0x00, 0x0f, 0x05], //   mov $435,%eax; syscall
    enosys: [0x48, 0xc7, 0xc0, 0xda, 0xff, 0xff, 0xff], // mov $-38,%rax
  },
};

/** The bytes of 32-bit instructions in memory. */
function code(...instructions: readonly number[]): number[] {
  return instructions.flatMap((word) => [0, 8, 16, 24].map((shift) => (word >>> shift) & 0xff));
}

// deno-fmt-ignore
const AARCH64: MachineCode = {
  relocation: { called: 1026, original: 257, relative: 1027 }, // JUMP_SLOT, ABS64, RELATIVE
  filler: { bytes: code(0xd503201f), least: 4096 }, // nop: between the base's own code and V8's
  answers: {
    getenv: code(
      0xd2800000, // mov    x0, #0
      0xd65f03c0, // ret
    ),
    getcwd: code(
      0xb4000060, // cbz    x0, the return
      0x528005e2, // mov    w2, #'/'
      0x79000002, // strh   w2, [x0]
      0xd65f03c0, // ret
    ),
    readlink: code(
      0x100002c3, // adr    x3, PROC_SELF_EXE
      0xf100385f, // cmp    x2, #14: too little room is the original's
      0x540001e3, // b.lo   to the original
      0xd2800004, // mov    x4, #0
      0x38646805, // ldrb   w5, [x0, x4]
      0x38646866, // ldrb   w6, [x3, x4]
      0x6b0600bf, // cmp    w5, w6
      0x54000141, // b.ne   to the original
      0x91000484, // add    x4, x4, #1
      0xf1003c9f, // cmp    x4, #15
      0x54ffff41, // b.ne   to the next byte
      0xf9400065, // ldr    x5, [x3]
      0xf9000025, // str    x5, [x1]
      0xf8406065, // ldur   x5, [x3, #6]
      0xf8006025, // stur   x5, [x1, #6]
      0xd28001c0, // mov    x0, #14
      0xd65f03c0, // ret
      0xb89fc064, // ldursw x4, [x3, #-4]: the distance
      0x8b040063, // add    x3, x3, x4
      0xf9400063, // ldr    x3, [x3]: the original's slot
      0xd61f0060, // br     x3
    ),
  },
  comparesLd: {
    // ldrb w2, [x0]; cmp w2, #'L'; b.ne; ldrb w2, [x0, #1]; cmp w2, #'D'; b.ne; ldrb w2, [x0, #2];
    // cmp w2, #'_'. The distances of the jumps are not ours to know.
    pattern: [
      ...code(0x39400002, 0x7101305f), undefined, undefined, undefined, 0x54,
      ...code(0x39400402, 0x7101105f), undefined, undefined, undefined, 0x54,
      ...code(0x39400802, 0x71017c5f),
    ],
    at: 4,
    never: code(0x7100f45f), // cmp w2, #'='
  },
  loaderTexts: { tunables: "\0\0GLIBC_TUNABLES\0\0/etc/suid-debug\0", mallocNames: 9 },
};

/** Keyed by the machine that an ELF file is for. Source: elf(5), e_machine. */
export const MACHINE_CODE: ReadonlyMap<number, MachineCode> = new Map([
  [MACHINES.x86_64.elf, X86_64],
  [MACHINES.aarch64.elf, AARCH64],
]);
