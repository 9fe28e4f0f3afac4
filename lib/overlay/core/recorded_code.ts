/**
 * The container's exit code as scripts have written it.
 *
 * A number up to 255 is the code. Blanks around it are ignored, and an empty file has no code. A
 * larger number counts as 255: the original takes it modulo 256, but then 256, which `finish` gets
 * for a death by signal, would become a success. Anything else counts as 100, as in the original.
 * Source: s6-linux-init, s6-linux-init-maker.c, container_exit_script; execline, exit. Pure.
 */
import { firstLine } from "../../core/linux/config_file.ts";

export interface RecordedCode {
  readonly code: number;
  /** What is wrong with it, and the code that is used. */
  readonly mistake?: string;
}

const MAX_CODE = 255;
const CODE_OF_NO_NUMBER = 100;
const SHOWN = 40;

/** Undefined if the file is empty. */
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
