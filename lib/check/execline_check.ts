/** A script for execlineb: its language, its links, and the program that it becomes. */
import { diagnosis } from "../core/diagnosis/diagnoses.ts";
import { parseScript, ScriptError } from "../execline/core/execline_script.ts";
import { decodePath } from "../core/text/path_bytes.ts";
import { checkCommandLine } from "./core/script_check.ts";
import { headComplaint } from "./core/script_head_check.ts";
import type { Words } from "../execline/core/words.ts";
import { chainEnd } from "./core/command_chain.ts";
import { checkBecomes } from "./becomes_check.ts";
import { checkSleeps } from "./finish_check.ts";
import type { Program } from "./checked_program.ts";
import type { Report } from "./report.ts";

/** @param headless It has no first line for the kernel, as `up` of a oneshot. */
export function checkExeclineScript(
  report: Report,
  program: Program,
  bytes: Uint8Array,
  headless = false,
): void {
  const { path } = program;
  const complaint = headless
    ? undefined
    : headComplaint(bytes, report.known.options("execlineb") ?? []);
  if (complaint !== undefined) report.add(path, diagnosis("script-syntax", complaint), { line: 1 });
  let words: Words;
  try {
    words = parseScript(bytes, path);
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    const { line, column } = error.place;
    return report.add(path, diagnosis("script-syntax", error.message), { line, column });
  }
  if (words.length === 0) return;
  for (
    const { kind, place: { line, column }, text } of checkCommandLine(
      words,
      report.known,
      decodePath(bytes),
    )
  ) {
    report.add(path, { ...diagnosis("script-syntax", text), severity: kind }, { line, column });
  }
  const chain = words.texts.map((text) => ({ text, literal: !text.includes("$") }));
  const end = chainEnd(chain, report.known);
  const line = words.places[words.length - end.program.length]?.line ?? words.place?.line ?? 1;
  const text = decodePath(bytes);
  if (program.role === "finish") {
    checkSleeps(
      report,
      program,
      words.texts.map((word) => word.trim()),
    );
  }
  if (program.role === "run") {
    checkBecomes(report, program, {
      end,
      line,
      certain: true,
      text,
      moves: words.texts.includes("cd"),
    });
  }
}
