/**
 * The commands of a unit: prefixes, words, several on one line, variables. Source:
 * systemd.service(5), "Command lines". Pure.
 */
import { type PlannedWord, plannedWord } from "./planned_word.ts";
import type { PlannedCommand, PlannedStep } from "./service_plan.ts";
import type { Entry } from "../../grammars/core/section_file.ts";
import type { UnitContext } from "./unit_context.ts";
import {
  expandUnitWords,
  isExpanded,
  splitWithin,
  unitVariables,
} from "../../grammars/core/unit_expansion.ts";
import { splitUnitCommands } from "../../grammars/core/unit_words.ts";

/** The variables of a unit that are known before it runs. */
export interface UnitVariables {
  readonly known: ReadonlyMap<string, string>;
  /** It reads files at its start, which may set any variable. */
  readonly hasFiles: boolean;
}

/**
 * The commands of a key. An empty value clears the earlier ones. @throws {Refusal} If a quote is
 * not closed.
 */
export function commandsOf(
  context: UnitContext,
  key: string,
  variables: UnitVariables,
): PlannedStep[] {
  let steps: PlannedStep[] = [];
  for (const entry of context.service.takeAll(key)) {
    if (entry.value === "") steps = [];
    else {
      const commands = context.refusing(entry, () => splitUnitCommands(entry.value));
      steps.push(
        ...commands.flatMap((words) =>
          stepOf(context, entry, words.map((word) => context.expand(entry, word)), variables)
        ),
      );
    }
  }
  return steps;
}

function stepOf(
  { notes }: UnitContext,
  entry: Entry,
  [first = "", ...more]: readonly string[],
  variables: UnitVariables,
): PlannedStep[] {
  const [, prefix, program] = /^([-@:+!|]*)([^]*)$/.exec(first)! as unknown as [
    string,
    string,
    string,
  ];
  if (program === "") {
    notes.entry(entry, "it has no program");
    return [];
  }
  const args = prefix.includes("@") ? more.slice(1) : more;
  if (prefix.includes("@")) notes.entry(entry, `its argv[0], ${more[0] ?? ""}, is left out`);
  if (prefix.includes("!")) notes.entry(entry, "the prefix ! has no effect: it runs as its user");
  return [{
    command: prefix.includes(":")
      ? { kind: "words", words: [program, ...args] }
      : commandOf(program, args, variables),
    lenient: prefix.includes("-"),
    ...(prefix.includes("+") ? { asSupervisor: true } : {}),
  }];
}

/**
 * The final words of a command. If there are files of variables, or a list that depends on the
 * environment, `hexad env` builds the words at the start.
 */
function commandOf(
  program: string,
  args: readonly string[],
  { known, hasFiles }: UnitVariables,
): PlannedCommand {
  const words = [program, ...args];
  if (!words.some(isExpanded)) return { kind: "words", words };
  const isKnown = (word: string): boolean =>
    !hasFiles && unitVariables(word).names.every((name) => known.has(name));
  if (words.every(isKnown)) {
    return { kind: "words", words: expandUnitWords(words, (name) => known.get(name)) };
  }
  const isOpenList = words.some((word) => unitVariables(word).isList && !isKnown(word));
  if (hasFiles || isOpenList) return { kind: "unit", words };
  return { kind: "words", words: words.flatMap((word) => inShell(word, known)) };
}

/** Inserts the known values. The others are read from the supervisor's environment. */
function inShell(word: string, known: ReadonlyMap<string, string>): PlannedWord[] {
  if (unitVariables(word).isList) return expandUnitWords([word], (name) => known.get(name));
  return [plannedWord(
    splitWithin(word).map((part) => {
      if (typeof part === "string") return part;
      return known.get(part.variable) ?? { variable: part.variable, isNeeded: false };
    }),
  )];
}
