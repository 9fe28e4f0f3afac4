/**
 * A file of variables, in the grammar of the program that invented it. This is no shell: nothing is
 * executed, and `$` has no meaning.
 *
 * systemd: EnvironmentFile=, with quotes, backslashes and continued lines. foreman: .env, with
 * quotes around a whole value. docker: --env-file, with literal values; a name alone takes its
 * value from the environment. Source: systemd, src/basic/env-file.c and systemd.exec(5); foreman,
 * lib/foreman/env.rb; docker/cli, pkg/kvfile. Pure.
 */
import { readComposeEnvironment } from "./compose_environment.ts";
import type { EnvironmentFormat, FileVariables } from "./environment_format.ts";

/** @param outer The environment, for a name alone in a docker file */
export function parseEnvironmentFile(
  text: string,
  format: EnvironmentFormat,
  outer: (name: string) => string | undefined,
): FileVariables {
  switch (format) {
    case "systemd":
      return new SystemdReader(text).read();
    case "foreman":
      return readForeman(text);
    case "docker":
      return readDocker(text, outer);
    case "compose":
      return readComposeEnvironment(text, outer);
    default:
      return format satisfies never;
  }
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const BLANK = " \t\n\r";
const NEWLINE = "\n\r";
/** The characters that a backslash escapes within double quotes. */
const ESCAPED_IN_QUOTES = '"\\`$';

/** The state of #read between two characters. */
type State =
  | "before key"
  | "key"
  | "before value"
  | "value"
  | "escape"
  | "single"
  | "double"
  | "double escape"
  | "comment"
  | "comment escape";

class SystemdReader {
  readonly #text: string;
  readonly #variables: (readonly [string, string])[] = [];
  readonly #faults: { line: number; text: string }[] = [];
  #key = "";
  #value = "";
  /** This much of the value is kept even if it is blank, because it was quoted or escaped. */
  #kept = 0;
  #line = 1;
  #keyLine = 1;

  constructor(text: string) {
    this.#text = text;
  }

  read(): FileVariables {
    let state: State = "before key";
    for (const character of this.#text) {
      state = this.#step(state, character);
      if (character === "\n") this.#line++;
    }
    if (!["before key", "key", "comment", "comment escape"].includes(state)) this.#push();
    return { variables: this.#variables, faults: this.#faults };
  }

  #step(state: State, character: string): State {
    const isNewline = NEWLINE.includes(character);
    switch (state) {
      case "before key":
        if ("#;".includes(character)) return "comment";
        if (BLANK.includes(character)) return state;
        this.#key = character;
        this.#keyLine = this.#line;
        return "key";
      case "key":
        if (isNewline) {
          this.#faults.push({ line: this.#keyLine, text: `${this.#key}: not NAME=VALUE` });
          return "before key";
        }
        if (character !== "=") {
          this.#key += character;
          return state;
        }
        this.#value = "";
        this.#kept = 0;
        return "before value";
      case "before value":
        if (isNewline) return this.#push();
        if (character === "'") return "single";
        if (character === '"') return "double";
        if (character === "\\") return "escape";
        if (BLANK.includes(character)) return state;
        this.#value += character;
        return "value";
      case "value":
        if (isNewline) return this.#push();
        if (character === "\\") return "escape";
        this.#value += character;
        return state;
      case "escape":
        if (!isNewline) this.#keep(character);
        return "value";
      case "single":
        if (character === "'") return "before value";
        this.#keep(character);
        return state;
      case "double":
        if (character === '"') return "before value";
        if (character === "\\") return "double escape";
        this.#keep(character);
        return state;
      case "double escape":
        if (ESCAPED_IN_QUOTES.includes(character)) this.#keep(character);
        else if (character !== "\n") this.#keep(`\\${character}`);
        return "double";
      case "comment":
        if (character === "\\") return "comment escape";
        return isNewline ? "before key" : state;
      case "comment escape":
        return "comment";
      default:
        return state satisfies never;
    }
  }

  #keep(text: string): void {
    this.#value += text;
    this.#kept = this.#value.length;
  }

  #push(): State {
    const name = this.#key.replace(/[ \t]+$/, "");
    const value = this.#value.slice(0, this.#kept) +
      this.#value.slice(this.#kept).replace(/[ \t]+$/, "");
    if (!NAME.test(name)) {
      this.#faults.push({ line: this.#keyLine, text: `${name}: no name of a variable` });
    } else if (hasControlCharacter(value)) {
      this.#faults.push({ line: this.#keyLine, text: `${name}: its value has control characters` });
    } else this.#variables.push([name, value]);
    return "before key";
  }
}

/** Other than tab and newline. */
function hasControlCharacter(text: string): boolean {
  return [...text].some((character) =>
    (character < " " && character !== "\t" && character !== "\n") || character === "\x7f"
  );
}

function readForeman(text: string): FileVariables {
  const variables = text.replaceAll("\r\n", "\n").split("\n").flatMap((line) => {
    const match = /^([A-Za-z_0-9]+)=([^]*)$/.exec(line);
    if (match === null) return [];
    return [[match[1]!, foremanValue(match[2]!)] as const];
  });
  return { variables, faults: [] };
}

function foremanValue(text: string): string {
  if (/^'[^]*'$/.test(text) && text.length > 1) return text.slice(1, -1);
  if (!/^"[^]*"$/.test(text) || text.length < 2) return text;
  return text.slice(1, -1).replaceAll("\\n", "\n").replace(/\\([^])/g, "$1");
}

function readDocker(text: string, outer: (name: string) => string | undefined): FileVariables {
  const variables: (readonly [string, string])[] = [];
  const faults: { line: number; text: string }[] = [];
  for (const [at, raw] of text.replace(/^\uFEFF/, "").split(/\r?\n/).entries()) {
    const line = raw.trimStart();
    if (line === "" || line.startsWith("#")) continue;
    const equals = line.indexOf("=");
    const name = equals < 0 ? line : line.slice(0, equals);
    const value = equals < 0 ? outer(name.trim()) : line.slice(equals + 1);
    if (name.trim() === "" || /[ \t]/.test(name.trimEnd()) || (equals >= 0 && /\s$/.test(name))) {
      faults.push({ line: at + 1, text: `${name}: no name of a variable` });
    } else if (value !== undefined) variables.push([name.trim(), value]);
  }
  return { variables, faults };
}
