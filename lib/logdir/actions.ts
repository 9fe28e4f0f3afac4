/** What a script does with the lines of a block: the chain of stanzas, each selecting lines and acting on them. Source: s6-log(8). */
import type { LineForm, LogAction, LogScript } from "../core/log_script.ts";
import { assembleLines } from "./assembly.ts";
import { Block } from "./block.ts";
import type { Selector } from "./selection.ts";
import { selectorOf } from "./selection.ts";

/** Where lines can go. Each gets whole lines. */
export interface LogSinks {
  logdir(index: number, lines: Uint8Array<ArrayBuffer>): void;
  stdout(lines: Uint8Array<ArrayBuffer>): void;
  /** One line for standard error, ready with its newline but for the program's name. */
  alert(line: Uint8Array<ArrayBuffer>): void;
  status(file: string, content: Uint8Array<ArrayBuffer>): void;
  /** What a line is preceded by now: stamps and prefix. */
  head(form: LineForm): Uint8Array<ArrayBuffer>;
}

interface CompiledStanza {
  readonly selectors: readonly Selector[];
  readonly actions: readonly LogAction[];
}

const LF = 10;
const DOTS = new TextEncoder().encode("...\n");

export class ActionChain {
  readonly #stanzas: readonly CompiledStanza[];
  readonly #sinks: LogSinks;
  /** The one log directory that gets every line as it is, if that is all that the script does. */
  readonly #direct: number | undefined;

  /** @throws {SyntaxError} If a regular expression is none. */
  constructor(script: LogScript, sinks: LogSinks) {
    this.#stanzas = script.stanzas.map(({ selections, actions }) => ({ selectors: selections.map(selectorOf), actions }));
    this.#sinks = sinks;
    const [first] = script.stanzas;
    const action = script.stanzas.length === 1 && first!.selections.length === 0 && first!.actions.length === 1
      ? first!.actions[0]
      : undefined;
    this.#direct = action?.kind === "logdir" && !action.tai64n && !action.local && action.prefix === "" ? action.index : undefined;
  }

  /** @param lines Whole lines; valid during the call. */
  run(lines: Uint8Array<ArrayBuffer>): void {
    if (this.#direct !== undefined) return this.#sinks.logdir(this.#direct, lines);
    const block = new Block(lines);
    const selected = new Uint8Array(block.count).fill(1);
    const acted = new Uint8Array(block.count);
    for (const { selectors, actions } of this.#stanzas) {
      for (const select of selectors) select(block, selected, acted);
      if (!selected.includes(1)) continue;
      for (let i = 0; i < block.count; i++) acted[i]! |= selected[i]!;
      for (const action of actions) this.#act(action, block, selected);
    }
  }

  #act(action: LogAction, block: Block, selected: Uint8Array): void {
    const sinks = this.#sinks;
    switch (action.kind) {
      case "logdir":
        return sinks.logdir(action.index, assembleLines(block, selected, sinks.head(action)));
      case "stdout":
        return sinks.stdout(assembleLines(block, selected, sinks.head(action)));
      case "alert":
        return this.#alert(action.sizeBytes, block, selected, sinks.head(action));
      case "status":
        return this.#status(action.file, action.sizeBytes, block, selected, sinks.head(action));
      default:
        return action satisfies never;
    }
  }

  #alert(sizeBytes: number, block: Block, selected: Uint8Array, head: Uint8Array): void {
    for (let line = selected.indexOf(1); line >= 0; line = selected.indexOf(1, line + 1)) {
      const bytes = block.bytes.subarray(block.starts[line]!, block.starts[line + 1]!);
      const cut = sizeBytes > 0 && sizeBytes + 3 < bytes.length - 1;
      this.#sinks.alert(joined(head, cut ? bytes.subarray(0, sizeBytes) : bytes, cut ? DOTS : bytes.subarray(0, 0)));
    }
  }

  /** Of many lines only the last one is there to be seen. */
  #status(file: string, sizeBytes: number, block: Block, selected: Uint8Array, head: Uint8Array): void {
    const line = selected.lastIndexOf(1);
    const content = joined(head, block.bytes.subarray(block.starts[line]!, block.starts[line + 1]!));
    if (sizeBytes === 0) return this.#sinks.status(file, content);
    const padded = new Uint8Array(Math.max(sizeBytes, Math.min(content.length, sizeBytes))).fill(LF);
    padded.set(content.subarray(0, sizeBytes));
    this.#sinks.status(file, padded);
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let length = 0;
  for (const part of parts) {
    out.set(part, length);
    length += part.length;
  }
  return out;
}
