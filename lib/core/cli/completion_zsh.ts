/** Completion of `hexad` for zsh, made of its tables. Source: zshcompsys(1), _arguments. Pure. */
import { quoteForShell } from "../shell/quoting.ts";
import {
  allOptions,
  type Completion,
  completionOf,
  type DescribedCommand,
  type DescribedProgram,
} from "./described_command.ts";
import type { NamedOption } from "./option_table.ts";

const HEAD = `#compdef hexad
# zsh completion for hexad; made by: hexad completions zsh

_hexad_services() {
  local -a names
  local at
  for (( at = 1; at < CURRENT; at++ )); do
    case $words[at] in
      --) break ;;
      -S|--scandir) scandir=(-S "\${(Q)words[at + 1]}") ;;
      --scandir=*) scandir=(-S "\${(Q)words[at]#*=}") ;;
    esac
  done
  names=("\${(@f)$("$_hexad_program" completions services $scandir 2>/dev/null)}")
  _wanted services expl service compadd -a names
}
`;

export function zshCompletion({ table, commands, others }: DescribedProgram): string {
  return [
    HEAD,
    "_hexad() {",
    "  local _hexad_program=${(Q)words[1]} context state line",
    "  local -a commands others expl scandir",
    "  typeset -A opt_args",
    "  # hexad -S DIR COMMAND completes as hexad COMMAND does, in that scan directory",
    "  while (( CURRENT > 2 )); do",
    "    case $words[2] in",
    "      -S|--scandir)",
    "        (( CURRENT > 3 )) || break",
    '        scandir=(-S "${(Q)words[3]}")',
    "        words[2,3]=()",
    "        (( CURRENT -= 2 )) ;;",
    "      --scandir=*)",
    '        scandir=(-S "${(Q)words[2]#*=}")',
    "        words[2]=()",
    "        (( CURRENT-- )) ;;",
    "      *) break ;;",
    "    esac",
    "  done",
    "  if (( CURRENT == 2 )) && [[ $words[CURRENT] != -* ]]; then",
    "    if [[ $words[CURRENT] == s6-* ]]; then",
    `      others=(${
      others.filter((name) => name.startsWith("s6-")).map(quoteForShell).join(" ")
    })`,
    "      _wanted others expl 'command of s6' compadd -a others",
    "      return",
    "    fi",
    "    commands=(",
    ...commands.map(({ name, text }) => `      ${quoteForShell(`${name}:${escaped(text)}`)}`),
    "    )",
    "    _describe -t commands command commands",
    "    return",
    "  fi",
    "  case $words[2] in",
    ...commands.flatMap(commandCase),
    "    -*)",
    "      _arguments -s -S \\",
    ...continued(allOptions(table).flatMap(optionSpecs)),
    "    *) _files ;;",
    "  esac",
    "}",
    "",
    '_hexad "$@"',
    "",
  ].join("\n");
}

function commandCase({ name, table }: DescribedCommand): string[] {
  const operands = completionOf(table.operands);
  const specs = [
    ...allOptions(table).flatMap(optionSpecs),
    ...(table.operands === "none" ? [] : [
      quoteForShell(
        `*:${operands.kind === "words" ? "word" : operands.kind}:${action(operands)}`,
      ),
    ]),
  ];
  return [
    `    ${name})`,
    "      shift words",
    "      (( CURRENT-- ))",
    "      _arguments -s -S \\",
    ...continued(specs),
  ];
}

/** The arguments of a command that goes over several lines, and ends a case. */
function continued(specs: readonly string[]): string[] {
  return specs.map((spec, at) => `        ${spec}${at === specs.length - 1 ? " ;;" : " \\"}`);
}

/** One for each spelling; an option that was given is not offered again in either. */
function optionSpecs(option: NamedOption): string[] {
  const { short, long, arg, text, kind, repeatable } = option;
  const both = [...(short === undefined ? [] : [`-${short}`]), `--${long}`];
  const value = arg === undefined ? "" : `:${arg}:${action(completionOf(kind))}`;
  const head = repeatable ? "*" : `(${both.join(" ")})`;
  return [
    ...(short === undefined ? [] : [
      quoteForShell(`${head}-${short}${arg === undefined ? "" : "+"}[${escaped(text)}]${value}`),
    ]),
    quoteForShell(`${head}--${long}${arg === undefined ? "" : "="}[${escaped(text)}]${value}`),
  ];
}

function action(completion: Completion): string {
  switch (completion.kind) {
    case "words":
      return `(${completion.words.join(" ")})`;
    case "services":
      return "_hexad_services";
    case "directories":
      return "_files -/";
    case "files":
      return "_files";
    case "nothing":
      return " ";
    default:
      return completion satisfies never;
  }
}

/** In the explanations of _arguments and _describe. */
function escaped(text: string): string {
  return text.replace(/[\\[\]:]/g, "\\$&");
}
