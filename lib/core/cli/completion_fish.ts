/**
 * Completion of `hexad` for fish, made of its tables. Source: fish's documentation, complete. Pure.
 */
import {
  allOptions,
  type Completion,
  completionOf,
  type DescribedCommand,
  type DescribedProgram,
} from "./described_command.ts";
import type { NamedOption } from "./option_table.ts";

const HEAD = `# fish completion for hexad; made by: hexad completions fish

# the words from the command on: hexad -S DIR COMMAND
function __hexad_words
    set -l words (commandline -opc)
    set -e words[1]
    while set -q words[1]
        switch $words[1]
            case -S --scandir
                set -e words[1]
                set -e words[1]
            case '--scandir=*'
                set -e words[1]
            case '*'
                break
        end
    end
    string join -- \\n $words
end

function __hexad_first
    test (count (__hexad_words)) -eq 0
end

function __hexad_first_s6
    __hexad_first; and string match -q 's6-*' -- (commandline -ct)
end

function __hexad_command
    set -l words (__hexad_words)
    set -q words[1]; and test "$words[1]" = "$argv[1]"
end

function __hexad_services
    set -l words (commandline -opc)
    set -l scandir
    for at in (seq 2 (count $words))
        switch $words[$at]
            case --
                break
            case -S --scandir
                set scandir -S $words[(math $at + 1)]
            case '--scandir=*'
                set scandir -S (string replace -- --scandir= '' $words[$at])
        end
    end
    $words[1] completions services $scandir 2>/dev/null
end

complete -c hexad -f
`;

export function fishCompletion({ table, commands, others }: DescribedProgram): string {
  const lines = [
    ...commands.map(({ name, text }) =>
      `complete -c hexad -n __hexad_first -a ${name} -d ${quoted(text)}`
    ),
    `complete -c hexad -n __hexad_first_s6 -a ${
      quoted(others.filter((name) => name.startsWith("s6-")).join(" "))
    } -d 'command of s6'`,
    ...allOptions(table).map((option) =>
      `complete -c hexad -n __hexad_first ${optionWords(option)}`
    ),
    ...commands.flatMap(commandLines),
  ];
  return `${HEAD}${lines.join("\n")}\n`;
}

function commandLines({ name, table }: DescribedCommand): string[] {
  const head = `complete -c hexad -n '__hexad_command ${name}'`;
  const operands = operandWords(completionOf(table.operands));
  return [
    ...allOptions(table).map((option) => `${head} ${optionWords(option)}`),
    ...(operands === "" ? [] : [`${head} ${operands}`]),
  ];
}

function optionWords({ short, long, arg, kind, text }: NamedOption): string {
  const value = arg === undefined ? "" : ` ${valueWords(completionOf(kind))}`;
  return `${short === undefined ? "" : `-s ${short} `}-l ${long}${value} -d ${quoted(text)}`;
}

function valueWords(completion: Completion): string {
  return completion.kind === "files" ? "-r -F" : `-x ${operandWords(completion)}`.trimEnd();
}

function operandWords(completion: Completion): string {
  switch (completion.kind) {
    case "words":
      return `-a ${quoted(completion.words.join(" "))}`;
    case "services":
      return "-a '(__hexad_services)'";
    case "directories":
      return "-a '(__fish_complete_directories)'";
    case "files":
      return "-F";
    case "nothing":
      return "";
    default:
      return completion satisfies never;
  }
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
