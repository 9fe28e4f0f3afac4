/** hexad completions: how shells complete its command lines. */
import { bashCompletion } from "../../lib/core/cli/completion_bash.ts";
import { fishCompletion } from "../../lib/core/cli/completion_fish.ts";
import { zshCompletion } from "../../lib/core/cli/completion_zsh.ts";
import type { DescribedProgram } from "../../lib/core/cli/described_command.ts";
import { suggestion } from "../../lib/core/text/edit_distance.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import type { NamedTable } from "../../lib/core/cli/option_table.ts";
import { SCANDIR_OPTION, SCANDIR_VARIABLE } from "../../lib/core/cli/option_table.ts";
import { printable } from "../../lib/core/text/printable.ts";
import type { Context } from "../context.ts";
import { describedCommands, linkedNames } from "./described_commands.ts";
import { table as programTable } from "./program/table.ts";
import { parseArguments } from "./arguments.ts";
import { chooseServices } from "./service_operands.ts";

const SHELLS: Readonly<Record<string, (program: DescribedProgram) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};
const SERVICES = "services";
const WORDS = [...Object.keys(SHELLS), SERVICES];

export const table = {
  summary:
    "Prints what completes hexad's command lines in a shell: its commands, their options, the names of services. The tarball " +
    "hexad-doc has them in share, where shells look for them. With the word services: prints these names, and those of oneshots.",
  usage: "bash|zsh|fish | [-S DIR] services",
  operands: WORDS,
  options: [SCANDIR_OPTION],
  exits: [["0", "printed"], ["100", "wrong usage; or, for services, no scan directory"], [
    "111",
    "system call failed",
  ]],
  example:
    'eval "$(hexad completions bash)"\nhexad completions zsh >/usr/share/zsh/site-functions/_hexad',
} as const satisfies NamedTable;

export async function main(context: Context): Promise<number> {
  const { operands, value } = parseArguments(context.argv, table);
  const [word, unexpected] = operands;
  if (word === undefined) throw new UsageError(`one of ${WORDS.join(", ")} is needed`);
  if (unexpected !== undefined) throw new UsageError(`unexpected argument: ${unexpected}`);
  if (word === SERVICES) {
    const { services, oneshots } = chooseServices({
      operands: [],
      scandir: value("scandir"),
      variable: () => context.env.get(SCANDIR_VARIABLE),
      withOneshots: true,
    });
    const names = [...services, ...oneshots.map(({ service }) => service)].map(({ name }) => name);
    // a name that is no line of its own can't be told by one
    const lines = names.filter((name) => printable(name) === name);
    context.out(lines.map((name) => `${name}\n`).join(""));
    return 0;
  }
  const make = Object.hasOwn(SHELLS, word) ? SHELLS[word] : undefined;
  if (make === undefined) {
    throw new UsageError(
      `no completions for ${word}${suggestion(word, WORDS) || `; there are ${WORDS.join(", ")}`}`,
    );
  }
  context.out(
    make({ table: programTable, commands: await describedCommands(), others: linkedNames() }),
  );
  return 0;
}
