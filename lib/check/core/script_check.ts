/**
 * What can be said of a script without running it, beyond its syntax: that each link has its
 * options, its operands, its blocks, and a program behind it. Where a word has a `$` it may be any
 * number of words, so what is found behind one is a warning only. Pure.
 */
import { CHAIN_SHAPES, type ChainShape, type Part } from "../../execline/core/chain_shape.ts";
import { insteadOf } from "../../core/diagnosis/absent_commands.ts";
import { lastComponent } from "../../core/text/path_name.ts";
import { meantWord } from "../../core/text/edit_distance.ts";
import { isCommandPath } from "../../execline/core/command_path.ts";
import { leadingBlock } from "../../execline/core/el_semicolon.ts";
import { type OptionSpec, parseOptions, UsageError } from "../../core/cli/getopt.ts";
import {
  shellCommandText,
  shellWords,
  type SourceLines,
  unsubstituted,
} from "./shell_in_execline.ts";
import type { Place, Words } from "../../execline/core/words.ts";

export interface Finding {
  readonly kind: "error" | "warning";
  readonly place: Place;
  readonly text: string;
}

/** What is known of commands. */
export interface KnownCommands {
  readonly names: readonly string[];
  /** The options of a link; undefined if all its words are operands, or it is none. */
  options(name: string): readonly OptionSpec[] | undefined;
  /**
   * Is there a program of this name on this machine? Then a name that looks misspelt is none of
   * ours.
   */
  isProgram(name: string): boolean;
}

/**
 * Looks at a command line, which is not empty. The places of its words must be known.
 *
 * @param source The text of the script, which knows what is in quotes
 */
export function checkCommandLine(
  words: Words,
  known: KnownCommands,
  source?: string,
): Finding[] {
  const findings: Finding[] = [];
  const named = new Set(words.texts.map((word) => word.trim()));
  new Checker({ known, findings, lines: source?.split("\n"), named }).follow(words, false);
  return findings.sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column);
}

class Checker {
  readonly #known: KnownCommands;
  readonly #findings: Finding[];
  readonly #lines: SourceLines;
  readonly #named: ReadonlySet<string>;

  constructor(
    { known, findings, lines, named }: {
      readonly known: KnownCommands;
      readonly findings: Finding[];
      readonly lines: SourceLines;
      /** All words of the script. */
      readonly named: ReadonlySet<string>;
    },
  ) {
    this.#known = known;
    this.#findings = findings;
    this.#lines = lines;
    this.#named = named;
  }

  /** From link to link. @param uncertain Whether a word before these may be any number of words. */
  follow(words: Words, uncertain: boolean): void {
    let rest: Words | undefined = words;
    let doubt = uncertain;
    while (rest !== undefined && rest.length > 0) {
      const word: string = rest.first!;
      const name: string = isCommandPath(word) ? lastComponent(word) : word;
      if (name.includes("$")) return;
      const shape: ChainShape | undefined = Object.hasOwn(CHAIN_SHAPES, name)
        ? CHAIN_SHAPES[name]
        : undefined;
      if (shape === undefined) {
        this.#checkShell(rest);
        return this.#checkName(rest);
      }
      this.#checkExport(rest);
      const link: LinkCheck = new LinkCheck(
        rest,
        doubt,
        this.#findings,
        (block, unsure) => this.follow(block, unsure),
      );
      rest = link.check(shape, this.#known.options(name));
      doubt = link.uncertain;
    }
  }

  /** A program and its arguments, in which a shell's language may stand. */
  #checkShell(words: Words): void {
    const name = words.first!;
    const text = this.#known.isProgram(name) ? undefined : shellCommandText(name);
    const found = [
      ...(text === undefined ? [] : [{ place: words.place!, text }]),
      ...shellWords(words, this.#lines),
      ...unsubstituted(words, this.#named, this.#lines),
    ];
    this.#findings.push(...found.map((idiom) => ({ kind: "warning", ...idiom }) as const));
  }

  /** `export A=b`. */
  #checkExport(words: Words): void {
    const assigned = lastComponent(words.first!) === "export" ? words.at(1) : undefined;
    if (assigned === undefined || !assigned.includes("=")) return;
    this.#findings.push({
      kind: "warning",
      place: words.placeAt(1) ?? words.place!,
      text: `export: ${assigned} is a name with = in it: write export ${
        assigned.replace("=", " ").trim()
      }`,
    });
  }

  /** A program that is not one of the links known here: perhaps one was meant. */
  #checkName(words: Words): void {
    const name = words.first!;
    const { names } = this.#known;
    const instead = this.#known.isProgram(lastComponent(name)) ? undefined : insteadOf(name);
    if (instead !== undefined) {
      this.#findings.push({
        kind: "warning",
        place: words.place!,
        text: `hexad has no ${lastComponent(name)}: ${instead}`,
      });
      return;
    }
    if (name.includes("/") || names.includes(name) || this.#known.isProgram(name)) return;
    const meant = meantWord(name, names);
    const near = meant !== undefined && name.length > 2 && Math.abs(meant.length - name.length) < 2;
    if (near) {
      this.#findings.push({
        kind: "warning",
        place: words.place!,
        text: `no program ${name} here; did you mean ${meant}?`,
      });
    }
  }
}

