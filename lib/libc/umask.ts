/** Making files with exactly the mode that is asked for. */
import { umask } from "./file.ts";

/** Runs `action` under another file mode creation mask, and puts back the one that was in force. */
export function withUmask<T>(mask: number, action: () => T): T {
  const before = umask(mask);
  try {
    return action();
  } finally {
    umask(before);
  }
}
