/**
 * Ids, limits and environment directories, in one chunk: run scripts often have several of them.
 */
import type { LinkModule } from "../context.ts";
import { SURROUNDING_LINKS } from "./surroundings.ts";
import { UIDGID_LINKS } from "./uidgid.ts";

export const CREDENTIAL_LINKS: Readonly<Record<string, LinkModule>> = {
  ...UIDGID_LINKS,
  ...SURROUNDING_LINKS,
};
