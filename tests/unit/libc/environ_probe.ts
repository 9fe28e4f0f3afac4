/** Writes the variable X, byte for byte, to standard output. */
import { encodePath } from "../../../lib/core/text/path_bytes.ts";
import { readEnvironment } from "../../../lib/libc/environ.ts";

Deno.stdout.writeSync(encodePath(readEnvironment().get("X") ?? ""));
