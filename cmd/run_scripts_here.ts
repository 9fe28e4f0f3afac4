/** Lets a process that starts scripts run what they begin with itself: docs/chain.md. */
import { SURE_LINKS } from "../lib/launch/core/sure_links.ts";
import type { GuestPort, LinkCommand } from "../lib/launch/guest.ts";
import { runScriptsHere } from "../lib/launch/start_program.ts";
import { COMMANDS, isWhereLinked, LINKS, TOOLS, UNLINKED_LINKS } from "./registry.ts";
import { selfCommand } from "./self.ts";

const CONTENV = ["with-contenv", "with-contenv-legacy"];

/** Links whose modules are here, and those that are on their way. */
const loaded = new Map<string, LinkCommand>();
const loading = new Set<string>();

async function loadAll(names: Iterable<string>): Promise<void> {
  await Promise.all(Array.from(names).filter((name) => !loading.has(name)).map(load));
}

async function load(name: string): Promise<void> {
  loading.add(name);
  const module = await LINKS[name]!();
  loaded.set(name, { options: module.table.options, link: module.link });
}

function isAnywhere(name: string): boolean {
  return [LINKS, UNLINKED_LINKS, TOOLS, COMMANDS].some((table) => Object.hasOwn(table, name));
}

const PORT: GuestPort = {
  isCommand: (name) => isAnywhere(name) || isWhereLinked(name),
  isAnywhere,
  self: selfCommand,
  loadedLink: (name) => {
    const link = loaded.get(name);
    // this script has a process to do it; the next will find it, and those that stand beside it
    if (link === undefined && !loading.has(name)) {
      loadAll(CONTENV.includes(name) ? CONTENV : SURE_LINKS).catch(() => {});
    }
    return link;
  },
};

/** Scripts that begin with links of ours cost no process from now on. */
export function allowScriptsHere(): void {
  runScriptsHere(PORT);
}

/** The same in a container, where nearly all of them begin with with-contenv. */
export async function allowContainerScriptsHere(): Promise<void> {
  await loadAll(CONTENV);
  allowScriptsHere();
}
