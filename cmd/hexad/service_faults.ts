/** What `hexad check` finds in a service directory that was just written. */
import { findingLine } from "../../lib/check/core/check_finding.ts";
import { checkOperand } from "../../lib/check/operand.ts";
import type { Context } from "../context.ts";
import { checkOptions } from "./check_options.ts";

/** Warnings only: the program or the user may come later, or be in another image. */
export async function tellFaults(context: Context, path: string): Promise<void> {
  const { findings } = checkOperand(path, await checkOptions(context, undefined));
  for (const finding of findings) context.warn(findingLine(finding));
}
