/** Looks at a file of services: services.yaml, or another name of its kind. */
import { diagnosis } from "../core/diagnosis/diagnoses.ts";
import { renderFiles } from "../onefile/render_files.ts";
import type { CheckFinding } from "./core/check_finding.ts";

const LANGUAGE = { kind: "execline", interpreter: "/command/execlineb" } as const;

/**
 * @param file Absolute
 * @param environment For variables in it
 */
export function checkServicesFile(
  file: string,
  shown: string,
  environment: ReadonlyMap<string, string>,
): { readonly findings: readonly CheckFinding[]; readonly services: number } {
  const { findings, directories } = renderFiles([file], {
    form: "definitions",
    environment,
    profiles: ["*"],
    language: LANGUAGE,
    withContenv: true,
    dependencies: [],
  });
  const services = directories.filter(({ files }) =>
    files.some(({ path }) => path === "run" || path === "logscript")
  );
  return {
    services: services.length,
    findings: findings.all.map(({ severity, place, text }) => ({
      ...diagnosis(severity === "error" ? "services-file" : "services-file-note", text),
      file: place.file === file ? shown : place.file,
      line: place.line,
      column: place.column,
    })),
  };
}
