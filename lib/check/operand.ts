/**
 * What an operand of `hexad check` is: a service directory, a scan directory, or the root of an
 * image; and the check that it gets.
 */
import { SVSCAN_CTLDIR } from "../scandir/core/svscan_names.ts";
import type { CheckFinding } from "./core/check_finding.ts";
import { diagnosis } from "../core/diagnosis/diagnoses.ts";
import { canonicalPath } from "../core/text/path_canonical.ts";
import type { KnownCommands } from "./core/script_check.ts";
import { fileKind, meantFileName } from "../servicedir/core/servicedir_files.ts";
import { decodePath } from "../core/text/path_bytes.ts";
import { baseName } from "../core/text/path_name.ts";
import { checkImage, DEFINITIONS, IMAGE_MARKS } from "./image_check.ts";
import type { CheckPort } from "./port.ts";
import { checkSources } from "./rc_check.ts";
import { Report } from "./report.ts";
import { RootView, type User } from "./root_view.ts";
import { checkScandir } from "./scandir_check.ts";
import { checkService } from "./service_check.ts";

/** Where /init and the programs that people use look. */
const IMAGE_PATH = [
  "/command",
  "/usr/local/sbin",
  "/usr/local/bin",
  "/usr/sbin",
  "/usr/bin",
  "/sbin",
  "/bin",
] as const;
/**
 * What only an image has that could be run as it is; a directory to be copied into one has none of
 * it.
 */
const COMPLETE_MARKS = ["/etc/passwd", "/bin/sh", "/usr/lib/hexad", "/command"] as const;
const TYPE_LIMIT = 16;
const ROOT_USER: User = { name: "root", uid: 0, gids: [0] };

export interface CheckOptions {
  readonly port: CheckPort;
  readonly known: KnownCommands;
  /**
   * An absolute path: where absolute names in the operand are meant. Absent: here, or in the
   * operand if it is an image.
   */
  readonly root?: string;
  /** Directories of our own PATH. */
  readonly path: readonly string[];
  readonly user: User;
  /** The process's directory. */
  readonly directory: string;
}

export interface Checked {
  readonly findings: readonly CheckFinding[];
  readonly services: number;
  /**
   * Programs, users and directories that are not there may come from elsewhere, and were not
   * judged.
   */
  readonly partial: boolean;
}

/** source: definitions for s6-rc; definition: one of them. */
export type OperandKind = "service" | "scandir" | "image" | "source" | "definition";

/** Looks at what the operand names, and at everything in it. */
export function checkOperand(operand: string, options: CheckOptions): Checked {
  const { port, directory } = options;
  const absolute = canonicalPath(
    operand.startsWith("/") ? operand : `${directory}/${operand}`,
    () => {},
  );
  const shownAt = operand.replace(/\/+$/, "") || "/";
  const here = new RootView(port, "");
  const isImage = options.root === undefined && isImageRoot(here, absolute);
  const root = isImage ? absolute : options.root;
  if (root === undefined || root === "/") {
    const shown = shownFrom(absolute, shownAt);
    const kind = kindOf(here, absolute);
    const source = kind === "source"
      ? absolute
      : kind === "definition"
      ? absolute.slice(0, absolute.lastIndexOf("/"))
      : undefined;
    // its programs are an image's, not this machine's
    const isImages = source !== undefined && isOverlaySource(here, source);
    const placed = isImages ? { placed: { here: source, there: DEFINITIONS } } : {};
    return checkInside(
      new Report({ ...options, view: here, complete: !isImages, shown, ...placed }),
      absolute,
      kind,
    );
  }
  const found = here.resolve(root);
  if (found.kind !== "found") return nothing(shownAt);
  const view = new RootView(port, found.path);
  const below = isImage ? "" : pathBelow(here, found.path, absolute);
  if (below === undefined) return nothing(shownAt);
  const complete = options.root !== undefined || COMPLETE_MARKS.some((mark) => view.exists(mark));
  const shown = isImage
    ? (path: string): string => `${shownAt === "/" ? "" : shownAt}${path}`
    : shownFrom(below, shownAt);
  const report = new Report({
    ...options,
    view,
    complete,
    user: ROOT_USER,
    path: IMAGE_PATH,
    shown,
    placed: { here: "", there: "" },
  });
  return checkInside(report, below, isImage ? "image" : undefined);
}

