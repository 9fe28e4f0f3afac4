/**
 * The base runtime asks the C library for things that must not affect whether or how our program
 * starts. In our copy, our own code answers; it is in the space between two functions of the base,
 * and the relocations of the imports point the loader to it. Nothing else is changed. The program's
 * own calls (lib/libc) still go to the C library.
 *
 *   getenv    Nothing is set. The runtime reads more than thirty variables (DENO_*, RUST_*, NODE_*, TMPDIR, ICU_DATA, SSLKEYLOGFILE...),
 *             and an image that sets one for its own programs would have ours panic, hang, connect or write. The environment itself is
 *             left as it is, and children get it.
 *   getcwd    It is `/`. The runtime wants to know when it starts, and ends where the directory has no name since it was removed or its file
 *             system unmounted. The process's directory is left as it is.
 *   readlink  /proc/self/exe is a link to itself, for Rust's part of the base, which looks for the program that is appended to it in the file
 *             of that name. So it finds that even if the file was replaced or removed since.
 */
import { Fatal } from "../fatal.ts";
import { Elf, type ImportSlot } from "./elf.ts";
import { MACHINE_CODE, type MachineCode, PROC_SELF_EXE } from "./machine_code.ts";

const NAMES = ["getenv", "getcwd", "readlink"] as const;
type Name = typeof NAMES[number];

/**
 * Where a function is used: in the slots through which it is called, and in tables of addresses.
 */
interface Slots {
  readonly called: ImportSlot;
  readonly others: readonly ImportSlot[];
}

function slotsOf(elf: Elf, code: MachineCode): Record<Name, Slots> {
  const found = elf.importSlots(new Set(NAMES));
  const slots = (name: Name): Slots => {
    const own = found.filter((slot) => slot.name === name);
    const called = own.filter(({ type }) => type === code.relocation.called);
    if (called.length !== 1) {
      throw new Fatal(
        `the base runtime calls ${name} through ${called.length} slots instead of 1; take another base`,
      );
    }
    return { called: called[0]!, others: own.filter((slot) => slot !== called[0]) };
  };
  return { getenv: slots("getenv"), getcwd: slots("getcwd"), readlink: slots("readlink") };
}

/** Makes the loader put the address of our code at `offset` into the slot. */
function redirect(elf: Elf, code: MachineCode, slot: ImportSlot, offset: number): void {
  elf.view.setBigUint64(slot.offset + 8, BigInt(code.relocation.relative), true); // and no symbol
  elf.view.setBigInt64(slot.offset + 16, BigInt(elf.addressOf(offset)), true);
}

/** The code for readlink, which passes all other paths to the original. */
function readlinkCode(elf: Elf, code: MachineCode, offset: number, original: ImportSlot): number[] {
  const distance = new Uint8Array(4);
  const end = elf.addressOf(offset) + code.answers.readlink.length + distance.length;
  new DataView(distance.buffer).setInt32(0, original.address - end, true);
  return [...code.answers.readlink, ...distance, ...new TextEncoder().encode(PROC_SELF_EXE)];
}

/**
 * A copy of the base runtime that gets these answers.
 *
 * @throws {Fatal} If it does not import the expected functions.
 */
export function answeredBase(base: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const elf = new Elf(base.slice());
  const code = MACHINE_CODE.get(elf.machine);
  if (code === undefined) {
    throw new Fatal(`the base runtime is for another machine: e_machine is ${elf.machine}`);
  }
  const { getenv, getcwd, readlink } = slotsOf(elf, code);
  const original = readlink.others.find(({ type }) => type === code.relocation.original);
  if (original === undefined) {
    throw new Fatal("the base runtime has no second slot for readlink; take another base");
  }
  const { answers } = code;
  const sizes = [
    answers.getenv.length,
    answers.getcwd.length,
    answers.readlink.length + 4 + PROC_SELF_EXE.length,
  ];
  const start = elf.findFiller(code.filler, sizes.reduce((sum, size) => sum + size));
  if (start === undefined) {
    throw new Fatal("the base runtime has no space between its functions; take another base");
  }
  const [getenvAt, getcwdAt, readlinkAt] = [
    start,
    start + sizes[0]!,
    start + sizes[0]! + sizes[1]!,
  ];
  elf.bytes.set(answers.getenv, getenvAt);
  elf.bytes.set(answers.getcwd, getcwdAt);
  elf.bytes.set(readlinkCode(elf, code, readlinkAt, original), readlinkAt);
  for (const slot of [getenv.called, ...getenv.others]) redirect(elf, code, slot, getenvAt);
  for (const slot of [getcwd.called, ...getcwd.others]) redirect(elf, code, slot, getcwdAt);
  redirect(elf, code, readlink.called, readlinkAt);
  return elf.bytes;
}
