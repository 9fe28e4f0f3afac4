/**
 * A shell script as the simple commands in it, for those who look at it without running it: words,
 * with what stands between quotes put together; whether a word is literal or the shell would still
 * replace something; the line; how deep in if, loops, functions and braces.
 *
 * It does not understand everything that a shell does, and need not: what it can't follow is a word
 * that is not literal. Linear in the length of the text, whatever that is. Source: POSIX, Shell
 * Command Language. Pure.
 */

export interface ShellWord {
  /** Without quotes; expansions stand as they are written. */
  readonly text: string;
  /** The shell takes it as it is. */
  readonly literal: boolean;
}

export interface ShellCommand {
  readonly words: readonly ShellWord[];
  /** Counted from 1. */
  readonly line: number;
  /** Where its program begins in the text: the first word that is no assignment. */
  readonly at: number;
  /** 0: it is run whenever the script comes there. */
  readonly depth: number;
  /**
   * What follows it: `&`, `|`, `&&`, `||`, or "" for the end of the line, `;` and the end of the
   * script.
   */
  readonly then: string;
}

const OPENING = new Set(["if", "for", "while", "until", "case", "{", "select"]);
const CLOSING = new Set(["fi", "done", "esac", "}"]);
const BETWEEN = new Set(["then", "else", "elif", "do", "!", "time", "function"]);

/**
 * What #step() goes on from. Other blanks of Unicode, and VT and FF, are part of a word, as for the
 * shell.
 */
const WORD_END = new Set(" \t\r\n;&|()<>");

/** The simple commands, in their order. */
export function shellCommands(text: string): ShellCommand[] {
  return new ShellReader(text).commands();
}

class ShellReader {
  readonly #text: string;
  #at = 0;
  #line = 1;
  #depth = 0;
  #words: ShellWord[] = [];
  #wordsLine = 1;
  #wordsAt = 0;
  #hasProgram = false;
  /** For each open case: whether a pattern is next. */
  readonly #cases: boolean[] = [];
  /** Ends of here-documents that begin with the next line. */
  #heredocs: { readonly end: string; readonly tabs: boolean }[] = [];
  readonly #found: ShellCommand[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  commands(): ShellCommand[] {
    while (this.#at < this.#text.length) this.#step();
    this.#endCommand("");
    return this.#found;
  }

  #step(): void {
    const character = this.#text[this.#at]!;
    if (character === "\n") {
      this.#endCommand("");
      this.#at++;
      this.#line++;
      this.#skipHeredocs();
    } else if (character === " " || character === "\t" || character === "\r") {
      this.#at++;
    } else if (character === "#") {
      this.#at = endOf(this.#text, "\n", this.#at);
    } else if (this.#text.startsWith("\\\n", this.#at)) {
      this.#at += 2;
      this.#line++;
    } else if (";&|()".includes(character)) {
      this.#takeOperator();
    } else if (/[<>]/.test(character) || /^\d[<>]/.test(this.#text.slice(this.#at, this.#at + 2))) {
      this.#takeRedirection();
    } else {
      this.#takeWord();
    }
  }

  #takeOperator(): void {
    const operator =
      /^(?:&&|\|\||;;&?|;&|[;&|()])/.exec(this.#text.slice(this.#at, this.#at + 3))![0];
    this.#at += operator.length;
    if (this.#cases.at(-1) && operator === ")") {
      this.#words = []; // they were a pattern
      this.#cases[this.#cases.length - 1] = false;
      return;
    }
    if (operator === "(" && this.#words.length === 1 && this.#text[this.#at] === ")") {
      this.#at++; // a function's name: its body is a group
      this.#words = [];
      return;
    }
    if (this.#cases.at(-1) && (operator === "|" || operator === "(")) return;
    this.#endCommand(
      operator.startsWith(";") || operator === ")" || operator === "(" ? "" : operator,
    );
    if (operator === "(") this.#depth++;
    if (operator === ")") this.#depth = Math.max(0, this.#depth - 1);
    if (operator.startsWith(";;") && this.#cases.length > 0) {
      this.#cases[this.#cases.length - 1] = true;
    }
  }

