/**
 * A case of s6-rc: source trees, the steps that are run on them, and the transcript of s6-rc
 * 0.7.0.0.
 *
 * Files are kept by their path; `!` behind it: executable, `=`: a symbolic link, and the text is
 * where it leads.
 */
import { ROOT } from "../../../tools/layout.ts";
import { run } from "../../fixture/command.ts";
import { OURS } from "../../fixture/toolset.ts";
import { CASE_SHELL } from "./case_shell.ts";
import { parseTranscript, type Step } from "./transcript.ts";

const CASES = `${ROOT}/tests/fixture/s6-rc`;
/** Some steps wait for what does not come, and services have time limits of seconds. */
const TIMEOUT_MS = 180_000;

export interface RcCase {
  readonly note: string;
  readonly files: Readonly<Record<string, string>>;
  readonly steps: readonly string[];
  readonly expected: readonly string[];
}

export function caseNames(): string[] {
  return [...Deno.readDirSync(CASES)].map(({ name }) => name.replace(/\.json$/, "")).sort();
}

export function readCase(name: string): RcCase {
  return JSON.parse(Deno.readTextFileSync(`${CASES}/${name}.json`));
}

/** Runs the steps with our programs first in PATH. */
export async function runCase({ files, steps }: RcCase): Promise<Step[]> {
  const directory = Deno.makeTempDirSync({ prefix: "rc-case-" });
  try {
    for (const [path, text] of Object.entries(files)) placeFile(directory, path, text);
    const script = [`W='${directory}'`, CASE_SHELL, ...steps, "down"].join("\n");
    const { stdout } = await run("/bin/bash", ["-c", script], {
      cwd: directory,
      env: { PATH: `${OURS.bin("")}:/usr/bin:/bin`, LC_ALL: "C.UTF-8" },
      timeoutMs: TIMEOUT_MS,
    });
    return parseTranscript(stdout.split("\n"));
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

function placeFile(directory: string, path: string, text: string): void {
  const target = `${directory}/${path.replace(/[!=]$/, "")}`;
  Deno.mkdirSync(target.slice(0, target.lastIndexOf("/")), { recursive: true });
  if (path.endsWith("=")) Deno.symlinkSync(text, target);
  else Deno.writeTextFileSync(target, text, { mode: path.endsWith("!") ? 0o755 : 0o644 });
}
