/** One variable of the environment, whatever bytes it holds. Source: getenv(3). */
import { encodeCString, NO_C_STRING } from "../core/path_bytes.ts";
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
