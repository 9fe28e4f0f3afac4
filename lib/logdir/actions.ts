/**
 * What a script does with the lines of a block: the chain of stanzas, each selecting lines and
 * acting on them. Source: s6-log(8).
 */
import type { LineForm, LogAction, LogScript } from "./core/log_script.ts";
import { cpuTimeMs } from "../libc/clock.ts";
import { assembleFirst, assembleInterleaved, assembleLines } from "./assembly.ts";
import { Block, MAX_LINES, textOf } from "./block.ts";
import type { ContainerDelivery } from "./container_lines.ts";
import { Slowness } from "./core/slowness.ts";
import type { Selector } from "./selection.ts";
import { selectorOf } from "./selection.ts";

/** Where lines can go. Each gets whole lines. */
export interface LogSinks {
  logdir(index: number, lines: Uint8Array<ArrayBuffer>): void;
  stdout(lines: Uint8Array<ArrayBuffer>): void;
  /** The lines of a block that go to the container's standard output. */
  container(block: Block, deliveries: readonly ContainerDelivery[]): void;
  /** One line for standard error, ready with its newline but for the program's name. */
  alert(line: Uint8Array<ArrayBuffer>): void;
  status(file: string, content: Uint8Array<ArrayBuffer>): void;
  /** Selecting lines has taken so long, again and again, that others have to wait. */
  slow?(): void;
  /** What a line is preceded by now: stamps and prefix. */
  head(form: LineForm): Uint8Array<ArrayBuffer>;
}

interface CompiledStanza {
  readonly selectors: readonly Selector[];
  readonly actions: readonly LogAction[];
}

/** What an action has to do with a block. */
interface Delivery {
  readonly action: LogAction;
  /** One byte a line: 1 if the action gets it. */
  readonly selected: Uint8Array;
  readonly head: Uint8Array<ArrayBuffer>;
}

/**
 * Where lines are matched by V8, and where they are by the C library, which may need a tenth of a
 * second for a long line.
 */
const TEXT_BLOCK = 1 << 15;
const LIBRARY_BLOCK = 1 << 13;
const LF = 10;
const DOTS = new TextEncoder().encode("...\n");

/**
 * One byte a line, for the block that is in use: made once, as what is made for each block would be
 * garbage outside V8's heap.
 */
const selectedRow = new Uint8Array(MAX_LINES);
const actedRow = new Uint8Array(MAX_LINES);

/** Actions of one place write to the same output or file. */
function targetOf(action: LogAction): string {
  if (action.kind === "logdir") return `logdir ${action.index}`;
  return action.kind === "status" ? `status ${action.file}` : action.kind;
}

export class ActionChain {
  readonly #stanzas: readonly CompiledStanza[];
  readonly #sinks: LogSinks;
  readonly #needsText: boolean;
  /**
   * Places that more than one action writes to: there the lines of a block must be put in order
   * again.
   */
  readonly #sharedTargets: ReadonlySet<string>;
  /**
   * The one action on a log directory, which gets every line, if that is all that the script does.
   */
  readonly #direct: LogAction & { readonly kind: "logdir" } | undefined;

  /** How much is looked at before there may be enough. */
  readonly #blockBytes: number;
  readonly #slowness = new Slowness();
  /** What is to be written to status files when the lines are done. */
  readonly #statuses = new Map<string, Uint8Array<ArrayBuffer>>();

