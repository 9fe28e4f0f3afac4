/**
 * The name by which this process was started. A file of its own, because main.ts needs nothing else
 * to find the command.
 */
import { lastComponent } from "../core/text/path_name.ts";
import { bindLibrary } from "./bind.ts";

const libc = bindLibrary({
  program_invocation_name: { type: "pointer" },
});

/** argv[0], which `Deno.args` and `Deno.execPath()` don't tell. */
export function invocationName(): string {
  const location = libc.program_invocation_name; // of a static, the runtime hands out the address
  const pointer = location === null ? null : new Deno.UnsafePointerView(location).getPointer();
  return pointer === null ? "" : Deno.UnsafePointerView.getCString(pointer);
}

/** The last component of argv[0]. */
export function programName(): string {
  return lastComponent(invocationName());
}
