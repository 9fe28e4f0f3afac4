/**
 * What Debian packages need on disk: they and what they depend on, but for what every Debian system
 * has. Source: dpkg-query(1), deb-control(5).
 */

export interface DebianEntry {
  readonly name: string;
  readonly priority: string;
  /** As the package tells it, in units of 1024 bytes. */
  readonly installedKib: number;
  /** The first alternative of each. */
  readonly depends: readonly string[];
}

const FIELDS = [
  "${Package}",
  "${Priority}",
  "${Installed-Size}",
  "${Pre-Depends}, ${Depends}",
  "${Provides}",
];

/** `python3:any (>= 3.11) | other` is `python3`. */
function dependencyNames(text: string): string[] {
  return text.split(",").map((part) => /^\s*([a-z0-9][a-z0-9+.-]*)/.exec(part)?.[1]).filter((
    name,
  ) => name !== undefined);
}

/**
 * Reads lines of tab-separated fields: name, priority, size, dependencies, what else it provides.
 */
export function parseEntries(text: string): Map<string, DebianEntry> {
  const entries = new Map<string, DebianEntry>();
  for (const line of text.split("\n").filter((each) => each !== "")) {
    const [name = "", priority = "", size = "", depends = "", provides = ""] = line.split("\t");
    const entry: DebianEntry = {
      name,
      priority,
      installedKib: Number(size),
      depends: dependencyNames(depends),
    };
    entries.set(name, entry);
    for (const other of dependencyNames(provides)) {
      if (!entries.has(other)) entries.set(other, entry);
    }
  }
  return entries;
}

/** The packages of these names and all that they depend on. What is not known is left out. */
export function closure(
  names: readonly string[],
  entries: ReadonlyMap<string, DebianEntry>,
): Set<DebianEntry> {
  const found = new Set<DebianEntry>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const entry = entries.get(name);
    if (entry === undefined || found.has(entry)) continue;
    found.add(entry);
    open.push(...entry.depends);
  }
  return found;
}

/** What `names` bring to a system that has all required packages, the C library among them. */
export function broughtBy(
  names: readonly string[],
  entries: ReadonlyMap<string, DebianEntry>,
): readonly DebianEntry[] {
  const required = [...entries.values()].filter(({ priority }) => priority === "required").map((
    { name },
  ) => name);
  const base = closure(required, entries);
  return [...closure(names, entries)].filter((entry) => !base.has(entry));
}

/** All packages that are installed here. */
export function installedPackages(): Map<string, DebianEntry> {
  const args = ["-W", "-f", `${FIELDS.join("\\t")}\\n`];
  const { stdout } = new Deno.Command("dpkg-query", { args, stderr: "null" }).outputSync();
  return parseEntries(new TextDecoder().decode(stdout));
}
