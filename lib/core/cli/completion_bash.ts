/**
 * Completion of `hexad` for bash, made of its tables. Source: bash(1), "Programmable Completion".
 * Pure.
 */
import { quoteForShell } from "../shell/quoting.ts";
import {
  allOptions,
  completionOf,
  type DescribedCommand,
  type DescribedProgram,
  spellings,
} from "./described_command.ts";
import type { NamedOption, NamedTable } from "./option_table.ts";

/**
 * Names of services may hold anything: compgen -W would run what stands in them. What is typed with
 * quotes in it is not completed. Where bash takes `=` for a word of its own, the option is the word
 * before it.
 */
const HEAD = `# bash completion for hexad; made by: hexad completions bash

_hexad_among() {
  local word
  while IFS= read -r word; do
    if [[ -n $word && $word == "$cur"* ]]; then COMPREPLY+=("$(printf %q "$word")"); fi
  done
}

_hexad_services() {
  local at scandir=()
  for (( at = 1; at < COMP_CWORD; at++ )); do
    case \${COMP_WORDS[at]} in
      --) break ;;
      -S|--scandir)
        if [[ \${COMP_WORDS[at + 1]} == = ]]; then (( at++ )); fi
        scandir=(-S "\${COMP_WORDS[at + 1]}") ;;
    esac
  done
  _hexad_among < <("\${COMP_WORDS[0]}" completions services "\${scandir[@]}" 2>/dev/null)
}

_hexad_paths() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen "$1" -- "$cur")
}
`;

export function bashCompletion({ table, commands, others }: DescribedProgram): string {
  return [
    HEAD,
    "_hexad() {",
    "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} at options= first=1",
    "  COMPREPLY=()",
    "  if [[ $cur == = ]]; then cur=; elif [[ $prev == = ]]; then prev=${COMP_WORDS[COMP_CWORD - 2]}; fi",
    "  while [[ ${COMP_WORDS[first]} == -S || ${COMP_WORDS[first]} == --scandir ]]; do",
    "    if [[ ${COMP_WORDS[first + 1]} == = ]]; then (( first += 3 )); else (( first += 2 )); fi",
    "  done",
    "  if (( COMP_CWORD <= first )) || [[ ${COMP_WORDS[first]} == -* ]]; then",
    ...valueCases(table),
    "    case $cur in",
    `      -*) ${among(allOptions(table).flatMap(spellings))} ;;`,
    `      s6-*) ${among(others.filter((name) => name.startsWith("s6-")))} ;;`,
    `      *) ${among(commands.map(({ name }) => name))} ;;`,
    "    esac",
    "    return",
    "  fi",
    "  for (( at = first + 1; at < COMP_CWORD; at++ )); do",
    "    if [[ ${COMP_WORDS[at]} == -- ]]; then prev=; options=none; fi",
    "  done",
    "  case ${COMP_WORDS[first]} in",
    ...commands.flatMap(commandCase),
    "    *) _hexad_paths -f ;;",
    "  esac",
    "}",
    "",
    "complete -F _hexad hexad",
    "",
  ].join("\n");
}

/** What stands behind an option that takes a value. */
function valueCases({ options }: NamedTable): string[] {
  const values = options.filter(({ arg }) => arg !== undefined);
  return values.length === 0 ? [] : ["      case $prev in", ...values.map(valueCase), "      esac"];
}

function commandCase({ name, table }: DescribedCommand): string[] {
  const all = allOptions(table).flatMap(spellings);
  return [
    `    ${name})`,
    ...valueCases(table),
    `      if [[ $cur == -* && $options != none ]]; then ${among(all)}; return; fi`,
    `      ${action(completionOf(table.operands))} ;;`,
  ];
}

function valueCase(option: NamedOption): string {
  return `        ${spellings(option).join("|")}) ${action(completionOf(option.kind))}; return ;;`;
}

function action(completion: ReturnType<typeof completionOf>): string {
  switch (completion.kind) {
    case "words":
      return among(completion.words);
    case "services":
      return "_hexad_services";
    case "directories":
      return "_hexad_paths -d";
    case "files":
      return "_hexad_paths -f";
    case "nothing":
      return ":";
    default:
      return completion satisfies never;
  }
}

function among(words: readonly string[]): string {
  return `_hexad_among < <(printf '%s\\n' ${words.map(quoteForShell).join(" ")})`;
}
