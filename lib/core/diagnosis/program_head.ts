/**
 * What the first bytes of a program say about how the kernel will run it: a script with its
 * interpreter, an ELF file with its loader, or nothing that can be run. Source: execve(2), elf(5).
 * Pure.
 */
import { decodePath } from "../text/path_bytes.ts";

/**
 * How many bytes of a program are worth reading: the kernel looks at 256 for `#!`; ELF program
 * headers stand within the first page.
 */
export const PROGRAM_HEAD_SIZE = 4096;

const KERNEL_SCRIPT_HEAD = 256;
const ELF_MAGIC = 0x7f454c46;
const ELFCLASS64 = 2;
const PT_INTERP = 3;
const LF = 10;
const NUL = 0;

export type ProgramHead =
  | { readonly kind: "empty" }
  /**
   * `interpreter` is the first word behind `#!`, a CR at its end included: the kernel looks for
   * that name. It ends at a NUL.
   */
  | { readonly kind: "script"; readonly interpreter: string; readonly truncated: boolean }
  /**
   * `machine` is e_machine; `loader` the program interpreter, absent in a static program, or if its
   * name is empty.
   */
  | { readonly kind: "elf"; readonly machine: number; readonly loader?: string }
  | { readonly kind: "other" };

function readScript(head: Uint8Array): ProgramHead {
  const seen = head.subarray(2, KERNEL_SCRIPT_HEAD);
  const end = seen.findIndex((byte) => byte === LF || byte === NUL);
  const line = decodePath(end < 0 ? seen : seen.subarray(0, end)).replace(/^[ \t]+/, "");
  const interpreter = line.split(/[ \t]/, 1)[0] ?? "";
  return {
    kind: "script",
    interpreter,
    truncated: end < 0 && head.length >= KERNEL_SCRIPT_HEAD && interpreter.length === line.length,
  };
}

function readElf(head: Uint8Array): ProgramHead {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length < 64) return { kind: "elf", machine: -1 };
  const machine = view.getUint16(18, true);
  if (head[4] !== ELFCLASS64) return { kind: "elf", machine };
  const tableAt = Number(view.getBigUint64(32, true));
  const entrySize = view.getUint16(54, true);
  const entries = view.getUint16(56, true);
  for (let i = 0; i < entries; i++) {
    const at = tableAt + i * entrySize;
    if (at + 40 > head.length) break;
    if (view.getUint32(at, true) !== PT_INTERP) continue;
    const start = Number(view.getBigUint64(at + 8, true));
    const size = Number(view.getBigUint64(at + 32, true));
    if (start + size > head.length || size === 0) break;
    const name = head.subarray(start, start + size - 1);
    const end = name.indexOf(NUL);
    const loader = decodePath(end < 0 ? name : name.subarray(0, end));
    return loader === "" ? { kind: "elf", machine } : { kind: "elf", machine, loader };
  }
  return { kind: "elf", machine };
}

/**
 * Tells what kind of program begins with `head`, its first PROGRAM_HEAD_SIZE bytes or all if it is
 * shorter.
 */
export function parseProgramHead(head: Uint8Array): ProgramHead {
  if (head.length === 0) return { kind: "empty" };
  if (head[0] === 0x23 && head[1] === 0x21) return readScript(head);
  if (
    head.length >= 4 && new DataView(head.buffer, head.byteOffset, 4).getUint32(0) === ELF_MAGIC
  ) return readElf(head);
  return { kind: "other" };
}
