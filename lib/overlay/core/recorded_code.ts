/**
 * What scripts have written of the container's exit code.
 *
 * A number up to 255 is the code, blanks around it are left away, and nothing is no code. A larger
 * number counts as 255, lest 256, by which `finish` tells a death by signal, become a success; in
 * the original it is taken modulo 256. What is no number is 100, as it is there.
 * Source: s6-linux-init, s6-linux-init-maker.c, container_exit_script; execline, exit. Pure.
 */
import { firstLine } from "../../core/linux/config_file.ts";

export interface RecordedCode {
  readonly code: number;
  /** What is wrong with it, and what it counts as. */
  readonly mistake?: string;
}

const MAX_CODE = 255;
const CODE_OF_NO_NUMBER = 100;
const SHOWN = 40;

/** Undefined if nothing is written there. */
export function parseRecordedCode(bytes: Uint8Array): RecordedCode | undefined {
  const text = firstLine(bytes).trim();
  if (text === "") return undefined;
  if (!/^[0-9]+$/.test(text)) {
    const shown = JSON.stringify(text.slice(0, SHOWN));
    return {
      code: CODE_OF_NO_NUMBER,
      mistake: `not an exit code: ${shown} (using ${CODE_OF_NO_NUMBER})`,
    };
  }
  const number = Number(text);
  if (number <= MAX_CODE) return { code: number };
  return {
    code: MAX_CODE,
    mistake: `${text.slice(0, SHOWN)} is more than ${MAX_CODE} (using ${MAX_CODE})`,
  };
}
