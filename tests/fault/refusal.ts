/**
 * What this machine does not let a test do. A test that needs it is told as skipped, with the
 * reason in its name; never passed over in silence.
 */

/** Tries something that leaves no trace. @returns why it is refused, or undefined if it works */
export function refusalOf(program: string, args: readonly string[]): string | undefined {
  const { success, stderr } = new Deno.Command(program, {
    args: [...args],
    stdin: "null",
    stdout: "null",
  }).outputSync();
  if (success) return undefined;
  return new TextDecoder().decode(stderr).trim().split("\n").at(-1) ?? `${program} failed`;
}

/** Defines a test that is told as skipped where the machine refuses what it needs. */
export function testUnless(
  refusal: string | undefined,
  name: string,
  fn: () => Promise<void>,
): void {
  Deno.test({
    name: refusal === undefined ? name : `${name} [${refusal}]`,
    ignore: refusal !== undefined,
    fn,
  });
}