/** One link and its arguments. */
class LinkCheck {
  readonly #link: Words;
  readonly #findings: Finding[];
  readonly #followBlock: (block: Words, uncertain: boolean) => void;
  uncertain: boolean;

  constructor(
    link: Words,
    uncertain: boolean,
    findings: Finding[],
    followBlock: (block: Words, uncertain: boolean) => void,
  ) {
    this.#link = link;
    this.uncertain = uncertain;
    this.#findings = findings;
    this.#followBlock = followBlock;
  }

  /**
   * The command line behind it; undefined if there is none, or if it can't be told where it begins.
   */
  check(shape: ChainShape, options: readonly OptionSpec[] | undefined): Words | undefined {
    const operands = this.#behindOptions(options);
    if (operands === undefined) return undefined;
    // of importas -S the key is the variable
    const parts = lastComponent(this.#link.first!) === "importas" && operands.given.includes("S")
      ? shape.parts.slice(1)
      : shape.parts;
    let words: Words | undefined = operands.words;
    for (const part of parts) {
      words = this.#take(part, words);
      if (words === undefined) return undefined;
    }
    if (shape.next === "none") return undefined;
    if (words.length === 0 && shape.next === "needed") this.#complain("no program behind it");
    return words;
  }

  #behindOptions(
    options: readonly OptionSpec[] | undefined,
  ): { readonly given: readonly string[]; readonly words: Words } | undefined {
    const words = this.#link.slice(1);
    if (options === undefined) return { given: [], words };
    try {
      const parsed = parseOptions(words, options);
      this.#doubt(words.slice(0, parsed.operandsAt).texts);
      return {
        given: parsed.options.map(({ name }) => name),
        words: words.slice(parsed.operandsAt),
      };
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      this.#complain(error.message);
      return undefined;
    }
  }

  #take(part: Part, words: Words): Words | undefined {
    if (part === "word") {
      if (words.length === 0) return this.#complain("too few arguments");
      this.#doubt([words.first!]);
      return words.slice(1);
    }
    const split = leadingBlock(words);
    if (words.length === 0 || split === undefined) {
      return this.#complain("a block is missing: { ... }");
    }
    // a script's own blocks have their spaces; a word without one stands where the { should be
    const stray = split.unquoted[0];
    if (stray !== undefined) {
      return this.#complain(
        `a block is missing: { before ${words.at(stray)}`,
        words.placeAt(stray),
      );
    }
    const { length } = split.block;
    const block = words.slice(0, length).withTexts(split.block);
    if (part === "block") this.#followBlock(block, this.uncertain);
    else if (part === "cases") this.#takeCases(block);
    return words.slice(length + 1);
  }

  /** Patterns, each with a block. */
  #takeCases(cases: Words): void {
    for (let words: Words | undefined = cases; words !== undefined && words.length > 0;) {
      this.#doubt([words.first!]);
      words = this.#take("block", words.slice(1));
    }
  }

  #doubt(texts: readonly string[]): void {
    this.uncertain ||= texts.some((text) => text.includes("$"));
  }

  #complain(text: string, place = this.#link.place): undefined {
    this.#findings.push({
      kind: this.uncertain ? "warning" : "error",
      place: place!,
      text: `${this.#link.first}: ${text}`,
    });
  }
}
