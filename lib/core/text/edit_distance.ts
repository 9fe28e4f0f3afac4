/**
 * What a misspelt word was meant to be.
 *
 * The distance counts letters that are missing, too many, wrong, or swapped with their neighbour
 * (optimal string alignment). Pure.
 */

/** How many edits turn `a` into `b`. */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last: number[] = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let edits = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        edits = Math.min(edits, before[j - 2]! + 1);
      }
      row.push(edits);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
}

/** Longer words are not corrected. */
const LONGEST_WORD = 64;

/**
 * The candidate that `word` most likely was meant to be: the nearest, if a third of the word or
 * less is wrong, or the one that it begins.
 */
export function meantWord(word: string, candidates: readonly string[]): string | undefined {
  if (word === "" || word.length > LONGEST_WORD) return undefined;
  const begun = candidates.filter((candidate) => candidate.startsWith(word));
  if (begun.length === 1) return begun[0];
  let best: string | undefined;
  let fewest = Math.max(1, Math.floor(word.length / 3));
  for (const candidate of candidates) {
    const edits = editDistance(word, candidate);
    if (edits > fewest || (edits === fewest && best !== undefined)) continue;
    best = candidate;
    fewest = edits;
  }
  return best;
}

/** The candidates that `word` may have been meant to be, the nearest first, at most `most`. */
export function meantWords(
  word: string,
  candidates: readonly string[],
  most: number,
): readonly string[] {
  if (word === "" || word.length > LONGEST_WORD) return [];
  const farthest = Math.max(1, Math.floor(word.length / 3));
  const ranks = candidates.map((candidate) => ({
    candidate,
    edits: candidate.startsWith(word) ? 0 : editDistance(word, candidate),
  }));
  return ranks.filter(({ edits }) => edits <= farthest).sort((a, b) => a.edits - b.edits)
    .slice(0, most).map(({ candidate }) => candidate);
}

/** `; did you mean X?` for a message, or nothing. */
export function suggestion(word: string, candidates: readonly string[]): string {
  const meant = meantWord(word, candidates);
  return meant === undefined ? "" : `; did you mean ${meant}?`;
}
