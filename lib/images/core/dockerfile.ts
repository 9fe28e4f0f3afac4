/**
 * What a Dockerfile says about images: the tags that its own is to have, and the images that it
 * takes files from. Pure.
 */
import {
  type DockerfileProblem,
  type EscapeCharacter,
  type Instruction,
  rawWords,
  readInstructions,
} from "./dockerfile_instructions.ts";
import { parseReference } from "./image_reference.ts";
import { expandWord } from "./variable_expansion.ts";

/** An image that is needed, whether it is built here or not. */
export interface ImageUse {
  /** As it stands there, with the values of variables. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
  /** `FROM`, `COPY --from`, `RUN --mount`. */
  readonly by: string;
}

export interface Dockerfile {
  /** Undefined if it has no line of tags. */
  readonly tags: readonly string[] | undefined;
  readonly uses: readonly ImageUse[];
  readonly problems: readonly DockerfileProblem[];
}

export interface BuildSettings {
  /** Those of `--build-arg`. */
  readonly buildArgs: ReadonlyMap<string, string>;
  /** `OS/ARCHITECTURE[/VARIANT]`; undefined for that of this machine. */
  readonly platform: string | undefined;
  readonly buildPlatform: string;
}

const TAGS = /^tags(?:\s+(.*))?$/i;
const NOTHING = "scratch";

export function readDockerfile(text: string, settings: BuildSettings): Dockerfile {
  const { instructions, comment, escape, problems } = readInstructions(text);
  const reader = new DockerfileReader(settings, escape, stageNames(instructions));
  for (const instruction of instructions) reader.read(instruction);
  if (!instructions.some(({ keyword }) => keyword === "FROM")) {
    reader.problem("error", 1, "there is no FROM");
  }
  const words = TAGS.exec(comment?.text ?? "");
  return {
    tags: words === null ? undefined : [...new Set((words[1] ?? "").match(/\S+/g) ?? [])],
    uses: reader.uses,
    problems: [...problems, ...reader.problems],
  };
}

/** In their order; "" for a stage without a name. */
function stageNames(instructions: readonly Instruction[]): string[] {
  return instructions.filter(({ keyword }) => keyword === "FROM").map(({ text }) =>
    /\sas\s+(\S+)\s*$/i.exec(text)?.[1]?.toLowerCase() ?? ""
  );
}

class DockerfileReader {
  readonly uses: ImageUse[] = [];
  readonly problems: DockerfileProblem[] = [];
  readonly #buildArgs: ReadonlyMap<string, string>;
  readonly #escape: EscapeCharacter;
  readonly #stages: readonly string[];
  /** The variables of FROM lines: ARG before the first of them, and the platforms. */
  readonly #globals: Map<string, string>;
  /** ARG without a value, before the first FROM. */
  readonly #valueless = new Set<string>();
  #scope: Map<string, string>;
  /** How many FROM lines have been read. */
  #begun = 0;

  constructor(settings: BuildSettings, escape: EscapeCharacter, stages: readonly string[]) {
    this.#buildArgs = settings.buildArgs;
    this.#escape = escape;
    this.#stages = stages;
    this.#globals = platformVariables(settings);
    this.#scope = this.#globals;
  }

