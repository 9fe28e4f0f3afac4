/**
 * `oom_score_adj`: how much sooner (up to 1000) or later (down to -1000) than its size says the
 * kernel kills a process when memory is short. One point is a thousandth of all the memory that is
 * short: of the control group's limit, or of the machine's.
 *
 * A supervisor of ours is larger than many a service. So that the kernel does not begin with the
 * one process that can repair anything, there is a distance between it and its children that weighs
 * as much as it does itself. Source: the kernel, mm/oom_kill.c, oom_badness; proc(5). Pure.
 */

const LOWEST = -1000;
const HIGHEST = 1000;
/** -1000 would be never: where nothing else is left to kill, the machine should not hang for us. */
const LAST_VICTIM = -999;
/**
 * What one of our processes has resident at most while it starts, and that is more than it has
 * afterwards.
 */
const OUR_BYTES = 64 * 1024 * 1024;

/** Undefined if the text is no such number. */
export function parseOomScoreAdj(text: string): number | undefined {
  const line = text.trim();
  if (!/^[+-]?[0-9]{1,4}$/.test(line)) return undefined;
  const value = Number(line);
  return value >= LOWEST && value <= HIGHEST ? value : undefined;
}

/** The value of a process that must outlive its children, and theirs. */
export interface OomScores {
  readonly own: number;
  readonly children: number;
}

/**
 * The values of a process that was started with `given`, in a place with so much memory: it goes
 * down, and its children keep what it was given; or, if it may not, it stays there and they go up.
 */
export function scoresFor(
  given: number,
  memoryBytes: number,
): { readonly lowered: OomScores; readonly raised: OomScores } {
  const distance = Math.max(1, Math.ceil((HIGHEST * OUR_BYTES) / memoryBytes));
  return {
    lowered: { own: Math.min(given, Math.max(LAST_VICTIM, given - distance)), children: given },
    raised: { own: given, children: Math.min(HIGHEST, given + distance) },
  };
}

/** Both as a word for a process of ours, and back; undefined if it is no such word. */
export function scoresWord({ own, children }: OomScores): string {
  return `${own},${children}`;
}

export function parseScoresWord(word: string): OomScores | undefined {
  const [own, children] = word.split(",").map(parseOomScoreAdj);
  return own === undefined || children === undefined ? undefined : { own, children };
}
