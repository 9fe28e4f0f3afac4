/**
 * s6-rc-db: answers questions about a compiled database. Source: s6-rc, doc/s6-rc-db.html,
 * s6-rc-db.c.
 */
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { EXIT_INVALID, EXIT_UNKNOWN, EXIT_WRONG_TYPE } from "../../lib/rc/core/exit_codes.ts";
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { encodePath } from "../../lib/core/text/path_bytes.ts";
import {
  type RcDatabase,
  resolveName,
  type Service,
  type ServiceNumber,
} from "../../lib/rc/core/database.ts";
import {
  allNames,
  bundleNames,
  descending,
  directNeighbours,
  flagsText,
  fullClosure,
  inconsistency,
  lookUp,
  type NameFilter,
  namesOf,
  pipelineLines,
  serviceNames,
} from "../../lib/rc/core/database_query.ts";
import type { Direction } from "../../lib/rc/core/graph.ts";
import { readCompiled } from "../../lib/rc/read_compiled.ts";
import { type Context, Failure } from "../context.ts";
import { golOptions, usageOnly } from "./gol_options.ts";

const DEFAULT_LIVE = "/run/s6-rc";

const HELP = [
  "s6-rc-db help",
  "s6-rc-db check",
  "s6-rc-db list all|services|oneshots|longruns|bundles",
  "s6-rc-db type servicename",
  "s6-rc-db [ -u | -d ] timeout atomicname",
  "s6-rc-db contents bundlename",
  "s6-rc-db [ -u | -d ] dependencies servicename...",
  "s6-rc-db pipeline longrunname",
  "s6-rc-db [ -u | -d ] script oneshotname",
  "s6-rc-db flags atomicname",
  "s6-rc-db atomics servicename...",
  "s6-rc-db [ -u | -d ] all-dependencies servicename...",
];

export const helpAlone = true;

export const table = {
  summary: "Tells what is in a database that s6-rc-compile has written.",
  usage:
    "[ -u | -d ] [ -l live ] [ -c compiled ] [ -b ] [ -E | -e ] command... (use s6-rc-db help for more information)",
  options: [
    { short: "u", long: "up", text: "timeout and script of the way up; dependencies (default)" },
    { short: "d", long: "down", text: "timeout and script of the way down; dependants" },
    {
      short: "l",
      long: "livedir",
      arg: "DIR",
      text: `the live directory whose database is read; default: ${DEFAULT_LIVE}`,
    },
    { short: "c", long: "compiled", arg: "DIR", text: "the database itself" },
    { short: "b", long: "block", text: "wait for whoever writes the database" },
    { short: "E", long: "with-essentials", text: "name essential services, too (default)" },
    { short: "e", long: "without-essentials", text: "leave out essential services" },
  ],
  commands: [
    ["help", "the commands, as C lists them"],
    ["check", "nothing, if the database is sound"],
    ["list all|services|oneshots|longruns|bundles", "names"],
    ["type NAME", "oneshot, longrun or bundle"],
    ["timeout NAME", "milliseconds; 0 is no limit"],
    ["contents BUNDLE", "the atomic services in it"],
    ["dependencies NAME...", "what these directly need"],
    ["all-dependencies NAME...", "these, and all that they need"],
    ["pipeline LONGRUN", "producer/consumer, one pair a line"],
    ["script ONESHOT", "the words of its command line, each ended by a NUL"],
    ["flags NAME", "8 hexadecimal digits: 1 essential, 2 recommended"],
    ["atomics NAME...", "the atomic services that these mean"],
  ],
  exits: [
    ["0", "told"],
    ["3", "a name is unknown"],
    ["4", "the database is invalid"],
    ["5", "the name is of the wrong type"],
    ["100", "wrong usage"],
    ["111", "system call failed"],
  ],
  example: "s6-rc-db -c /run/s6/db all-dependencies web",
} as const satisfies CommandTable;

interface Question extends NameFilter {
  readonly database: RcDatabase;
  /** The database's name in messages. */
  readonly path: string;
  readonly down: boolean;
  readonly words: readonly string[];
}

type Answer = (question: Question) => string | Uint8Array<ArrayBuffer>;

const LISTS: Readonly<Record<string, (question: Question) => string[]>> = {
  all: ({ database }) => allNames(database),
  bundles: ({ database }) => bundleNames(database),
  longruns: (question) => serviceNames(question.database, "longrun", question),
  oneshots: (question) => serviceNames(question.database, "oneshot", question),
  services: (question) => serviceNames(question.database, undefined, question),
};