  read({ keyword, text, line }: Instruction, prefix = ""): void {
    if (keyword === "ARG") return this.#readArg(text);
    if (keyword === "FROM") return this.#readFrom(text, line);
    const [, trigger = "", rest = ""] = /^(\S+)\s*([^]*)$/.exec(text) ?? [];
    if (keyword === "ONBUILD" && prefix === "") {
      // who builds on this image needs that one; a use of our own has the same effect on the order
      return this.read({ keyword: trigger.toUpperCase(), text: rest, line }, "ONBUILD ");
    }
    for (const flag of leadingFlags(text)) {
      const from = sourceOf(keyword, flag, this.#escape);
      if (from !== undefined) this.#readSource(from, line, `${prefix}${keyword} ${flag.by}`);
    }
  }

  problem(severity: DockerfileProblem["severity"], line: number, text: string): void {
    this.problems.push({ severity, line, text });
  }

  #readArg(text: string): void {
    for (const word of rawWords(text)) {
      const [, name = "", value] = /^([^=]+)(?:=([^]*))?$/.exec(word) ?? [];
      const isGlobal = this.#begun === 0;
      const given = this.#buildArgs.get(name) ??
        (value === undefined
          ? isGlobal ? undefined : this.#globals.get(name)
          : expandWord(value, this.#scope, this.#escape).text);
      if (given !== undefined) this.#scope.set(name, given);
      else if (isGlobal) this.#valueless.add(name);
    }
  }

  #readFrom(text: string, line: number): void {
    const words = rawWords(text).filter((word) => !word.startsWith("--"));
    const [word = "", as, name] = words;
    const index = this.#begun++;
    this.#scope = new Map();
    if (words.length !== 1 && (words.length !== 3 || as!.toLowerCase() !== "as")) {
      return this.problem("error", line, "FROM needs an image, or IMAGE AS NAME");
    }
    if (name !== undefined && !/^[a-z][a-z0-9-_.]*$/i.test(name)) {
      this.problem("error", line, `${name} can't be the name of a stage`);
    }
    const { text: image, missing } = expandWord(word, this.#globals, this.#escape);
    if (missing.length > 0) return this.#tellMissing(missing, line, "FROM");
    if (this.#stages.slice(0, index).includes(image.toLowerCase())) return;
    this.#use(image, line, "FROM");
  }

  /** `from` names a stage, has the number of one, or names an image. */
  #readSource(from: string, line: number, by: string): void {
    const { text, missing } = expandWord(from, this.#scope, this.#escape);
    if (missing.length > 0) return this.#tellMissing(missing, line, by);
    if (text === "" || this.#stages.includes(text.toLowerCase())) return;
    if (!/^\d+$/.test(text)) return this.#use(text, line, by);
    if (Number(text) >= this.#begun - 1) {
      this.problem("error", line, `${by}=${text}: there is no stage ${text} before this line`);
    }
  }

  #tellMissing(names: readonly string[], line: number, by: string): void {
    for (const name of names) {
      const cause = this.#valueless.has(name)
        ? `ARG ${name} has no value; --build-arg ${name}=VALUE gives it one`
        : `no ARG ${name} is in force there`;
      this.problem("warning", line, `which image ${by} means is not known: ${cause}`);
    }
  }

  #use(text: string, line: number, by: string): void {
    if (text === NOTHING) return;
    if (parseReference(text) === undefined) {
      return this.problem("error", line, `${by}: ${text} is no name of an image`);
    }
    this.uses.push({ text, line, by });
  }
}

interface Flag {
  /** `--from`. */
  readonly by: string;
  readonly value: string;
}

/** The options that stand before the first other word. */
function leadingFlags(text: string): Flag[] {
  const flags: Flag[] = [];
  for (const word of rawWords(text)) {
    const [, by, value] = /^(--[a-z-]+)(?:=([^]*))?$/i.exec(word) ?? [];
    if (by === undefined) break;
    flags.push({ by, value: value ?? "" });
  }
  return flags;
}

/** What `--from=` or `--mount=...,from=` names; undefined for other options. */
function sourceOf(
  keyword: string,
  { by, value }: Flag,
  escape: EscapeCharacter,
): string | undefined {
  if ((keyword === "COPY" || keyword === "ADD") && by === "--from") return value;
  if (keyword !== "RUN" || by !== "--mount") return undefined;
  // quotes round the whole; a value in it may have variables still
  const fields = value.replaceAll(/["']/g, "").split(",");
  const from = fields.map((field) => /^\s*from=(.*)$/.exec(field)?.[1]).find((each) =>
    each !== undefined
  );
  return from?.replaceAll(`${escape}\n`, "");
}

/** What BuildKit sets without being asked. */
function platformVariables({ platform, buildPlatform }: BuildSettings): Map<string, string> {
  const variables = new Map<string, string>();
  for (const [kind, name] of [["BUILD", buildPlatform], ["TARGET", platform ?? buildPlatform]]) {
    // of several, any may be meant: the first stands for them
    const first = name!.split(",")[0]!;
    const [os = "", architecture = "", variant = ""] = first.split("/");
    variables.set(`${kind}PLATFORM`, first);
    variables.set(`${kind}OS`, os);
    variables.set(`${kind}ARCH`, architecture);
    variables.set(`${kind}VARIANT`, variant);
  }
  return variables;
}
