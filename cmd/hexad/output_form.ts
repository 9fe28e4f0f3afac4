/**
 * How standard output wants its text: as wide as its terminal, and in colours or not. Source:
 * https://no-color.org.
 */
import { painter } from "../../lib/terminal/core/terminal_style.ts";
import { parseUint } from "../../lib/core/linux/config_file.ts";
import { type WindowSize, windowSize } from "../../lib/libc/terminal.ts";
import type { Context } from "../context.ts";

export interface OutputForm {
  /** Undefined if it is no terminal. */
  readonly window: WindowSize | undefined;
  /** Cells of a line; undefined for no limit. */
  readonly width: number | undefined;
  paint(text: string, style: string): string;
}

/**
 * A terminal's own width; elsewhere that of $COLUMNS if it is set, or none. Colours on a terminal,
 * unless $NO_COLOR or TERM=dumb speak against it.
 */
export function outputForm({ env, stdout }: Context): OutputForm {
  const window = windowSize(stdout);
  const columns = parseUint(env.get("COLUMNS") ?? "");
  const colours = window !== undefined && (env.get("NO_COLOR") ?? "") === "" &&
    env.get("TERM") !== "dumb";
  const width = window?.columns ?? (columns === 0 ? undefined : columns);
  return { window, width, paint: painter(colours) };
}