// deno-fmt-ignore
const ANSWERS: Readonly<Record<string, Answer>> = {
  "all-dependencies": (question) => union(question, (numbers) => fullClosure(question.database, numbers, direction(question))),
  "atomics": (question) => union(question, descending),
  "check": () => "",
  "contents": contents,
  "dependencies": (question) => union(question, (numbers) => directNeighbours(question.database, numbers, direction(question))),
  "flags": (question) => `${flagsText(atomic(question))}\n`,
  "list": (question) => lines(LISTS[question.words[0]!]!(question)),
  "pipeline": pipeline,
  "script": script,
  "timeout": (question) => `${question.down ? atomic(question).timeoutDownMs : atomic(question).timeoutUpMs}\n`,
  "type": (question) => `${typeOf(question)}\n`,
};

export function main(context: Context): number {
  const options = golOptions(context, table);
  const [command, ...words] = options.operands;
  if (command === undefined) throw usageOnly();
  if (command === "help") {
    context.out(lines(HELP));
    return 0;
  }
  if (!Object.hasOwn(ANSWERS, command)) {
    throw new Failure(EXIT_USAGE, `unknown command: ${command}`);
  }
  if (command !== "check" && words.length === 0) throw usageOnly();
  if (command === "list" && !Object.hasOwn(LISTS, words[0]!)) {
    throw new Failure(EXIT_USAGE, `unknown subcommand: ${words[0]}`);
  }
  const path = options.value("c") ?? `${options.value("l") ?? DEFAULT_LIVE}/compiled`;
  const database = readCompiled(path, { wait: options.flag("b") });
  if ("problem" in database) throw new Failure(database.exitCode, database.problem);
  if (command === "check") {
    const wrong = inconsistency(database);
    if (wrong !== undefined) {
      throw new Failure(EXIT_INVALID, `invalid service database in ${path}: ${wrong}`);
    }
  }
  const question = {
    database,
    path,
    words,
    down: options.last("u", "d") === "d",
    hideEssentials: options.last("E", "e") === "e",
  };
  try {
    context.out(ANSWERS[command]!(question));
  } catch (error) {
    if (error instanceof Silent) return error.code;
    throw error;
  }
  return 0;
}

/** A failure without a message, as in C. */
class Silent extends Error {
  readonly code = EXIT_WRONG_TYPE;
}

function lines(names: readonly string[]): string {
  return names.map((name) => `${name}\n`).join("");
}

function direction({ down }: Question): Direction {
  return down ? "down" : "up";
}

function found({ database, path }: Question, name: string): Service | "bundle" {
  const known = lookUp(database, name);
  if (known === undefined) {
    throw new Failure(EXIT_UNKNOWN, `${name} is not a valid identifier in ${path}`);
  }
  return known;
}

function wrongType({ path, words: [name] }: Question, what: string): Failure {
  return new Failure(EXIT_WRONG_TYPE, `in database ${path}: identifier ${name} represents ${what}`);
}

function atomic(question: Question): Service {
  const known = found(question, question.words[0]!);
  if (known === "bundle") throw wrongType(question, "a bundle");
  return known;
}

function typeOf(question: Question): string {
  const known = found(question, question.words[0]!);
  return known === "bundle" ? known : known.type;
}

function contents(question: Question): string {
  const name = question.words[0]!;
  if (found(question, name) !== "bundle") throw wrongType(question, "an atomic service");
  return lines(namesOf(question.database, question.database.bundles.get(name)!, question));
}

function union(question: Question, pick: (numbers: ServiceNumber[]) => ServiceNumber[]): string {
  const { database, words } = question;
  const numbers = words.flatMap((name) => {
    found(question, name);
    return resolveName(database, name)!;
  });
  return lines(namesOf(database, pick(numbers), question));
}

function pipeline(question: Question): string {
  const known = found(question, question.words[0]!);
  if (known === "bundle" || known.type !== "longrun") throw new Silent();
  return lines(pipelineLines(question.database, known.number));
}

function script(question: Question): Uint8Array<ArrayBuffer> {
  const service = atomic(question);
  if (service.type === "longrun") throw wrongType(question, "a longrun service");
  return encodePath(
    (question.down ? service.down : service.up).map((word) => `${word}\0`).join(""),
  );
}
