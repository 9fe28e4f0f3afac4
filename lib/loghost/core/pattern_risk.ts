/**
 * Finds the logs that can't share a process with others, because their regular expressions may take
 * for ever or use up the memory. The C library can't be interrupted, and nothing else runs in the
 * meantime. Pure.
 */
import { ereSize } from "../../core/regex/ere_size.ts";
import type { LoggerCommand } from "../../logdir/core/logger_command.ts";

/**
 * An expression with more positions gets its own log host. It takes about 600 KB, and a millisecond
 * for each kilobyte of a line.
 */
const MANY_POSITIONS = 500;
/**
 * An expression with more is refused: it would need more than 120 MB before the first line arrives.
 */
const MOST_POSITIONS = 100_000;
/** The longest lines: the time of a search can grow with the square of their length. */
const LONG_LINE = 8192;

/**
 * Whether a log needs its own process from the beginning.
 *
 * @throws {SyntaxError} If an expression is too large for any process.
 */
export function isRisky({ options, script }: LoggerCommand): boolean {
  const patterns = script.stanzas.flatMap(({ selections }) =>
    selections.flatMap((one) => one.kind === "f" ? [] : [one])
  );
  const sizes = patterns.map(({ kind, pattern }) => ({
    directive: kind + pattern,
    ...ereSize(pattern),
  }));
  const tooLarge = sizes.find(({ positions }) => positions > MOST_POSITIONS);
  if (tooLarge !== undefined) {
    throw new SyntaxError(
      `regular expression too large: ${
        shortened(tooLarge.directive)
      } (its counts make ${tooLarge.positions} copies of a byte, ` +
        `${MOST_POSITIONS} are the most; use smaller counts, or several expressions)`,
    );
  }
  if (sizes.length > 0 && (options.lineLimit === 0 || options.lineLimit > LONG_LINE)) return true;
  return sizes.some(({ positions, hasBackReference }) =>
    hasBackReference || positions > MANY_POSITIONS
  );
}

function shortened(directive: string): string {
  return directive.length <= 60 ? directive : `${directive.slice(0, 60)}...`;
}
