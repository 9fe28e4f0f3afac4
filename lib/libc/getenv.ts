/**
 * One variable of the environment, whatever bytes it holds. Source: getenv(3).
 *
 * The runtime's own `Deno.env` finds nothing: the build keeps the image's variables from it.
 */
import { decodePath, encodeCString, NO_C_STRING } from "../core/path_bytes.ts";
import { bindLibrary } from "./bind.ts";

const libc = bindLibrary({
  getenv: { parameters: ["buffer"], result: "pointer" },
  strlen: { parameters: ["pointer"], result: "usize" },
});

/** A copy of its value; undefined if it is not set. */
export function getenv(name: string): Uint8Array<ArrayBuffer> | undefined {
  const bytes = encodeCString(name);
  const value = bytes === NO_C_STRING ? null : libc.getenv(bytes);
  if (value === null) return undefined;
  const copy = new Uint8Array(Number(libc.strlen(value)));
  if (copy.length > 0) Deno.UnsafePointerView.copyInto(value, copy);
  return copy;
}

/** Its value as text; undefined if it is not set. */
export function variable(name: string): string | undefined {
  const value = getenv(name);
  return value === undefined ? undefined : decodePath(value);
}
