/** What files of services become, as text that can be compared and read. */
import { shownFiles } from "../../../lib/importer/core/shown_files.ts";
import { fileFindingLine } from "../../../lib/onefile/core/file_findings.ts";
import type { RenderForm } from "../../../lib/onefile/core/render_services.ts";
import { renderFiles } from "../../../lib/onefile/render_files.ts";
import { ROOT } from "../../fixture/toolset.ts";

/** Where the files of the tests are. */
export const FILES = `${ROOT}/tests/unit/onefile/files`;

const ENVIRONMENT: ReadonlyMap<string, string> = new Map([
  ["SET", "value"],
  ["EMPTY", ""],
  ["N", "3"],
  ["NO", "no"],
  ["COMPOSE_PROFILES", "asked, more"],
]);

export interface Rendering {
  readonly findings: readonly string[];
  readonly hasErrors: boolean;
  /** Empty if there are errors. */
  readonly shown: string;
}

/** @param place What stands for a directory in the text. */
export function rendering(
  files: readonly string[],
  place: readonly [directory: string, name: string],
  form: RenderForm = "definitions",
): Rendering {
  const { findings, directories } = renderFiles(files, {
    environment: ENVIRONMENT,
    language: { kind: "execline", interpreter: "/usr/bin/execlineb" },
    withContenv: false,
    dependencies: [],
    form,
  });
  const plain = (text: string): string => text.replaceAll(...place);
  return {
    findings: findings.all.map((finding) => plain(fileFindingLine(finding))),
    hasErrors: findings.hasErrors,
    shown: findings.hasErrors ? "" : plain(shownFiles(directories)),
  };
}

export function renderingText({ findings, shown }: Rendering): string {
  return ["==> findings\n", ...findings.map((line) => `${line}\n`), shown].join("");
}
