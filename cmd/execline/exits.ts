/** Exit codes that are the same in all links. */
type Exits = readonly (readonly [code: string, meaning: string])[];

export const USAGE_EXIT: Exits = [["100", "wrong usage"]];
export const SYSTEM_EXIT: Exits = [["111", "a system call failed"]];
/** Of what a link goes on with. */
export const NEXT_EXITS: Exits = [["126", "the next program can't be executed"], [
  "127",
  "the next program was not found",
]];

/** Of a link that can fail in no special way. */
export const LINK_EXITS: Exits = [...USAGE_EXIT, ...SYSTEM_EXIT, ...NEXT_EXITS];
