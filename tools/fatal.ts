/**
 * How a tool ends early: one line on standard error, `PROGRAM: fatal: WHY`, and exit code 1. Nobody
 * is shown a stack trace.
 */

/** What the user can do something about; the message is the line that is shown. */
export class Fatal extends Error {
  override readonly name = "Fatal";
}

const PLAIN_REASONS: Readonly<Record<string, string>> = {
  EACCES: "Permission denied",
  EDQUOT: "Disk quota exceeded",
  ENOENT: "No such file or directory",
  ENOSPC: "No space left on device",
  EPERM: "Operation not permitted",
  EROFS: "Read-only file system",
};

/**
 * Deno's own text without its `(os error 28)`, which says nothing to a user: `writefile
 * 'dist/hexad': No space left on device`.
 */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const plain = PLAIN_REASONS[code];
  if (plain === undefined) return error.message;
  const doing = /\(os error \d+\)(?:: (.*))?$/s.exec(error.message)?.[1];
  return doing === undefined ? plain : `${doing}: ${plain}`;
}

/** Runs a tool to its end and exits with its code. */
export async function runTool(program: string, main: () => Promise<number>): Promise<never> {
  try {
    Deno.exit(await main());
  } catch (error) {
    console.error(`${program}: fatal: ${reasonOf(error)}`);
    Deno.exit(1);
  }
}
