/** Waiting for a signal that ends the process. Source: pause(2). */
import { bindLibrary } from "./bind.ts";

const libc = bindLibrary({ pause: { parameters: [], result: "i32" } });

/** Blocks; returns only after a signal that somebody handles. */
export function pause(): void {
  libc.pause();
}
