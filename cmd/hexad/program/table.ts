/** What `hexad` takes in the place of a command. */
import { type NamedTable, SCANDIR_OPTION } from "../../../lib/core/cli/option_table.ts";
import { OWN_COMMANDS } from "../commands.ts";

export const table = {
  summary:
    "Supervises services and shows what they do: s6's supervision suite in one program. Runs the command that is named, or that it is called as.",
  usage:
    "[-S DIR] COMMAND [ARGUMENT...] | --list | [--compat SUITE] --install DIR | --version [--json] | --help",
  commands: Object.entries(OWN_COMMANDS).map(([name, { text }]) => [name, text]),
  operands: "none",
  options: [
    { ...SCANDIR_OPTION, text: "for the command: " + SCANDIR_OPTION.text },
    { long: "list", text: "list the commands of s6, one a line" },
    {
      long: "install",
      arg: "DIR",
      kind: "directory",
      text: "make a symbolic link to hexad in DIR for each command of s6",
    },
    {
      long: "compat",
      arg: "SUITE",
      kind: ["baseimage", "runit", "daemontools", "supervisor", "dockerfiles"],
      repeatable: true,
      text: "with --install: for the commands of SUITE instead, or --list them; hexad help compat",
    },
  ],
  exits: [["0", "done"], ["100", "wrong usage"], ["111", "a system call failed"], [
    "127",
    "no command of that name",
  ]],
  example: "hexad status\nhexad s6-svstat /run/service/web",
} as const satisfies NamedTable;
