/**
 * What must hold of README.md, CONTRIBUTING.md and docs/: links lead somewhere, code fences are
 * closed, every command is in a table of docs/commands.md, and no path of one machine stands there.
 * Pure.
 */

/**
 * Reads a file of the repository; undefined if there is none of that path (a directory is an empty
 * string).
 */
export type ReadFile = (path: string) => string | undefined;

export interface Document {
  /** In the repository. */
  readonly path: string;
  readonly text: string;
}

interface Line {
  readonly number: number;
  readonly text: string;
}

const FENCE = /^\s*(```+|~~~+)/;
const HEADING = /^#{1,6} +(.*?)(?: +#*)?$/;
/** `[text](target)`, `[text](target "title")`, and a definition `[name]: target`. */
const LINKS = [/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g, /^\[[^\]]+\]: +<?([^\s>]+)/g];
const MACHINE_PATH = /(?:^|[\s"'`(=:])(\/(?:home|root|Users)\/[^\s"'`)]+)/;

function linesOf(text: string): Line[] {
  return text.split("\n").map((line, index) => ({ number: index + 1, text: line }));
}

/** The lines outside of code fences; and the line of a fence that is never closed. */
function outsideFences(
  text: string,
): { readonly prose: readonly Line[]; readonly open: Line | undefined } {
  const prose: Line[] = [];
  let open: Line | undefined;
  let mark = "";
  for (const line of linesOf(text)) {
    const fence = FENCE.exec(line.text)?.[1];
    if (open === undefined && fence !== undefined) {
      open = line;
      mark = fence;
    } else if (open !== undefined) {
      if (fence !== undefined && fence.startsWith(mark) && line.text.trim() === fence) {
        open = undefined;
      }
    } else {
      prose.push(line);
    }
  }
  return { prose, open };
}

/** The names by which headings are linked to, as GitHub makes them. */
function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const { text: line } of outsideFences(text).prose) {
    const heading = HEADING.exec(line)?.[1];
    if (heading === undefined) continue;
    const slug = heading.toLowerCase().replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replace(
      /[^\p{L}\p{N}\s_-]/gu,
      "",
    ).replace(/\s/g, "-");
    let name = slug;
    for (let copy = 1; anchors.has(name); copy++) name = `${slug}-${copy}`;
    anchors.add(name);
  }
  return anchors;
}

function targetsIn(line: string): string[] {
  const prose = line.replace(/`[^`]*`/g, (code) => " ".repeat(code.length));
  return LINKS.flatMap((link) => Array.from(prose.matchAll(link), (match) => match[1]!));
}

function linkComplaint(document: Document, target: string, read: ReadFile): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return undefined;
  const [path = "", anchor] = target.split("#");
  const resolved = path === ""
    ? document.path
    : new URL(path, `file:///${document.path}`).pathname.slice(1);
  const text = path === "" ? document.text : read(resolved.replace(/\/$/, ""));
  if (text === undefined) return `link to ${target}: there is no ${resolved}`;
  if (anchor !== undefined && resolved.endsWith(".md") && !anchorsOf(text).has(anchor)) {
    return `link to ${target}: no such heading`;
  }
  return undefined;
}

/** What is wrong with one document, as `path:line: what`. */
export function documentComplaints(document: Document, read: ReadFile): string[] {
  const { prose, open } = outsideFences(document.text);
  const complaints: string[] = [];
  if (open !== undefined) {
    complaints.push(`${document.path}:${open.number}: code fence is not closed`);
  }
  for (const line of prose) {
    for (const target of targetsIn(line.text)) {
      const complaint = linkComplaint(document, target, read);
      if (complaint !== undefined) complaints.push(`${document.path}:${line.number}: ${complaint}`);
    }
  }
  for (const line of linesOf(document.text)) {
    const path = MACHINE_PATH.exec(line.text)?.[1];
    if (path !== undefined) {
      complaints.push(`${document.path}:${line.number}: path of one machine: ${path}`);
    }
  }
  return complaints;
}

/** The names that cmd/registry.ts knows. */
export function registeredCommands(registry: string): string[] {
  return Array.from(
    registry.matchAll(/^\s*"([^"]+)": (?:\(\) => import|execline|credential)\(/gm),
    (match) => match[1]!,
  );
}

/** Every command has a row, with its name as code, in a table of the document. */
export function missingCommands(document: Document, commands: readonly string[]): string[] {
  const rows = outsideFences(document.text).prose.filter(({ text }) =>
    text.trimStart().startsWith("|")
  ).map(({ text }) => text).join("\n");
  return commands.filter((name) => !rows.includes(`\`${name}\``)).map((name) =>
    `${document.path}: no row of a table has \`${name}\``
  );
}

/** The names of hexad's own commands that cmd/hexad/commands.ts knows. */
export function ownCommands(registry: string): string[] {
  return Array.from(registry.matchAll(/^\s*"?([a-z-]+)"?: \{ text: /gm), (match) => match[1]!);
}

/** Each of hexad's own commands is named in a heading `## hexad NAME, NAME` of its document. */
export function missingSections(document: Document, commands: readonly string[]): string[] {
  const headings = outsideFences(document.text).prose.filter(({ text }) =>
    text.startsWith("## hexad ")
  ).map(({ text }) => text.slice(9));
  const named = new Set(headings.flatMap((heading) => heading.split(", ")));
  return commands.filter((name) => !named.has(name)).map((name) =>
    `${document.path}: no heading has hexad ${name}`
  );
}
