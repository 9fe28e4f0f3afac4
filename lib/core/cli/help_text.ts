/** The text of `--help`, made of a command's table. Pure. */
import type { CommandTable, OptionSpec } from "./getopt.ts";

/** The line that tells how a command is called, without a newline. */
export function usageLine(program: string, table: CommandTable): string {
  return `usage: ${`${program} ${table.usage}`.trimEnd()}`;
}

/**
 * The option that shows the help. To a program of s6, `-h` may be one of its own letters, and
 * scripts expect that it is refused elsewhere.
 */
export function helpOption(table: CommandTable, text: string): OptionSpec {
  return { ...("operands" in table ? { short: "h" } : {}), long: "help", text };
}

/** The text of `--help`: usage, summary, options, exit codes, an example. Ends with a newline. */
export function helpText(program: string, table: CommandTable): string {
  const specs = [
    ...table.options,
    helpOption(table, "show this text"),
    { long: "version", text: "show the version of hexad and of its runtime" },
  ];
  const anyShort = specs.some((spec) => spec.short !== undefined);
  return [
    usageLine(program, table),
    "",
    table.summary,
    "",
    ...(table.commands === undefined ? [] : ["commands:", ...columns(table.commands), ""]),
    "options:",
    ...columns(specs.map((spec) => [optionLabel(spec, anyShort), spec.text])),
    "",
    "exit codes:",
    ...columns(table.exits),
    "",
    "example:",
    ...table.example.split("\n").map((line) => `  ${line}`),
    "",
  ].join("\n");
}

/** How an option is written: `-t, --timeout MS`. */
function optionLabel(spec: OptionSpec, anyShort: boolean): string {
  const names = [
    spec.short === undefined ? undefined : `-${spec.short}`,
    spec.long === undefined ? undefined : `--${spec.long}`,
  ];
  const label = names.filter((name) => name !== undefined).join(", ");
  const indent = spec.short === undefined && anyShort ? "    " : "";
  return spec.arg === undefined ? indent + label : `${indent}${label} ${spec.arg}`;
}

/** Lines of two aligned columns, indented. */
function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
