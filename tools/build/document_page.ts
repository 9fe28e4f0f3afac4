/**
 * A document of docs/ as a manual page of section 5. It knows what our documents have of Markdown:
 * headings, paragraphs, lists, tables, code in fences, `code`, links, emphasis. Source: man(7);
 * CommonMark. Pure.
 */
import { escaped, escapedLine, filled } from "../../lib/core/cli/man_page.ts";

export interface PageHead {
  /** `hexad-servicedir`. */
  readonly name: string;
  /** For the line under NAME. */
  readonly text: string;
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly version: string;
  /** With their sections: `hexad(1)`. */
  readonly seeAlso: readonly string[];
}

type Block =
  | { readonly kind: "heading"; readonly level: number; readonly text: string }
  | { readonly kind: "code"; readonly lines: readonly string[] }
  | { readonly kind: "table"; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: "item"; readonly mark: string; readonly text: string }
  | { readonly kind: "paragraph"; readonly text: string };

export function documentPage(markdown: string, head: PageHead): string {
  const { name, text, date, version, seeAlso } = head;
  const blocks = blocksOf(markdown.split("\n")).filter(({ kind }, at) =>
    at > 0 || kind !== "heading"
  );
  const first = blocks[0]?.kind === "heading" ? [] : [".SH DESCRIPTION"];
  return [
    `.TH ${escaped(name.toUpperCase())} 5 ${date} "hexad ${version}" "hexad"`,
    ".SH NAME",
    ...filled(`${escaped(name)} \\- ${escaped(text)}`),
    ...first,
    ...blocks.flatMap((block, at) => roff(block, blocks[at - 1])),
    ".SH SEE ALSO",
    ...seeAlso.map((page, at) => {
      const [, title, section] = /^(.*)(\(\d\))$/.exec(page)!;
      return `.BR ${escaped(title!)} ${section}${at === seeAlso.length - 1 ? "" : ","}`;
    }),
    "",
  ].join("\n");
}

function roff(block: Block, before: Block | undefined): string[] {
  // a heading begins a paragraph by itself
  const begin = before === undefined || before.kind === "heading" ? [] : [".PP"];
  switch (block.kind) {
    case "heading":
      return block.level <= 2
        ? [`.SH ${escaped(plain(block.text).toUpperCase())}`]
        : [`.SS ${escaped(plain(block.text))}`];
    case "code":
      return [...begin, ".nf", ".RS 4", ...block.lines.map(escapedLine), ".RE", ".fi"];
    case "item":
      return [`.IP ${block.mark} 4`, ...filled(escaped(plain(block.text)))];
    case "table":
      return tableLines(block.rows);
    case "paragraph":
      return [...begin, ...filled(escaped(plain(block.text)))];
    default:
      return block satisfies never;
  }
}

/** A row is its first cell, and the others under it by the names of their columns. */
function tableLines([heads, ...rows]: readonly (readonly string[])[]): string[] {
  return rows.flatMap((cells) => {
    const texts = cells.slice(1).map((cell, at) => {
      const head = heads?.[at + 1] ?? "";
      return cells.length === 2 || head === "" || cell === "" ? cell : `${head}: ${cell}`;
    }).filter((text) => text !== "");
    return [
      ".TP",
      `\\fB${escaped(plain(cells[0] ?? ""))}\\fR`,
      ...filled(escaped(plain(texts.join(". ")))),
    ];
  });
}

function blocksOf(lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length;) {
    const line = lines[at]!;
    const heading = /^(#+) (.*)$/.exec(line);
    const item = /^( *)([-*]|\d+\.) +(.*)$/.exec(line);
    const fence = /^ *```/.test(line);
    if (line.trim() === "") at++;
    else if (fence) {
      const end = lines.findIndex((later, index) => index > at && /^ *```\s*$/.test(later));
      const isPicture = /^ *```mermaid/.test(line);
      if (!isPicture) blocks.push({ kind: "code", lines: lines.slice(at + 1, end) });
      at = end + 1;
    } else if (heading !== null) {
      blocks.push({ kind: "heading", level: heading[1]!.length, text: heading[2]! });
      at++;
    } else if (line.startsWith("|")) {
      const end = endOf(lines, at, (later) => later.startsWith("|"));
      const rows = lines.slice(at, end).filter((row) => !/^\|[\s:|-]+\|$/.test(row)).map(cellsOf);
      blocks.push({ kind: "table", rows });
      at = end;
    } else {
      const end = endOf(lines, at + 1, isMoreText);
      const text = [item === null ? line : item[3]!, ...lines.slice(at + 1, end)].join(" ");
      const mark = item === null || /^[-*]$/.test(item[2]!) ? "\\(bu" : item[2]!;
      blocks.push(item === null ? { kind: "paragraph", text } : { kind: "item", mark, text });
      at = end;
    }
  }
  return blocks;
}

/** The first line from `at` on for which it does not hold. */
function endOf(
  lines: readonly string[],
  at: number,
  holds: (line: string) => boolean,
): number {
  let end = at;
  while (end < lines.length && holds(lines[end]!)) end++;
  return end;
}

/** The line goes on with a paragraph or an item. */
function isMoreText(line: string): boolean {
  return line.trim() !== "" && !/^(?:#+ |\|| *```| *(?:[-*]|\d+\.) )/.test(line);
}

/** A `\|` is none of the bars between cells. */
function cellsOf(row: string): string[] {
  return row.slice(1).split(/(?<!\\)\|/).slice(0, -1).map((cell) =>
    cell.trim().replaceAll("\\|", "|")
  );
}

/** Without marks: the text of links, code and emphasis. */
function plain(text: string): string {
  return text.replace(/!\[[^\]]*\]\([^)]*\)/g, "").replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/\*\*([^*]+)\*\*/g, "$1").replace(/(?<![\w`])_([^_`]+)_(?![\w`])/g, "$1")
    .replaceAll("`", "").replace(/<br ?\/?>/g, " ");
}
