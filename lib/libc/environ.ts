/**
 * The environment of this process as libc has it now: what a child inherits.
 *
 * One variable of the environment, whatever bytes it holds. Source: getenv(3).
 *
 * The runtime's own `Deno.env` finds nothing: the build keeps the image's variables from it.
 */
import { decodePath, encodeCString, NO_C_STRING } from "../core/text/path_bytes.ts";
import { bindLibrary, call, checked } from "./bind.ts";

const libc = bindLibrary({
  environ: { type: "pointer" },
  strlen: { parameters: ["pointer"], result: "usize" },
  clearenv: { parameters: [], result: "i32" },
  setenv: {
    parameters: [
      "buffer", // const char *name
      "buffer", // const char *value
      "i32", // int overwrite
    ],
    result: "i32",
  },
  unsetenv: { parameters: ["buffer"], result: "i32" },
  getenv: { parameters: ["buffer"], result: "pointer" },
});

/**
 * `char **environ`. SAFETY: valid until the next change of the environment, so it is fetched anew
 * for each use.
 */
export function environPointer(): Deno.PointerValue {
  const location = libc.environ; // of a static, the runtime hands out the address
  return location === null ? null : new Deno.UnsafePointerView(location).getPointer();
}

/** The whole environment, byte for byte, in its order. */
export function environmentStrings(): string[] {
  const strings: string[] = [];
  const base = environPointer();
  if (base === null) return strings;
  const pointers = new Deno.UnsafePointerView(base);
  for (let offset = 0;; offset += 8) {
    const string = pointers.getPointer(offset);
    if (string === null) return strings;
    const bytes = new Uint8Array(Number(libc.strlen(string)));
    if (bytes.length > 0) Deno.UnsafePointerView.copyInto(string, bytes);
    strings.push(decodePath(bytes));
  }
}

/**
 * All variables. Strings without `=` are left out; of a name that stands twice the first value
 * counts, as getenv(3) has it.
 */
export function readEnvironment(): Map<string, string> {
  const variables = new Map<string, string>();
  for (const text of environmentStrings()) {
    const end = text.indexOf("=");
    if (end > 0 && !variables.has(text.slice(0, end))) {
      variables.set(text.slice(0, end), text.slice(end + 1));
    }
  }
  return variables;
}

/** @throws {SyscallError} If `name` can't be a variable's. */
export function setenv(name: string, value: string): void {
  checked(
    `set the variable ${name}`,
    call(libc.setenv, encodeCString(name), encodeCString(value), 1),
  );
}

/** @throws {SyscallError} If `name` can't be a variable's. */
export function unsetenv(name: string): void {
  checked(`unset the variable ${name}`, call(libc.unsetenv, encodeCString(name)));
}

/**
 * Makes `variables` the whole environment of this process and of what it starts. @throws
 * {SyscallError} If a name can't be a variable's.
 */
export function replaceEnvironment(variables: ReadonlyMap<string, string>): void {
  libc.clearenv();
  for (const [name, value] of variables) setenv(name, value);
}

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
