/** By which name, and with which arguments, this process was started. */
import { bindLibrary } from "./bind.ts";
import { decodePath } from "../core/path_bytes.ts";

const libc = bindLibrary({ program_invocation_name: { type: "pointer" } });

/** argv[0], which `Deno.args` and `Deno.execPath()` don't tell. */
export function invocationName(): string {
  const location = libc.program_invocation_name; // of a static, the runtime hands out the address
  const pointer = location === null ? null : new Deno.UnsafePointerView(location).getPointer();
  return pointer === null ? "" : Deno.UnsafePointerView.getCString(pointer);
}

/** The last component of argv[0]. */
export function programName(): string {
  const text = invocationName();
  return text.slice(text.lastIndexOf("/") + 1);
}

/**
 * The arguments after the program's name, byte for byte. The runtime replaces what is not UTF-8 by U+FFFD; only then the kernel's own copy is
 * read, since that costs two milliseconds.
 */
export function exactArguments(): readonly string[] {
  if (!Deno.args.some((argument) => argument.includes("\ufffd"))) return Deno.args;
  const words: string[] = [];
  const line = Deno.readFileSync("/proc/self/cmdline");
  for (let at = 0; at < line.length;) {
    const end = line.indexOf(0, at);
    words.push(decodePath(line.subarray(at, end)));
    at = end + 1;
  }
  return words.slice(words.length - Deno.args.length);
}
