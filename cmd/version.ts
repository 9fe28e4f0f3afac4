/** Which hexad this is, and on which runtime it runs. */
import { VERSION } from "./version_number.ts";

/** The line that `--version` prints. */
export function versionText(program: string): string {
  const name = program === "hexad" ? "hexad" : `${program} (hexad)`;
  return `${name} ${VERSION}, runtime Deno ${Deno.version.deno}, V8 ${Deno.version.v8}\n`;
}
