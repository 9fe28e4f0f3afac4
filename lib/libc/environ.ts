/** The environment of this process as libc has it now: what a child inherits. */
import { bindLibrary } from "./bind.ts";

const libc = bindLibrary({ environ: { type: "pointer" } });

/** `char **environ`. SAFETY: valid until the next change of the environment, so it is fetched anew for each use. */
export function environPointer(): Deno.PointerValue {
  const location = libc.environ; // of a static, the runtime hands out the address
  return location === null ? null : new Deno.UnsafePointerView(location).getPointer();
}
