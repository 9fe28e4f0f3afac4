/** The text of a cycle: each name, with the file that leads to it. Pure. */

export interface CycleStep {
  readonly name: string;
  /** The file or other reason why `name` needs the next one. */
  readonly by: string;
}

/** In a longer cycle, the middle is only counted. */
const LONGEST = 40;
const SHOWN_AT_ENDS = 10;

/**
 * `a -> b (dependencies.d/b) -> a (dependencies.d/a)`: each name with the reason why the one before
 * it leads there.
 */
export function pathText(steps: readonly CycleStep[]): string {
  const names = [...steps.slice(1).map(({ name }) => name), steps[0]!.name];
  const arrows = names.map((name, at) => ` -> ${name} (${steps[at]!.by})`);
  if (arrows.length > LONGEST) {
    const hidden = arrows.length - 2 * SHOWN_AT_ENDS;
    arrows.splice(SHOWN_AT_ENDS, hidden, ` -> (${hidden} more)`);
  }
  return `${steps[0]!.name}${arrows.join("")}`;
}
