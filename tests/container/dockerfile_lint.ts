/** A linter for Dockerfiles out of npm, which knows every instruction, flag and deprecation. */
import { run } from "../fixture/command.ts";

const LINTER = "dockerfile-utils@0.16.3";

/** Fetching it, at worst. */
const TIMEOUT_MS = 120_000;

/** @returns what the linter has to say; "" if that is nothing */
export async function lintDockerfile(path: string): Promise<string> {
  const { code, stdout, stderr } = await run("npx", [
    "-y",
    "--prefer-offline",
    LINTER,
    "lint",
    path,
  ], { timeoutMs: TIMEOUT_MS });
  const said = stdout + stderr;
  if (code !== 0 && !/^Line: \d+$/m.test(said)) throw new Error(`${LINTER} did not run: ${said}`);
  return said;
}
