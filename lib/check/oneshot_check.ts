/**
 * The scripts of a oneshot: command lines in execline, which are taken for shell scripts more often
 * than not.
 */
import { CHAIN_SHAPES } from "../execline/core/chain_shape.ts";
import { diagnosis } from "../core/diagnosis/diagnoses.ts";
import { parseScript, ScriptError } from "../execline/core/execline_script.ts";
import { decodePath } from "../core/text/path_bytes.ts";
import { chainEnd } from "./core/command_chain.ts";
import type { RawDefinition } from "../rc/core/source/raw_definition.ts";
import { shellTrait } from "../rc/core/source/shell_up.ts";
import { checkContainerVariables } from "./contenv_check.ts";
import { checkExeclineScript } from "./execline_check.ts";
import { checkProgram } from "./program_check.ts";
import type { Report } from "./report.ts";

const SCRIPTS = ["up", "down", "reload"] as const;
/** Scripts that oneshots have beside them, for up and down to name. */
export const ONESHOT_HELPERS = ["run", "finish"] as const;
const CARRIAGE_RETURN = 13;
/** Where images keep what they have written themselves; programs are elsewhere. */
const SCRIPTS_OF_IMAGES = "/etc/";

export function checkOneshot(
  report: Report,
  directory: string,
  raw: RawDefinition,
  overlay: boolean,
): void {
  let named = "";
  for (const name of SCRIPTS) {
    const file = raw.files.get(name);
    if (file?.kind !== "file" || !file.whole) continue;
    const path = `${directory}/${name}`;
    named += decodePath(file.bytes);
    if (file.bytes.includes(CARRIAGE_RETURN)) {
      report.add(path, diagnosis("crlf-lines"), { line: 1, mend: { kind: "LF line ends" } });
      continue;
    }
    const trait = shellTrait(file.bytes, (program) => Object.hasOwn(CHAIN_SHAPES, program));
    if (trait !== undefined) {
      const place = report.runsAt(directory);
      report.add(path, diagnosis("up-for-shell", trait.what), {
        line: trait.line,
        mend: { kind: "shell script", place },
      });
    } else if (parses(file.bytes)) {
      checkExeclineScript(report, { path, role: "script", directory: "/" }, file.bytes, true);
      checkStarted(report, path, file.bytes, overlay);
    }
  }
  for (const name of ONESHOT_HELPERS) {
    if (raw.files.has(name) && !new RegExp(`\\b${name}\\b`).test(named)) {
      report.add(`${directory}/${name}`, diagnosis("rc-run-unused"));
    }
  }
}

/** Mistakes of syntax have been told by the reader. */
function parses(bytes: Uint8Array): boolean {
  try {
    parseScript(bytes, "");
    return true;
  } catch (error) {
    if (error instanceof ScriptError) return false;
    throw error;
  }
}

/** The script that the command line becomes: it has to be executable, since nobody copies it. */
function checkStarted(report: Report, path: string, bytes: Uint8Array, overlay: boolean): void {
  const words = parseScript(bytes, path);
  const end = chainEnd(
    words.texts.map((text) => ({ text, literal: !text.includes("$") })),
    report.known,
  );
  const [first] = end.program;
  if (first === undefined || !first.literal || !first.text.startsWith("/")) return;
  const line = words.places[words.length - end.program.length]?.line ?? 1;
  const found = report.view.resolve(report.seenAt(first.text));
  if (found.kind === "missing" && report.complete) {
    report.add(path, diagnosis("program-missing", first.text), { line });
  }
  if (found.kind !== "found" || found.record.type !== "file") return;
  if (!first.text.startsWith(SCRIPTS_OF_IMAGES)) return;
  checkProgram(report, { path: found.path, role: "script", directory: "/" });
  if (overlay) checkContainerVariables(report, found.path);
}
