/** All execline commands, in one chunk: a chain of ten links loads it once. */
import type { LinkModule } from "../context.ts";
import { BLOCK_LINKS } from "./blocks.ts";
import { CONTROL_LINKS } from "./control.ts";
import { DESCRIPTOR_LINKS } from "./descriptors.ts";
import { LOOP_LINKS } from "./loops.ts";
import { POSITIONAL_LINKS } from "./positionals.ts";
import { PROCESS_LINKS } from "./process.ts";
import { SUBSTITUTION_LINKS } from "./substitution.ts";
import { VARIABLE_LINKS } from "./variables.ts";

export const EXECLINE_LINKS: Readonly<Record<string, LinkModule>> = {
  ...BLOCK_LINKS,
  ...CONTROL_LINKS,
  ...DESCRIPTOR_LINKS,
  ...LOOP_LINKS,
  ...POSITIONAL_LINKS,
  ...PROCESS_LINKS,
  ...SUBSTITUTION_LINKS,
  ...VARIABLE_LINKS,
};