function shownFrom(absolute: string, operand: string): (path: string) => string {
  const prefix = absolute === "/" ? "" : absolute;
  return (path) =>
    path.startsWith(`${prefix}/`)
      ? `${operand === "/" ? "" : operand}${path.slice(prefix.length)}`
      : path === absolute
      ? operand
      : path;
}

function nothing(operand: string): Checked {
  return {
    findings: [{ ...diagnosis("no-such-directory"), file: operand }],
    services: 0,
    partial: false,
  };
}

/** The path as it is seen from within the root; undefined if it is not in there. */
function pathBelow(here: RootView, root: string, absolute: string): string | undefined {
  const found = here.resolve(absolute);
  if (found.kind !== "found") return undefined;
  if (found.path === root) return "";
  const prefix = root === "" ? "" : root;
  return found.path.startsWith(`${prefix}/`) ? found.path.slice(prefix.length) : undefined;
}

function isImageRoot(here: RootView, path: string): boolean {
  return path !== "/" && IMAGE_MARKS.some((mark) => here.isDirectory(`${path}${mark}`));
}

function checkInside(report: Report, path: string, kind = kindOf(report.view, path)): Checked {
  if (!report.view.isDirectory(path)) report.add(path, diagnosis("no-such-directory"));
  else if (kind === "image") checkImage(report);
  else if (kind === "scandir") checkScandir(report, path);
  else if (kind === "source") checkSources(report, [path], sourceOptions(report, path));
  else if (kind === "definition") checkDefinitionAlone(report, path);
  else checkService(report, path);
  return { findings: report.findings, services: report.services, partial: !report.complete };
}

/**
 * Definitions of an image stand in s6-rc.d, or beside its bundle `user`; what a base image brings
 * is not among them.
 */
function isOverlaySource(view: RootView, path: string): boolean {
  return baseName(path) === baseName(DEFINITIONS) || view.isDirectory(`${path}/user/contents.d`);
}

function sourceOptions(
  report: Report,
  path: string,
): { readonly overlay: boolean; readonly partial: boolean } {
  const overlay = isOverlaySource(report.view, path);
  return { overlay, partial: overlay };
}

/** One definition, together with those beside it, which its names are names of. */
function checkDefinitionAlone(report: Report, path: string): void {
  const source = path.slice(0, path.lastIndexOf("/"));
  checkSources(report, [source], sourceOptions(report, source));
  const shown = report.shown(path);
  report.keep(({ file }) => file === shown || file.startsWith(`${shown}/`));
}

/** By what is in it: files of a service directory, or directories of services. */
function kindOf(view: RootView, path: string): OperandKind {
  if (path !== "" && IMAGE_MARKS.some((mark) => view.isDirectory(`${path}${mark}`))) return "image";
  const listed = view.names(path);
  if (typeof listed === "string") return "service";
  const { names } = listed;
  if (isDefinition(view, path)) return "definition";
  if (names.some((name) => !name.startsWith(".") && isDefinition(view, `${path}/${name}`))) {
    return "source";
  }
  if (names.includes("run") || names.includes("logscript")) return "service";
  if (names.includes(SVSCAN_CTLDIR)) return "scandir";
  const own = names.some((name) => {
    const kind = fileKind(name) ?? fileKind(meantFileName(name)?.name ?? "");
    return kind !== undefined && kind !== "directory" && kind !== "made" &&
      !(view.isDirectory(`${path}/${name}`) && kind !== "service");
  });
  const services = names.some((name) =>
    !name.startsWith(".") && name !== "log" && isService(view, `${path}/${name}`)
  );
  return services ||
      (!own && names.some((name) => !name.startsWith(".") && isEntry(view, `${path}/${name}`)))
    ? "scandir"
    : "service";
}

function isDefinition(view: RootView, path: string): boolean {
  const type = view.read(`${path}/type`, TYPE_LIMIT);
  return typeof type !== "string" && /^(?:oneshot|longrun|bundle)\s*/.test(decodePath(type));
}

function isService(view: RootView, path: string): boolean {
  return ["run", "logscript", "finish", "notification-fd"].some((name) =>
    view.lookAt(`${path}/${name}`) !== undefined
  ) &&
    view.isDirectory(path);
}

/** A directory, or a link that ought to lead to one. */
function isEntry(view: RootView, path: string): boolean {
  const record = view.lookAt(path);
  return typeof record === "object" && (record.type === "directory" || record.type === "link");
}