  #takeRedirection(): void {
    const operator =
      /^\d?(?:<<-?|<<<|<>|>>|>\||[<>]&?)/.exec(this.#text.slice(this.#at, this.#at + 4))![0];
    this.#at += operator.length;
    while (this.#text[this.#at] === " " || this.#text[this.#at] === "\t") this.#at++;
    const word = this.#readWord();
    if (/<<-?$/.test(operator)) {
      this.#heredocs.push({ end: word.text, tabs: operator.endsWith("-") });
    }
  }

  #takeWord(): void {
    const at = this.#at;
    const word = this.#readWord();
    if (this.#words.length === 0 && word.literal && this.#takeKeyword(word.text)) return;
    if (this.#words.length === 0) this.#wordsLine = this.#line;
    if (this.#words.length === 0 || !this.#hasProgram) {
      this.#wordsAt = at;
      this.#hasProgram = !isAssignment(word.text);
    }
    this.#words.push(word);
    // case WORD in
    if (this.#words.length === 3 && this.#words[0]!.text === "case" && word.text === "in") {
      this.#words = [];
      this.#cases.push(true);
    }
  }

  /** Whether it is a word of the shell's own, at the beginning of a command. */
  #takeKeyword(text: string): boolean {
    if (this.#cases.at(-1) && text !== "esac") return false;
    if (CLOSING.has(text)) {
      this.#depth = Math.max(0, this.#depth - 1);
      if (text === "esac") this.#cases.pop();
      return true;
    }
    if (OPENING.has(text)) {
      this.#depth++;
      // the words up to `in` or `do` are none of a command
      if (text === "case" || text === "for" || text === "select") {
        this.#words.push({ text, literal: true });
      }
      return true;
    }
    return BETWEEN.has(text);
  }

  #endCommand(then: string): void {
    const [first] = this.#words;
    const isHead = first !== undefined && first.literal &&
      (first.text === "for" || first.text === "select" || first.text === "case");
    if (first !== undefined && !isHead) {
      this.#found.push({
        words: this.#words,
        line: this.#wordsLine,
        at: this.#wordsAt,
        depth: this.#depth,
        then,
      });
    }
    this.#words = [];
  }

  #readWord(): ShellWord {
    let text = "";
    let literal = true;
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at]!;
      if (WORD_END.has(character)) break;
      if (character === "'") {
        const end = endOf(this.#text, "'", this.#at + 1);
        text += this.#take(this.#at + 1, end);
        this.#at = end + 1;
      } else if (character === '"') {
        const quoted = this.#readDoubleQuoted();
        text += quoted.text;
        literal &&= quoted.literal;
      } else if (character === "\\") {
        text += this.#readEscaped();
      } else if (character === "$" || character === "`") {
        text += this.#readExpansion();
        literal = false;
      } else {
        if ("*?[~".includes(character) && (character !== "~" || text === "")) literal = false;
        text += character;
        this.#at++;
      }
    }
    return { text, literal };
  }

  /** What a backslash takes away the meaning of; a line end goes with it. */
  #readEscaped(): string {
    const escaped = this.#text[this.#at + 1] ?? "";
    this.#at += 2;
    if (escaped !== "\n") return escaped;
    this.#line++;
    return "";
  }

  #readDoubleQuoted(): ShellWord {
    let text = "";
    let literal = true;
    this.#at++;
    while (this.#at < this.#text.length && this.#text[this.#at] !== '"') {
      const character = this.#text[this.#at]!;
      if (character === "\\" && '$`"\\\n'.includes(this.#text[this.#at + 1] ?? " ")) {
        text += this.#readEscaped();
      } else if (character === "$" || character === "`") {
        text += this.#readExpansion();
        literal = false;
      } else {
        if (character === "\n") this.#line++;
        text += character;
        this.#at++;
      }
    }
    this.#at++;
    return { text, literal };
  }

  /** `$name`, `${...}`, `$(...)`, `` `...` ``, as they are written. */
  #readExpansion(): string {
    const start = this.#at;
    const two = this.#text.slice(start, start + 2);
    if (two.startsWith("`")) this.#at = endOf(this.#text, "`", start + 1) + 1;
    else if (two === "$(") this.#at = closing(this.#text, start + 1, "(", ")");
    else if (two === "${") this.#at = closing(this.#text, start + 1, "{", "}");
    else {this.#at = start +
        (/^\$(?:[A-Za-z_][A-Za-z0-9_]*|.)/.exec(this.#text.slice(start, start + 256))?.[0].length ??
          1);}
    return this.#take(start, Math.min(this.#at, this.#text.length));
  }

  /** A piece of the text; its lines are counted. */
  #take(start: number, end: number): string {
    const piece = this.#text.slice(start, end);
    for (let at = piece.indexOf("\n"); at >= 0; at = piece.indexOf("\n", at + 1)) this.#line++;
    return piece;
  }

  #skipHeredocs(): void {
    for (const { end, tabs } of this.#heredocs) {
      while (this.#at < this.#text.length) {
        const stop = endOf(this.#text, "\n", this.#at);
        const line = this.#text.slice(this.#at, stop);
        this.#at = stop + 1;
        this.#line++;
        if ((tabs ? line.replace(/^\t+/, "") : line) === end) break;
      }
    }
    this.#heredocs = [];
  }
}

/** `NAME=VALUE`, which before a program is a variable. */
export function isAssignment(word: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*=/.test(word);
}

/** Where `mark` is, or the end. */
function endOf(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at < 0 ? text.length : at;
}

/** Behind the bracket that closes the one at `at`, quotes and escapes passed over; or the end. */
function closing(text: string, at: number, open: string, close: string): number {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    const character = text[i]!;
    if (character === "\\") i++;
    else if (character === "'") i = endOf(text, "'", i + 1);
    else if (character === open) depth++;
    else if (character === close && --depth === 0) return i + 1;
  }
  return text.length;
}
