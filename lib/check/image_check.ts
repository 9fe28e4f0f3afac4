/**
 * The root of an image that has the files of s6-overlay: scripts, attributes and services under
 * /etc. Source: docs/overlay.md.
 */
import { diagnosis } from "../core/diagnosis/diagnoses.ts";
import { SERVICES_DIRECTORY } from "./core/services_file_name.ts";
import { SourcedFiles } from "./core/sourced_files.ts";
import { parseFixAttrs } from "../overlay/core/fix_attrs.ts";
import { checkProgram } from "./program_check.ts";
import { checkSources } from "./rc_check.ts";
import type { Report } from "./report.ts";
import { checkScandir } from "./scandir_check.ts";

const ETC = "/etc";
const SCRIPT_DIRECTORIES = ["cont-init.d", "cont-finish.d", "s6-overlay/scripts"] as const;
const FIX_ATTRS = `${ETC}/fix-attrs.d`;
const SERVICES = `${ETC}/services.d`;
/** Where an image has its definitions for s6-rc. */
export const DEFINITIONS = `${ETC}/s6-overlay/s6-rc.d`;
const USER_BUNDLES = `${ETC}/s6-overlay/user-bundles.d`;
const TEXT_LIMIT = 65536;
const ANY_EXECUTE_BIT = 0o111;

/** Something of these makes a directory the root of an image. */
export const IMAGE_MARKS: readonly string[] = [
  SERVICES,
  `${ETC}/cont-init.d`,
  `${ETC}/s6-overlay`,
  FIX_ATTRS,
  `${ETC}/cont-finish.d`,
  SERVICES_DIRECTORY,
];

export function checkImage(report: Report): void {
  const scripts = SCRIPT_DIRECTORIES.flatMap((name) => filesIn(report, `${ETC}/${name}`));
  const attributes = filesIn(report, FIX_ATTRS);
  for (const path of [...scripts, ...attributes]) {
    report.preparations.push(report.view.text(path, TEXT_LIMIT) ?? "");
  }
  const sourced = sourcedFiles(report, scripts);
  for (const path of scripts) {
    if (sourced.has(path) && !isProgram(report, path)) continue;
    checkProgram(report, { path, role: "script", directory: "/" });
  }
  for (const path of attributes) checkAttributes(report, path);
  if (report.view.isDirectory(SERVICES)) checkScandir(report, SERVICES, { mayBeEmpty: true });
  checkDefinitions(report);
}

/** What the scripts of the image, its services and its definitions read. */
function sourcedFiles(report: Report, scripts: readonly string[]): SourcedFiles {
  const sourced = new SourcedFiles();
  const programs = [SERVICES, DEFINITIONS].flatMap((parent) => {
    const listed = report.view.names(parent);
    return typeof listed === "string" ? [] : listed.names.flatMap((name) => {
      return ["run", "finish", "log/run", "up", "down"].map((file) => `${parent}/${name}/${file}`);
    });
  });
  for (const path of [...scripts, ...programs]) {
    sourced.addScript(report.view.text(path, TEXT_LIMIT) ?? "");
  }
  return sourced;
}

/** Made to be executed: it has the bit and names its interpreter. */
function isProgram(report: Report, path: string): boolean {
  const found = report.view.resolve(path);
  return found.kind === "found" && (found.record.mode & ANY_EXECUTE_BIT) !== 0 &&
    report.view.text(path, "#!".length) === "#!";
}

/** What is executed or read, dots and directories left out. */
function filesIn(report: Report, directory: string): string[] {
  const listed = report.view.names(directory);
  if (typeof listed === "string") return [];
  return listed.names.filter((name) => !name.startsWith(".")).map((name) => `${directory}/${name}`)
    .filter((path) => !report.view.isDirectory(path));
}

function checkAttributes(report: Report, path: string): void {
  const text = report.view.text(path, TEXT_LIMIT);
  if (text === undefined) return report.add(path, diagnosis("unreadable", "it is no regular file"));
  const { rules, problems } = parseFixAttrs(text);
  for (const problem of problems) {
    report.add(path, diagnosis("fix-attrs", problem.text), { line: problem.line });
  }
  if (!report.complete || !report.view.hasAccounts) return;
  for (const { account } of rules) {
    if (account.fallback !== undefined) continue;
    const user = report.view.user(account.text);
    if (!("unknown" in user)) continue;
    const line = text.split("\n").findIndex((each) => each.includes(account.text)) + 1;
    report.add(path, diagnosis("user-unknown", user.unknown), { line });
  }
}

/** Services for s6-rc, in the order in which a boot compiles them. */
function checkDefinitions(report: Report): void {
  if (!report.view.isDirectory(DEFINITIONS)) return;
  const bundles = report.view.isDirectory(`${DEFINITIONS}/user`)
    ? []
    : [USER_BUNDLES].filter((path) => report.view.isDirectory(path));
  checkSources(report, [DEFINITIONS, ...bundles], { overlay: true, partial: !report.complete });
}
