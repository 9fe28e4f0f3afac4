/** What all generated scripts have in common. Pure. */
import { printable } from "../../core/text/printable.ts";
import type { ServicePlan } from "./service_plan.ts";

export const SHELL = "/bin/sh";

export function comments({ comments: lines }: ServicePlan): string[] {
  return lines.map((line) => `# ${printable(line)}`.trimEnd());
}
