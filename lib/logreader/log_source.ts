/**
 * All lines of one log directory that a filter lets pass, in the order of its files: what it held
 * at one moment. Compressed files are unpacked on the way, and what can't be read is reported and
 * skipped.
 */
import { filesWithin, type LogFileName } from "../logdir/core/log_archives.ts";
import { CURRENT, PREVIOUS } from "../logdir/core/rotation.ts";
import { SyscallError } from "../libc/bind.ts";
import { firstLineSince } from "./bisect.ts";
import { lineBlocks, linesOf } from "./line_blocks.ts";
import { LineDater, type LineFilter, type LogLine } from "./line_filter.ts";
import { type LogdirView, type OpenLogFile, openLogFile, viewLogdir } from "./log_file.ts";

/** One file of the source: an archive by its path, or the open `current`. */
export interface SourceFile {
  readonly path: string;
  /** Unix seconds; no line is older. -Infinity if that is not known. */
  readonly floor: number;
  open(): OpenLogFile | string;
}

/**
 * Where to begin: in which file, at which byte of it (if it is not compressed), and with how many
 * of its lines that pass left out.
 */
export interface SourceStart {
  readonly file: number;
  readonly offset: number;
  readonly skip: number;
}

export const BEGINNING: SourceStart = { file: 0, offset: 0, skip: 0 };

export interface SourceOptions {
  /** What lines are called by. */
  readonly label: string;
  readonly logdir: string;
  readonly filter: LineFilter;
  readonly blockBytes: number;
  /** Told of each file that could not be read. */
  onTrouble(text: string): void;
}

export class LogSource implements Disposable {
  readonly label: string;
  readonly logdir: string;
  readonly view: LogdirView;
  readonly files: readonly SourceFile[];
  readonly filter: LineFilter;
  readonly #options: SourceOptions;

  /** @throws {SyscallError | LogFileError} If the directory can't be read. */
  constructor(options: SourceOptions) {
    const { label, logdir, filter } = options;
    this.#options = options;
    this.label = label;
    this.logdir = logdir;
    this.filter = filter;
    this.view = viewLogdir(logdir);
    this.files = sourceFiles(this.view, logdir, filter);
  }

  /** The lines from `start` on, some at a time. */
  async *batches(start: SourceStart = BEGINNING): AsyncGenerator<LogLine[]> {
    for (let i = start.file; i < this.files.length; i++) {
      const first = i === start.file;
      yield* this.fileBatches(i, first ? start.offset : 0, first ? start.skip : 0);
    }
  }

  /** The lines of one file that pass, less the first `skip` of them. */
  async *fileBatches(index: number, offset: number, skip: number): AsyncGenerator<LogLine[]> {
    const { path, floor } = this.files[index]!;
    const opened = this.opened(index);
    if (opened === undefined) return;
    try {
      let left = skip;
      const from =
        offset > 0 || this.filter.span.since === undefined || opened.compression !== undefined
          ? offset
          : firstLineSince(opened, this.filter.span.since);
      const dater = new LineDater(floor);
      for await (
        const block of lineBlocks(opened, { offset: from, blockBytes: this.#options.blockBytes })
      ) {
        const { lines, over } = this.#passing(block, dater);
        const kept = left === 0 ? lines : lines.slice(left);
        left = Math.max(0, left - lines.length);
        if (kept.length > 0) yield kept;
        if (over) return;
      }
    } catch (error) {
      if (!(error instanceof SyscallError) && !(error instanceof TypeError)) throw error;
      this.#options.onTrouble(
        `${path}: ${
          error instanceof SyscallError ? error.reason : "it is damaged"
        }; what follows in it is missing`,
      );
    } finally {
      if (!this.holds(opened)) opened[Symbol.dispose]();
    }
  }

  /** Is it one of those that stay open as long as the source? */
  holds(file: OpenLogFile): boolean {
    return file === this.view.current || file === this.view.previous;
  }

  /**
   * The file, or nothing if it can't be read, which is reported. The caller closes it, unless the
   * source holds it.
   */
  opened(index: number): OpenLogFile | undefined {
    const { path, open } = this.files[index]!;
    const opened = open();
    if (typeof opened === "string") {
      if (opened !== "") this.#options.onTrouble(`unable to read ${path}: ${opened}`);
      return undefined;
    }
    if (opened.compression === undefined || opened.compression === "gzip") return opened;
    if (!this.holds(opened)) opened[Symbol.dispose]();
    this.#options.onTrouble(
      `unable to read ${path}: it is compressed by ${opened.compression}, and only gzip can be unpacked here`,
    );
    return undefined;
  }

  /**
   * `over`: every line of the block is younger than what is asked for, so nothing more is to be
   * expected.
   */
  #passing(
    block: Uint8Array<ArrayBuffer>,
    dater: LineDater,
  ): { readonly lines: LogLine[]; readonly over: boolean } {
    const lines: LogLine[] = [];
    let after = 0;
    const all = linesOf(block);
    for (const bytes of all) {
      const line = dater.date(bytes);
      const side = dater.known ? this.filter.side(line.at) : "within";
      if (side === "after") after++;
      else if (side === "within" && this.filter.matches(line)) lines.push(line);
    }
    return { lines, over: after === all.length };
  }

  [Symbol.dispose](): void {
    this.view.previous?.[Symbol.dispose]();
    this.view.current?.[Symbol.dispose]();
  }
}

interface Openable extends LogFileName {
  readonly path: string;
  open(): OpenLogFile | string;
}

function sourceFiles(
  { archives, previous, current }: LogdirView,
  logdir: string,
  filter: LineFilter,
): SourceFile[] {
  const held = (name: string, file: OpenLogFile | undefined): Openable[] =>
    file === undefined ? [] : [{ name, path: `${logdir}/${name}`, open: () => file }];
  const stored = archives.map((file) => ({ ...file, open: () => openLogFile(file.path) }));
  const listed: readonly Openable[] = [
    ...stored,
    ...held(PREVIOUS, previous),
    ...held(CURRENT, current),
  ];
  return filesWithin(listed, filter.span).map(({ path, open }) => ({
    path,
    floor: listed[listed.findIndex((file) => file.path === path) - 1]?.rotatedAt ?? -Infinity,
    open,
  }));
}
