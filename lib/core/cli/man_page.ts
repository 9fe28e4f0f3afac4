/**
 * A manual page made of a command's table. Source: man(7), groff's and mandoc's; the conventions of
 * man-pages(7). Pure.
 */
import type { CommandTable, OptionSpec } from "./getopt.ts";
import { helpOption } from "./help_text.ts";

export interface ManualOptions {
  /** As it is called: `hexad status`, `s6-svc`. */
  readonly program: string;
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly version: string;
  /** For the line under NAME; default: the table's summary. */
  readonly text?: string;
  /** Paragraphs after the summary. */
  readonly prose?: readonly string[];
  /** Names of other pages of section 1. */
  readonly seeAlso: readonly string[];
}

const LONGEST_LINE = 78;

const VERSION_OPTION: OptionSpec = {
  long: "version",
  text: "show the version of hexad and of its runtime",
};

/** The name of the page, and of its file without `.1`: `hexad-status`. */
export function pageName(program: string): string {
  return program.replaceAll(" ", "-");
}

export function manPage(
  table: CommandTable,
  { program, date, version, text, prose = [], seeAlso }: ManualOptions,
): string {
  const { usage, summary, commands, options, exits, example } = table;
  return [
    `.TH ${escaped(pageName(program).toUpperCase())} 1 ${date} "hexad ${version}" "hexad"`,
    ".SH NAME",
    ...filled(`${escaped(pageName(program))} \\- ${escaped(withoutStop(text ?? summary))}`),
    ".SH SYNOPSIS",
    `.B ${escaped(program)}`,
    ...(usage === "" ? [] : filled(escaped(usage))),
    ".SH DESCRIPTION",
    ...[withStop(summary), ...prose].flatMap((
      paragraph,
      at,
    ) => [...(at === 0 ? [] : [".PP"]), ...filled(escaped(paragraph))]),
    ...(commands === undefined
      ? []
      : section("COMMANDS", commands.map(([name, told]) => [bold(name), told]))),
    ...section(
      "OPTIONS",
      [...options, helpOption(table, "show usage, options and exit codes"), VERSION_OPTION].map((
        option,
      ) => [optionHead(option), option.text]),
    ),
    ...section("EXIT STATUS", exits.map(([code, told]) => [bold(code), told])),
    ".SH EXAMPLES",
    ".nf",
    ...example.split("\n").map(escapedLine),
    ".fi",
    ".SH SEE ALSO",
    ...seeAlso.map((name, at) => `.BR ${escaped(name)} (1)${at === seeAlso.length - 1 ? "" : ","}`),
    "",
  ].join("\n");
}

function section(
  title: string,
  entries: readonly (readonly [head: string, text: string])[],
): string[] {
  return [
    `.SH ${title}`,
    ...entries.flatMap(([head, text]) => [".TP", head, ...filled(escaped(text))]),
  ];
}

function bold(text: string): string {
  return `\\fB${escaped(text)}\\fR`;
}

function optionHead({ short, long, arg }: OptionSpec): string {
  const names = [
    ...(short === undefined ? [] : [`-${short}`]),
    ...(long === undefined ? [] : [`--${long}`]),
  ].map(bold).join(", ");
  return arg === undefined ? names : `${names} \\fI${escaped(arg)}\\fR`;
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, "");
}

function withStop(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** Text that roff takes for nothing but text: no escapes, and hyphens that can be copied. */
export function escaped(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll("'", "\\(aq").replaceAll(
    "`",
    "\\(ga",
  ).replaceAll("^", "\\(ha")
    .replaceAll("~", "\\(ti").replaceAll("…", "...");
}

/** A line of its own; one that begins like a request is none. */
export function escapedLine(line: string): string {
  const text = escaped(line);
  return text.startsWith(".") || text === "" ? `\\&${text}` : text;
}

/** Lines of one paragraph. */
export function filled(text: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((one) => one !== "")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length > LONGEST_LINE && line !== "") {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line].map((one) => one.startsWith(".") ? `\\&${one}` : one);
}
