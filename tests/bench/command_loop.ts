/**
 * What one run of a command costs, out of many from one shell, so that the cost of starting it from
 * here does not count.
 */

/** Runs the command so many times from one shell. @returns the milliseconds of one run */
export async function runBatch(
  words: readonly string[],
  times: number,
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  const script = `n=${times}; while [ $n -gt 0 ]; do "$@" || exit; n=$((n-1)); done`;
  const command = new Deno.Command("/bin/sh", {
    args: ["-c", script, "sh", ...words],
    stdin: "null",
    stdout: "null",
    stderr: "inherit",
    env,
  });
  const startedMs = performance.now();
  const { code } = await command.spawn().status;
  const tookMs = performance.now() - startedMs;
  if (code !== 0) throw new Error(`${words.join(" ")} exited ${code}`);
  return tookMs / times;
}
