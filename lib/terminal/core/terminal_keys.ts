/**
 * Keys out of what a terminal sends: characters as they are, others by a name (`up`, `enter`,
 * `escape`, `ctrl-c`).
 *
 * A lone ESC is the key of that name, or the beginning of a sequence whose rest has not come yet:
 * only time tells, so it is the caller's to wait. Sequences that mean nothing here are swallowed
 * whole. Source: ECMA-48, 5.4; xterm's ctlseqs, "PC-Style Function Keys". Pure.
 */

export interface DecodedKeys {
  readonly keys: readonly string[];
  /**
   * What may be the beginning of a sequence: to be put before what comes next, or given to
   * `decodeRest`.
   */
  readonly rest: string;
}

const ESC = "\x1b";

/** Of ESC [ and of ESC O. */
const FINALS: Readonly<Record<string, string>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  F: "end",
  H: "home",
  M: "enter",
};

/** Of ESC [ N ~. */
const NUMBERS: Readonly<Record<string, string>> = {
  "1": "home",
  "3": "delete",
  "4": "end",
  "5": "pageup",
  "6": "pagedown",
  "7": "home",
  "8": "end",
};

const CONTROLS: Readonly<Record<string, string>> = {
  "\r": "enter",
  "\n": "enter",
  "\t": "tab",
  "\b": "backspace",
  "\x7f": "backspace",
};

/** A whole sequence: parameters, intermediates, final. */
// deno-lint-ignore no-control-regex
const SEQUENCE = /^\x1b\[([0-?]*)[ -/]*([@-~])/;
// deno-lint-ignore no-control-regex
const SHORT_SEQUENCE = /^\x1bO([A-Za-z])/;
/** The beginning of one, as far as it goes. */
// deno-lint-ignore no-control-regex
const BEGINNING = /^\x1b(?:O|\[[0-?]*[ -/]*)?$/;

/** The keys in `input`. */
export function decodeKeys(input: string): DecodedKeys {
  const keys: string[] = [];
  for (let rest = input; rest !== "";) {
    if (BEGINNING.test(rest)) return { keys, rest };
    const sequence = SEQUENCE.exec(rest) ?? SHORT_SEQUENCE.exec(rest);
    if (sequence !== null) {
      const name = sequenceKey(sequence);
      if (name !== undefined) keys.push(name);
      rest = rest.slice(sequence[0].length);
      continue;
    }
    const character = String.fromCodePoint(rest.codePointAt(0)!);
    keys.push(characterKey(character));
    rest = rest.slice(character.length);
  }
  return { keys, rest: "" };
}

/** The keys in a rest of which no more has come. */
export function decodeRest(rest: string): readonly string[] {
  return Array.from(rest, characterKey);
}

function sequenceKey([whole, parameters, final]: RegExpExecArray): string | undefined {
  if (whole[1] === "O") return FINALS[parameters!];
  return final === "~" ? NUMBERS[parameters!.split(";")[0]!] : FINALS[final!];
}

function characterKey(character: string): string {
  if (character === ESC) return "escape";
  const code = character.charCodeAt(0);
  return CONTROLS[character] ??
    (code < 0x20 ? `ctrl-${String.fromCharCode(code + 0x40).toLowerCase()}` : character);
}
