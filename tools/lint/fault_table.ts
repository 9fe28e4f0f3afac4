/**
 * What must hold of docs/faults.md: each test that it names is there. A row of its tables ends in a
 * cell of `[file](path): title`, several of them with `<br>` between. Where the test's title is a
 * template, what is filled in may be anything. Pure.
 */
import type { Document, ReadFile } from "./documents.ts";

const NAMED_TEST = /^\[[^\]]+\]\(([^)]+)\): (.+)$/;
const LITERAL = /"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\\n]|\\.)*)`/g;

/** The cells of a row, without those of a head. */
function cellsOf(line: string): readonly string[] {
  if (!line.startsWith("|") || /^\|[\s:|-]*$/.test(line)) return [];
  return line.split("|").slice(1, -1).map((cell) => cell.trim());
}

/** What a string literal of a source can be. */
function patternsIn(source: string): RegExp[] {
  return Array.from(source.matchAll(LITERAL), ([, plain, template]) => {
    const parts = plain === undefined ? template!.split(/\$\{[^}]*\}/) : [plain];
    return new RegExp(
      `^${parts.map((part) => RegExp.escape(part.replace(/\\(.)/g, "$1"))).join(".*")}$`,
    );
  });
}

/** Markdown hides nothing of a title but what it takes for markup. */
function plainTitle(text: string): string {
  return text.replace(/\\([_*<>`|])/g, "$1");
}

/** The complaints about one cell. */
function complaintsAbout(document: Document, cell: string, read: ReadFile): string[] {
  return cell.split("<br>").flatMap((named) => {
    const [, target, title] = NAMED_TEST.exec(named.trim()) ?? [];
    if (target === undefined || title === undefined) {
      return [`${document.path}: no test is named in: ${named.trim()}`];
    }
    const path = new URL(target, `file:///${document.path}`).pathname.slice(1);
    const source = read(path);
    if (source === undefined) return [`${document.path}: there is no ${path}`];
    const there = patternsIn(source).some((pattern) =>
      pattern.source.length > "^.*$".length && pattern.test(plainTitle(title))
    );
    return there ? [] : [`${document.path}: ${path} has no test: ${title}`];
  });
}

/**
 * The tests that the rows of a document name and that are not there, and the rows that name none.
 */
export function missingTests(document: Document, read: ReadFile): string[] {
  const rows = document.text.split("\n").map(cellsOf).filter((cells) => cells.length > 0);
  const heads = new Set(
    document.text.split("\n").flatMap((line, i, lines) =>
      /^\|[\s:|-]+$/.test(lines[i + 1] ?? "") ? [line] : []
    ),
  );
  const bodies = rows.filter((cells) =>
    !Array.from(heads, cellsOf).some((head) => head.join("|") === cells.join("|"))
  );
  if (bodies.length === 0) return [`${document.path}: no table`];
  return bodies.flatMap((cells) => complaintsAbout(document, cells.at(-1)!, read));
}
