/** Whether the conditions of a service are met. Pure. */
import type { StartCondition } from "../../servicedir/core/start_condition.ts";

export interface ConditionFacts {
  readonly environment: ReadonlyMap<string, string>;
  exists(path: string): boolean;
}

/** Describes the first condition that is not met; undefined if all are met. */
export function unmetCondition(
  conditions: readonly StartCondition[],
  facts: ConditionFacts,
): string | undefined {
  for (const condition of conditions) {
    switch (condition.kind) {
      case "set":
        if (!facts.environment.has(condition.variable)) return `${condition.variable} is not set`;
        break;
      case "unset":
        if (facts.environment.has(condition.variable)) return `${condition.variable} is set`;
        break;
      case "equal":
        if (facts.environment.get(condition.variable) !== condition.value) {
          return `${condition.variable} is not ${condition.value}`;
        }
        break;
      case "exists":
        if (!facts.exists(condition.path)) return `${condition.path} does not exist`;
        break;
      default:
        condition satisfies never;
    }
  }
  return undefined;
}
