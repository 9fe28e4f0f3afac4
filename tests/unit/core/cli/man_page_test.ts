import { assertEquals } from "@std/assert";
import type { CommandTable } from "../../../../lib/core/cli/getopt.ts";
import { manPage, pageName } from "../../../../lib/core/cli/man_page.ts";

const TABLE: CommandTable = {
  summary: "Does what it's told, with a\\b in it.",
  usage: "[-f] [-S DIR] [SERVICE...]",
  commands: [["first", "what comes first"]],
  options: [
    { short: "f", long: "follow", text: "go on" },
    { long: "since", arg: "TIME", text: `no older lines ${"and so on ".repeat(12)}` },
  ],
  exits: [["0", "done"]],
  example: "hexad try\n.hidden --all\n\nlast",
};

Deno.test("manPage(): sections out of the table, nothing that roff would take for its own, no long line", () => {
  const page = manPage(TABLE, {
    program: "hexad try-it",
    date: "2026-01-01",
    version: "0.1.0",
    text: "to try it.",
    prose: [".begins like a request, with `quotes' and ~ and ^"],
    seeAlso: ["hexad", "hexad-status"],
  });
  assertEquals(page.split("\n"), [
    '.TH HEXAD\\-TRY\\-IT 1 2026-01-01 "hexad 0.1.0" "hexad"',
    ".SH NAME",
    "hexad\\-try\\-it \\- to try it",
    ".SH SYNOPSIS",
    ".B hexad try\\-it",
    "[\\-f] [\\-S DIR] [SERVICE...]",
    ".SH DESCRIPTION",
    "Does what it\\(aqs told, with a\\eb in it.",
    ".PP",
    "\\&.begins like a request, with \\(gaquotes\\(aq and \\(ti and \\(ha",
    ".SH COMMANDS",
    ".TP",
    "\\fBfirst\\fR",
    "what comes first",
    ".SH OPTIONS",
    ".TP",
    "\\fB\\-f\\fR, \\fB\\-\\-follow\\fR",
    "go on",
    ".TP",
    "\\fB\\-\\-since\\fR \\fITIME\\fR",
    "no older lines and so on and so on and so on and so on and so on and so on and",
    "so on and so on and so on and so on and so on and so on",
    ".TP",
    "\\fB\\-\\-help\\fR",
    "show usage, options and exit codes",
    ".TP",
    "\\fB\\-\\-version\\fR",
    "show the version of hexad and of its runtime",
    ".SH EXIT STATUS",
    ".TP",
    "\\fB0\\fR",
    "done",
    ".SH EXAMPLES",
    ".nf",
    "hexad try",
    "\\&.hidden \\-\\-all",
    "\\&",
    "last",
    ".fi",
    ".SH SEE ALSO",
    ".BR hexad (1),",
    ".BR hexad\\-status (1)",
    "",
  ]);
});

Deno.test("pageName(): of a command within hexad", () => {
  assertEquals([pageName("hexad"), pageName("hexad status"), pageName("s6-svc")], [
    "hexad",
    "hexad-status",
    "s6-svc",
  ]);
});
