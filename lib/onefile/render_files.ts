/** Files of services, read and rendered in one go. */
import { dirName } from "../core/text/path_name.ts";
import type { Language } from "../importer/core/language.ts";
import { SVSCAN_CTLDIR } from "../scandir/core/svscan_names.ts";
import { SyscallError } from "../libc/bind.ts";
import { readDirectory } from "../libc/file.ts";
import { FileFindings } from "./core/file_findings.ts";
import { MARKS, type RenderForm, renderServices } from "./core/render_services.ts";
import { loadServices, profilesOf } from "./load_services.ts";
import type { RenderedDirectory } from "./rendered_tree.ts";

export interface RenderRequest {
  /** For variables in the files, and COMPOSE_PROFILES. */
  readonly environment: ReadonlyMap<string, string>;
  /** Other profiles than those; absent: COMPOSE_PROFILES. */
  readonly profiles?: readonly string[];
  readonly language: Language;
  readonly withContenv: boolean;
  readonly dependencies: readonly string[];
  readonly form: RenderForm;
}

export interface RenderedFiles {
  /** If there are errors, nothing is to be written. */
  readonly findings: FileFindings;
  readonly directories: readonly RenderedDirectory[];
}

/** @param files Absolute paths */
export function renderFiles(files: readonly string[], request: RenderRequest): RenderedFiles {
  const findings = new FileFindings();
  const document = loadServices(files, request.environment, findings);
  if (document === undefined) return { findings, directories: [] };
  const directories = renderServices(document, {
    ...request,
    directory: dirName(files[0] ?? "/"),
    profiles: request.profiles ?? profilesOf(request.environment),
  }, findings);
  return { findings, directories };
}

/** Whether a directory is new, empty or an earlier rendering, and no scan directory in use. */
export function mayRenderInto(path: string): boolean {
  try {
    const names = readDirectory(path);
    return names.length === 0 ||
      (names.some((name) => MARKS.includes(name)) && !names.includes(SVSCAN_CTLDIR));
  } catch (error) {
    if (error instanceof SyscallError) return true;
    throw error;
  }
}