  /** @throws {SyntaxError} If a regular expression is none. */
  constructor(script: LogScript, sinks: LogSinks) {
    this.#stanzas = script.stanzas.map(({ selections, actions }) => ({
      selectors: selections.map(selectorOf),
      actions,
    }));
    this.#sinks = sinks;
    this.#needsText = this.#stanzas.some(({ selectors }) =>
      selectors.some(({ needsText }) => needsText)
    );
    const asksLibrary = this.#stanzas.some(({ selectors }) =>
      selectors.some(({ asksLibrary }) => asksLibrary)
    );
    this.#blockBytes = asksLibrary ? LIBRARY_BLOCK : this.#needsText ? TEXT_BLOCK : Infinity;
    const places = script.stanzas.flatMap(({ actions }) => actions.map(targetOf));
    this.#sharedTargets = new Set(places.filter((place, i) => places.indexOf(place) !== i));
    const [first] = script.stanzas;
    const action =
      script.stanzas.length === 1 && first!.selections.length === 0 && first!.actions.length === 1
        ? first!.actions[0]
        : undefined;
    this.#direct = action?.kind === "logdir" ? action : undefined;
  }

  /**
   * Acts on lines, a part of them at a time, until all are done or, after a part, there is enough.
   *
   * @param lines Whole lines; valid during the call.
   * @returns How many bytes of them are done.
   */
  run(lines: Uint8Array<ArrayBuffer>, isEnough: () => boolean = () => false): number {
    if (this.#sinks.slow === undefined || this.#blockBytes === Infinity) {
      return this.#run(lines, isEnough);
    }
    const startMs = cpuTimeMs();
    const done = this.#run(lines, isEnough);
    if (this.#slowness.isTooMuch(cpuTimeMs() - startMs)) this.#sinks.slow();
    return done;
  }

  #run(lines: Uint8Array<ArrayBuffer>, isEnough: () => boolean): number {
    const text = this.#needsText ? textOf(lines) : "";
    let done = 0;
    do {
      done += this.#runFirst(
        done === 0 ? lines : lines.subarray(done),
        done === 0 ? text : text.slice(done),
      );
    } while (done < lines.length && !isEnough());
    for (const [file, content] of this.#statuses) this.#sinks.status(file, content);
    this.#statuses.clear();
    return done;
  }

  /** Returns how many bytes of `lines` are done. */
  #runFirst(lines: Uint8Array<ArrayBuffer>, text: string): number {
    if (this.#direct !== undefined) return this.#runDirect(this.#direct, lines);
    const block = new Block(lines, text, this.#blockBytes);
    const selected = selectedRow.subarray(0, block.count).fill(1);
    const acted = actedRow.subarray(0, block.count).fill(0);
    const shared = new Map<string, Delivery[]>();
    for (const { selectors, actions } of this.#stanzas) {
      for (const selector of selectors) selector.select(block, selected, acted);
      if (!selected.includes(1)) continue;
      for (let i = 0; i < block.count; i++) acted[i]! |= selected[i]!;
      for (const action of actions) {
        const target = targetOf(action);
        const head = this.#sinks.head(action);
        if (!this.#sharedTargets.has(target)) this.#deliver([{ action, selected, head }], block);
        else if (shared.has(target)) {
          shared.get(target)!.push({ action, selected: selected.slice(), head });
        } else shared.set(target, [{ action, selected: selected.slice(), head }]);
      }
    }
    for (const deliveries of shared.values()) this.#deliver(deliveries, block);
    return block.bytes.length;
  }

  /**
   * Nothing is to be known of a line but where it ends, and without stamp and prefix not even that.
   */
  #runDirect(
    action: LogAction & { readonly kind: "logdir" },
    lines: Uint8Array<ArrayBuffer>,
  ): number {
    const head = this.#sinks.head(action);
    const { assembled, end } = head.length === 0
      ? { assembled: lines, end: lines.length }
      : assembleFirst(lines, head);
    this.#sinks.logdir(action.index, assembled);
    return end;
  }

  /** @param deliveries At least one; all to one place, in the order of the script. */
  #deliver(deliveries: readonly Delivery[], block: Block): void {
    const { action } = deliveries[0]!;
    const sinks = this.#sinks;
    switch (action.kind) {
      case "logdir":
        return sinks.logdir(action.index, linesOf(deliveries, block));
      case "stdout":
        return sinks.stdout(linesOf(deliveries, block));
      case "container":
        return sinks.container(
          block,
          deliveries.flatMap((one) =>
            one.action.kind === "container" ? [{ ...one, form: one.action.form }] : []
          ),
        );
      case "alert":
        return this.#alert(deliveries, block);
      case "status":
        return this.#status(deliveries, block);
      default:
        return action satisfies never;
    }
  }

  #alert(deliveries: readonly Delivery[], block: Block): void {
    for (let line = 0; line < block.count; line++) {
      for (const { action, selected, head } of deliveries) {
        if (selected[line] === 0 || action.kind !== "alert") continue;
        const bytes = lineOf(block, line);
        const { sizeBytes } = action;
        const cut = sizeBytes > 0 && sizeBytes + DOTS.length - 1 < bytes.length - 1;
        this.#sinks.alert(
          joined(
            head,
            cut ? bytes.subarray(0, sizeBytes) : bytes,
            cut ? DOTS : bytes.subarray(0, 0),
          ),
        );
      }
    }
  }

  /** Of many lines only the last one is there to be seen. */
  #status(deliveries: readonly Delivery[], block: Block): void {
    const line = Math.max(...deliveries.map(({ selected }) => selected.lastIndexOf(1)));
    const { action, head } = deliveries.findLast(({ selected }) => selected[line] === 1)!;
    if (action.kind !== "status") return;
    const { file, sizeBytes } = action;
    const content = joined(head, lineOf(block, line));
    if (sizeBytes === 0) return void this.#statuses.set(file, content);
    const padded = new Uint8Array(sizeBytes).fill(LF);
    padded.set(content.subarray(0, sizeBytes));
    this.#statuses.set(file, padded);
  }
}

/** The lines that actions on one output get; valid until the next call. */
function linesOf(deliveries: readonly Delivery[], block: Block): Uint8Array<ArrayBuffer> {
  const { selected, head } = deliveries[0]!;
  return deliveries.length === 1
    ? assembleLines(block, selected, head)
    : assembleInterleaved(block, deliveries);
}

/** With its newline. */
function lineOf({ bytes, starts }: Block, line: number): Uint8Array<ArrayBuffer> {
  return bytes.subarray(starts[line]!, starts[line + 1]!);
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
