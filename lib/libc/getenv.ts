/** One variable of the environment, whatever bytes it holds. Source: getenv(3). */
import { encodeCString } from "../core/path_bytes.ts";
import { bindLibrary } from "./bind.ts";

const libc = bindLibrary({
  getenv: { parameters: ["buffer"], result: "pointer" },
  strlen: { parameters: ["pointer"], result: "usize" },
});

/** A copy of its value; undefined if it is not set. */
export function getenv(name: string): Uint8Array<ArrayBuffer> | undefined {
  const value = libc.getenv(encodeCString(name));
  if (value === null) return undefined;
  const copy = new Uint8Array(Number(libc.strlen(value)));
  if (copy.length > 0) Deno.UnsafePointerView.copyInto(value, copy);
  return copy;
}
