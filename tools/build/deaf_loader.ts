/**
 * The private loader must not listen to the image's LD_* variables: `ENV LD_PRELOAD=...`, common in Alpine images, names libraries of another
 * libc and would keep every command of ours, PID 1 included, from starting; and whoever sets LD_LIBRARY_PATH would choose our libc.
 *
 * The loader looks for variables whose names begin with `LD_`; its copy looks for `=D_`, which no name can begin with. Services still get
 * the variables, and their own loader obeys them.
 * Source: glibc, elf/rtld.c and sysdeps/generic/dl-environ.h, _dl_next_ld_env_entry.
 */
import { Fatal } from "../fatal.ts";

/** cmpb $'L',(%rax); jne; cmpb $'D',1(%rax); jne; cmpb $'_',2(%rax); jne. The distances of the jumps are not ours to know. */
const COMPARISON = [0x80, 0x38, 0x4c, 0x75, undefined, 0x80, 0x78, 0x01, 0x44, 0x75, undefined, 0x80, 0x78, 0x02, 0x5f, 0x75, undefined];
const LETTER_AT = 2;
const EQUALS_SIGN = 0x3d;

function matchesAt(bytes: Uint8Array, at: number): boolean {
  return COMPARISON.every((byte, i) => byte === undefined || bytes[at + i] === byte);
}

/**
 * A copy of the loader that finds no LD_ variable.
 *
 * @throws {Fatal} If the comparison is not there exactly once: then this libc was compiled in another way.
 */
export function deafLoader(loader: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const places: number[] = [];
  for (let at = loader.indexOf(0x80); at >= 0; at = loader.indexOf(0x80, at + 1)) if (matchesAt(loader, at)) places.push(at);
  if (places.length !== 1) {
    throw new Fatal(`this machine's loader looks for LD_ variables in ${places.length} places instead of one; build on Debian 12`);
  }
  const deaf = loader.slice();
  deaf[places[0]! + LETTER_AT] = EQUALS_SIGN;
  return deaf;
}
