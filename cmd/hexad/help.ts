/** hexad help: texts for images without manual pages; each is a chunk of its own. */
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { suggestion } from "../../lib/core/text/edit_distance.ts";
import { helpText } from "../../lib/core/cli/help_text.ts";
import type { NamedTable } from "../../lib/core/cli/option_table.ts";
import type { Context } from "../context.ts";
import { Failure } from "../context.ts";
import { linkedNames } from "./described_commands.ts";
import { parseArguments } from "./arguments.ts";
import { OWN_COMMANDS } from "./commands.ts";
import { COMMANDS, COMPAT_COMMANDS, COMPAT_LINKS, LINKS, TOOLS } from "../registry.ts";

interface Topic {
  readonly about: string;
  load(): Promise<{ readonly text: string }>;
}

// deno-fmt-ignore
const TOPICS: Readonly<Record<string, Topic>> = {
  servicedir: { about: "the files of a service directory", load: () => import("../../lib/servicedir/core/servicedir_help.ts") },
  "health-check": { about: "how the health of a service is checked while it runs", load: () => import("../../lib/health/core/health_help.ts") },
  logs: { about: "how services get logs, and how they are read", load: () => import("../../lib/logdir/core/logs_help.ts") },
  overlay: { about: "/init, and the files of an image that it reads", load: () => import("../../lib/core/cli/help/overlay.ts") },
  execline: { about: "scripts for images without a shell", load: () => import("../../lib/core/cli/help/execline.ts") },
  "exit-codes": { about: "what exit codes mean", load: () => import("../../lib/core/cli/help/exit_codes.ts") },
  compat: { about: "names of runit and daemontools, for scripts that call them", load: () => import("../../lib/core/cli/help/compat.ts") },
  migration: { about: "from s6-overlay, runit, supervisord, tini, dumb-init, my_init", load: () => import("../../lib/core/cli/help/migration.ts") },
};

/** All commands, by name. */
const COMMANDS_TOPIC = "commands";

export const table = {
  summary:
    "Shows a text about a topic, or what a command's --help shows. Without a topic: which there are. For images without manual pages.",
  usage: "[TOPIC|COMMAND]",
  operands: [COMMANDS_TOPIC, ...Object.keys(TOPICS), ...Object.keys(OWN_COMMANDS)],
  options: [],
  exits: [["0", "shown"], ["100", "wrong usage, or no such topic"]],
  example: "hexad help\nhexad help servicedir\nhexad help s6-svc",
} as const satisfies NamedTable;

export async function main(context: Context): Promise<number> {
  const words = parseArguments(context.argv, table).operands;
  const topic = words.join(words[0] === "hexad" ? " " : "-").replace(/^hexad /, "");
  context.out(topic === "" ? overview() : await textOf(topic));
  return 0;
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return rows.map(([name, text]) => `  ${name.padEnd(width)}${text}\n`).join("");
}

function overview(): string {
  const topics = Object.entries(TOPICS).map(([name, { about }]) => [name, about] as const);
  return `topics: hexad help TOPIC\n${
    columns([[COMMANDS_TOPIC, "the names of all commands"], ...topics])
  }
commands: hexad COMMAND --help, or hexad help COMMAND
${columns(Object.entries(OWN_COMMANDS).map(([name, { text }]) => [name, text]))}`;
}

/** @throws {Failure} If there is no such topic. */
async function textOf(topic: string): Promise<string> {
  if (Object.hasOwn(TOPICS, topic)) return (await TOPICS[topic]!.load()).text;
  if (topic === COMMANDS_TOPIC) return commandList();
  if (Object.hasOwn(OWN_COMMANDS, topic)) {
    return helpText(`hexad ${topic}`, (await OWN_COMMANDS[topic]!.load()).table);
  }
  for (const group of [COMMANDS, TOOLS, LINKS, COMPAT_COMMANDS, COMPAT_LINKS]) {
    if (Object.hasOwn(group, topic)) return helpText(topic, (await group[topic]!()).table);
  }
  const known = [
    COMMANDS_TOPIC,
    ...Object.keys(TOPICS),
    ...Object.keys(OWN_COMMANDS),
    ...linkedNames(),
  ];
  throw new Failure(
    EXIT_USAGE,
    `no help about ${topic}${suggestion(topic, known) || "; hexad help lists the topics"}`,
  );
}

/** The names alone: what each does, its own help says. */
function commandList(): string {
  const own = Object.keys(OWN_COMMANDS).map((name) => `hexad ${name}`);
  return `${[...own, ...linkedNames()].join("\n")}\n`;
}
