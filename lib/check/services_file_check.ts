/** Looks at a file of services: services.yaml, or another name of its kind. */
import { diagnosis } from "../core/diagnosis/diagnoses.ts";
import { renderFiles } from "../onefile/render_files.ts";
import { filesIn } from "../onefile/load_services.ts";
import { SERVICES_DIRECTORY } from "./core/services_file_name.ts";
import type { CheckFinding } from "./core/check_finding.ts";

const LANGUAGE = { kind: "execline", interpreter: "/command/execlineb" } as const;

/** What /init reads in an image, as absolute paths. @param root Of the image */
export function servicesFilesIn(root: string): readonly string[] {
  return filesIn(`${root}${SERVICES_DIRECTORY}`);
}

/**
 * @param files Absolute; several are merged
 * @param shown The name of a file in messages
 * @param environment For variables in them
 * @param reserved Names that no service can have
 */
export function checkServicesFiles(
  files: readonly string[],
  shown: (file: string) => string,
  environment: ReadonlyMap<string, string>,
  reserved: readonly string[] = [],
): { readonly findings: readonly CheckFinding[]; readonly services: number } {
  const { findings, directories } = renderFiles(files, {
    form: "definitions",
    environment,
    profiles: ["*"],
    language: LANGUAGE,
    withContenv: true,
    dependencies: [],
    reserved,
  });
  const services = directories.filter(({ files }) =>
    files.some(({ path }) => path === "run" || path === "logscript")
  );
  return {
    services: services.length,
    findings: findings.all.map(({ severity, place, text }) => ({
      ...diagnosis(severity === "error" ? "services-file" : "services-file-note", text),
      file: shown(place.file),
      line: place.line,
      column: place.column,
    })),
  };
}
