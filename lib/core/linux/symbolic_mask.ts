/**
 * A file mode creation mask in symbols, `u=rwx,g=rx,o=`: what is allowed, not what is masked.
 * Source: POSIX umask; execline, posix-umask.txt. Pure.
 */

const WHO_LETTERS = "ogu"; // in the order of their bits
const PERMISSIONS: Readonly<Record<string, number>> = { r: 4, w: 2, x: 1, X: 1, s: 0, t: 0 };

/** A clause: for whom, then what is done, once or more. */
const CLAUSE = /^([ugoa]*)((?:[-+=](?:[ugo]|[rwxXst]*))+)$/;
const ACTION = /([-+=])([ugo]|[rwxXst]*)/g;

/** `mask` in symbols. */
export function symbolicMask(mask: number): string {
  const allowed = (shift: number): string =>
    [..."rwx"].filter((letter) => (~(mask >> shift) & PERMISSIONS[letter]!) !== 0).join("");
  return `u=${allowed(6)},g=${allowed(3)},o=${allowed(0)}`;
}

/**
 * The mask after the changes in `text`, clauses separated by commas; undefined if that is no such
 * text. `u=` changes nothing, as in C.
 */
export function applySymbolicMask(mask: number, text: string): number | undefined {
  const allowed = [0, 3, 6].map((shift) => ~(mask >> shift) & 7);
  const clauses = text.split(",");
  if (/^[ugoa]+$/.test(clauses.at(-1)!)) clauses.pop(); // for whom, and nothing to do
  for (const clause of clauses) {
    if (clause === "") continue;
    const [, who, actions] = CLAUSE.exec(clause) ?? [];
    if (who === undefined || actions === undefined) return undefined;
    for (const [, operator, what] of actions.matchAll(ACTION)) {
      if (what === "") continue;
      const source = WHO_LETTERS.indexOf(what!);
      const bits = source === -1
        ? [...what!].reduce((sum, letter) => sum | PERMISSIONS[letter]!, 0)
        : allowed[source]!;
      for (const i of [0, 1, 2].filter((one) => isMeant(who, one))) {
        allowed[i] = operator === "="
          ? bits
          : operator === "+"
          ? allowed[i]! | bits
          : allowed[i]! & ~bits;
      }
    }
  }
  return allowed.reduce((sum, bits, i) => sum | (~bits & 7) << (3 * i), 0);
}

function isMeant(who: string, index: number): boolean {
  return who === "" || who.includes("a") || who.includes(WHO_LETTERS[index]!);
}
