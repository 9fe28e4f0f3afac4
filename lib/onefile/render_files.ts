/** Files of services, read and rendered in one go. */
import { byBytes } from "../core/text/bytes.ts";
import { decodePath } from "../core/text/path_bytes.ts";
import type { Language } from "../importer/core/language.ts";
import { SyscallError } from "../libc/bind.ts";
import { readDirectory } from "../libc/file.ts";
import { readSmallFile } from "../libc/small_file.ts";
import { FileFindings } from "./core/file_findings.ts";
import { projectDirectory } from "./core/project_directory.ts";
import { MARK, MARK_NAMES, type RenderForm, renderServices } from "./core/render_services.ts";
import { loadServices, profilesOf } from "./load_services.ts";
import type { RenderedDirectory } from "./rendered_tree.ts";

const MAX_NAMES = 1 << 20;

export interface RenderRequest {
  /** For variables in the files, and COMPOSE_PROFILES. */
  readonly environment: ReadonlyMap<string, string>;
  /** Other profiles than those; absent: COMPOSE_PROFILES. */
  readonly profiles?: readonly string[];
  readonly language: Language;
  readonly withContenv: boolean;
  readonly dependencies: readonly string[];
  /** For a tree in the foreground: each line has its name, and services run beside their file. */
  readonly inForeground?: boolean;
  readonly reserved?: readonly string[];
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
  const directory = projectDirectory(files);
  const directories = renderServices(document, {
    ...request,
    directory,
    ...(request.inForeground === true ? { namesOutput: true, usualDirectory: directory } : {}),
    profiles: request.profiles ?? profilesOf(request.environment),
  }, findings);
  return { findings, directories };
}

/**
 * Something in a directory that no earlier rendering has made, such as a definition that was
 * written by hand, or the control directory of a scan directory in use. Undefined if there is none.
 */
export function strangerIn(path: string): string | undefined {
  try {
    const list = readSmallFile(`${path}/${MARK}/${MARK_NAMES}`, MAX_NAMES);
    const made = list === undefined ? [] : [MARK, ...decodePath(list).split("\n")];
    return readDirectory(path).toSorted(byBytes).find((name) => !made.includes(name));
  } catch (error) {
    // what is not there has none, and for what is no directory, writing tells it
    if (error instanceof SyscallError) return undefined;
    throw error;
  }
}
