/**
 * The message for an unexpected exception: what it was, and where in our code it was thrown. One
 * line, never a stack trace. Pure.
 */
import { lastComponent } from "../../core/text/path_name.ts";

const MAX_TEXT = 300;
/**
 * `at Supervisor.#start (file:///tmp/x/chunk.js:10:20)`, or without a name `at
 * file:///tmp/x/chunk.js:10:20`.
 */
const FRAME = /^\s*at (?:(.*) \()?(\S+?:\d+:\d+)\)?$/;

/**
 * The first place of a stack that is in a file of ours, e.g. `Supervisor.#start, chunk.js:10:20`;
 * undefined if there is none.
 */
function placeIn(stack: string): string | undefined {
  for (const line of stack.split("\n")) {
    const [, name, place] = FRAME.exec(line) ?? [];
    if (place === undefined || !place.startsWith("file:")) continue;
    const file = lastComponent(place);
    return name === undefined ? file : `${name}, ${file}`;
  }
  return undefined;
}

function words(error: unknown): string {
  if (error instanceof Error) return `${error.name}: ${error.message}`;
  return (typeof error === "object" && error !== null) || typeof error === "function"
    ? "an object was thrown"
    : String(error);
}

/** `internal error: TypeError: x is not a function (in Supervisor.#start, chunk.js:10:20)`. */
export function mishapText(error: unknown): string {
  const place = error instanceof Error && typeof error.stack === "string"
    ? placeIn(error.stack)
    : undefined;
  const text = words(error).replace(/\s+/g, " ").trim().slice(0, MAX_TEXT);
  return `internal error: ${text}${place === undefined ? "" : ` (in ${place})`}`;
}
