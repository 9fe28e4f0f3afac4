/** All execline commands, in one chunk: a chain of ten links loads it once. */
import type { LinkModule } from "../context.ts";
import { BLOCK_LINKS } from "./blocks.ts";
import { CONTROL_LINKS } from "./control.ts";
import { DESCRIPTOR_LINKS } from "./descriptors.ts";
import { VARIABLE_LINKS } from "./variables.ts";

export const EXECLINE_LINKS: Readonly<Record<string, LinkModule>> = {
  ...BLOCK_LINKS,
  ...CONTROL_LINKS,
  ...DESCRIPTOR_LINKS,
  ...VARIABLE_LINKS,
};
