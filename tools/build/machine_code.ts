/**
 * All machine code that the build looks for or puts into its copies of the base runtime and of the
 * C library, by machine. What it is for is told where it is used: base_answers.ts,
 * library_patches.ts.
 */

export interface MachineCode {
  /** Numbers of relocations. Source: the psABI's supplement for the processor. */
  readonly relocation: {
    /** An address of a symbol in data. */
    readonly absolute: number;
    /** Slots of imported functions. */
    readonly globDat: number;
    readonly jumpSlot: number;
    /** A place in the program itself. */
    readonly relative: number;
  };
  /** The byte that fills the space between functions; to run into it is a trap. */
  readonly filler: number;
  /** Of imports of the base: what is put in their place. */
  readonly answers: {
    readonly getenv: readonly number[];
    readonly getcwd: readonly number[];
    /**
     * Followed by the distance, of 32 bits and from its own end, to the slot of the original; then
     * by PROC_SELF_EXE.
     */
    readonly readlink: readonly number[];
  };
  /** The loader's comparison of a name with `LD_`, where the L is, and what goes there. */
  readonly comparesLd: {
    readonly pattern: readonly (number | undefined)[];
    readonly letterAt: number;
    readonly never: number;
  };
  /** The system call clone3, and the same number of bytes that answer ENOSYS. */
  readonly clone3: { readonly call: readonly number[]; readonly enosys: readonly number[] };
}

/**
 * What follows the code that answers for readlink: the one path that it answers for, and its
 * answer.
 */
export const PROC_SELF_EXE = "/proc/self/exe\0";

// deno-fmt-ignore
const X86_64: MachineCode = {
  relocation: { absolute: 1, globDat: 6, jumpSlot: 7, relative: 8 },
  filler: 0xcc, // int3
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
    letterAt: 2,
    never: 0x3d, // `=`, with which no name begins
  },
  clone3: {
    call: [0xb8, 0xb3, 0x01, 0x00, 0x00, 0x0f, 0x05], //   mov $435,%eax; syscall
    enosys: [0x48, 0xc7, 0xc0, 0xda, 0xff, 0xff, 0xff], // mov $-38,%rax
  },
};

/** By the machine that an ELF file is for. Source: elf(5), e_machine. */
export const MACHINE_CODE: ReadonlyMap<number, MachineCode> = new Map([[62, X86_64]]);
