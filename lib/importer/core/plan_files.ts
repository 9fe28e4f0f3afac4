/**
 * The files of a service directory for a plan, in sh or in execline. They use only programs that C
 * s6 has too, except for `hexad env` and a logscript.
 *
 * The order in run: standard error joins standard output; then everything that needs the
 * supervisor's rights (preparation, environment files, limits); then the change of user; and last
 * the program, which replaces all of them. Pure.
 */
import { execLine } from "../../core/shell/exec_line.ts";
import { quoteForShell } from "../../core/shell/quoting.ts";
import { splitShellWords } from "../../core/shell/shell_words.ts";
import { HEALTH_DIRECTORY } from "../../health/core/health_files.ts";
import { execlineRun } from "./execline_run.ts";
import { logFile } from "./log_files.ts";
import type { Language } from "./language.ts";
import { hasEnvdir } from "./run_chain.ts";
import { SHELL } from "./script_comments.ts";
import type { ImportedService, PlannedCommand, PlannedFile, ServicePlan } from "./service_plan.ts";
import { exports, shRun, shStep } from "./sh_run.ts";

/** A plan that was read from somewhere, with its files. */
export function importedService(plan: ServicePlan, language: Language): ImportedService {
  return { name: plan.name, files: serviceFilesOf(plan, language), plan };
}

/** All files, beginning with run. */
export function serviceFilesOf(plan: ServicePlan, language: Language): PlannedFile[] {
  const files: PlannedFile[] = [{
    path: "run",
    text: language.kind === "sh"
      ? shRun(plan, language.interpreter)
      : execlineRun(plan, language.interpreter),
    executable: true,
  }];
  const finish = finishLines(plan);
  if (finish.length > 0) {
    files.push({ path: "finish", text: `#!${SHELL}\n${finish.join("\n")}\n`, executable: true });
  }
  if (plan.check !== undefined) {
    files.push({ path: "data/check", text: `#!${SHELL}\n${plan.check}\n`, executable: true });
  }
  files.push(...healthFiles(plan));
  for (const [path, text] of Object.entries(smallFiles(plan))) {
    files.push({ path, text: text === "" ? "" : `${text}\n`, executable: false });
  }
  for (const [name, value] of plan.environment) {
    files.push({
      path: `env/${name}`,
      text: `${value.replaceAll("\n", "\0")}\n`,
      executable: false,
    });
  }
  if (plan.log !== undefined) files.push(logFile(plan.log, language));
  return files;
}

function healthFiles({ health = {} }: ServicePlan): PlannedFile[] {
  return Object.entries(health).map(([name, value]) => {
    const isProgram = name === "run";
    return {
      path: `${HEALTH_DIRECTORY}/${name}`,
      text: isProgram ? `#!${SHELL}\n${value}\n` : `${value}\n`,
      executable: isProgram,
    };
  });
}

function smallFiles(plan: ServicePlan): Record<string, string> {
  const fd = notificationFd(plan);
  const keepsShell = staysShell(plan.command);
  return {
    ...plan.files,
    // signals reach only the shell, and its children would live on
    ...(keepsShell ? { "flag-kill-leftovers": "" } : {}),
    ...(fd === undefined ? {} : { "notification-fd": String(fd) }),
  };
}

/** Whether a shell keeps waiting for its children, by itself or as `sh -c LINE`. */
function staysShell(command: PlannedCommand): boolean {
  const words = command.kind === "shell" ? splitShellWords(command.line) ?? [] : command.words;
  const [program, option, line] = words;
  if (
    typeof program === "string" && /(?:^|\/)(?:ba|da|a)?sh$/.test(program) && option === "-c" &&
    typeof line === "string"
  ) return execLine(line).staysShell;
  return command.kind === "shell" && execLine(command.line).staysShell;
}

/** 3 for a service that is only checked from outside. */
function notificationFd(
  { notificationFd: fd, check, notifiesSocket }: ServicePlan,
): number | undefined {
  return fd ?? (check === undefined && !notifiesSocket ? undefined : 3);
}

/** The steps run in the service's directory, with its variables and as its user. */
function finishLines(plan: ServicePlan): string[] {
  const steps = plan.after ?? [];
  if (steps.length === 0) return [...(plan.finish ?? [])];
  const moves = plan.directory !== undefined;
  const envdir = hasEnvdir(plan) ? moves ? '"$env"' : "./env" : undefined;
  return [
    ...exports(plan),
    ...(moves && envdir !== undefined ? ['env="$PWD/env"'] : []),
    ...(moves ? [`cd ${quoteForShell(plan.directory!)}`] : []),
    ...steps.map((step) => shStep(step, plan, envdir)),
    ...(plan.finish ?? []),
    "exit 0",
  ];
}
