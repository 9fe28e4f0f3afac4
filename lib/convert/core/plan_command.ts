/**
 * The command of a planned service for services.yaml: its words, behind those links of a chain for
 * which there is no key; or, if something has to run before it, a script for execlineb. Pure.
 */
import { execLine } from "../../core/shell/exec_line.ts";
import { quoteForShell } from "../../core/shell/quoting.ts";
import { execlineRun } from "../../importer/core/execline_run.ts";
import { isSplit, type PlannedWord, type WordVariable } from "../../importer/core/planned_word.ts";
import { lostVariables, type PlannedUser, userChain } from "../../importer/core/planned_user.ts";
import { variableChain } from "../../importer/core/run_chain.ts";
import { SHELL } from "../../importer/core/script_comments.ts";
import type { PlannedRedirection, ServicePlan } from "../../importer/core/service_plan.ts";
import { literal } from "./draft.ts";

const NOWHERE = "/dev/null";

export interface CommandKeys {
  /** Words, or a line if variables are split into words. */
  readonly command: readonly string[] | string;
  /** What the command does itself, so that no key says it. */
  readonly hasUser: boolean;
  readonly hasSurroundings: boolean;
  /** `logging: {driver: none}` says it. */
  readonly isSilent: boolean;
}

export function commandKeys(plan: ServicePlan): CommandKeys {
  if ((plan.before ?? []).length > 0) return asScript(plan);
  const redirections = ownRedirections(plan);
  const isSilent = plan.log === undefined && isSilenced(redirections);
  const { command: planned } = plan;
  // a shell can do that itself
  const joinsInShell = planned.kind === "shell" && redirections.length === 1 &&
    redirections[0]!.fd === 2 && redirections[0]!.to === "&1";
  const links = isSilent || joinsInShell ? [] : redirections.flatMap(redirectionWords);
  const readsFiles = plan.environmentFiles?.format === "systemd";
  // with the rights that the supervisor has, as a file or a socket may need
  const early = readsFiles || plan.notifiesSocket === true ||
    (!isSilent && redirections.some(({ to }) => !to.startsWith("&") && to !== NOWHERE));
  const { user } = plan;
  const hasUser = user !== undefined && (early || !isPlain(user));
  // `home` speaks of `user`
  if (hasUser && plan.homeOf !== undefined) return asScript(plan);
  const chain = [
    ...links,
    ...(plan.notifiesSocket ? ["s6-notify-fd-from-socket"] : []),
    ...(readsFiles || plan.command.kind === "unit"
      ? variableChain({ ...plan, environment: [] }, undefined)
      : []),
    ...(hasUser
      ? [...userChain(user), ...lostOnes(plan).flatMap((pair) => ["export", ...pair])]
      : []),
  ].map(literal);
  const words: readonly PlannedWord[] = planned.kind === "shell"
    ? [SHELL, "-c", `${joinsInShell ? "exec 2>&1; " : ""}${execLine(planned.line).line}`]
    : planned.words;
  const splits = words.some((word) => typeof word !== "string" && word.some(isSplit));
  const command = splits
    ? [...chain.map(quoteForShell), ...words.map(lineWord)].join(" ")
    : [...chain, ...words.map(templateWord)];
  return { command, hasUser, hasSurroundings: false, isSilent };
}

/** All of its run but for its variables. */
function asScript(plan: ServicePlan): CommandKeys {
  const script = execlineRun({
    ...plan,
    environment: [],
    exported: lostOnes(plan),
    comments: [],
    redirections: ownRedirections(plan),
    ...(fileKeys(plan) ? { environmentFiles: undefined } : {}),
  } as ServicePlan, "").replace(/^#!.*\n/, "");
  return {
    command: ["execlineb", "-Pc", literal(script)],
    hasUser: true,
    hasSurroundings: true,
    isSilent: false,
  };
}

/** Whether `user` can say it: a group there means that there are no others. */
function isPlain({ group, onlyTheseGroups = false }: PlannedUser): boolean {
  return onlyTheseGroups === (group !== undefined);
}

/** Variables that the change of user would remove. */
function lostOnes({ environment, exported = [] }: ServicePlan): (readonly [string, string])[] {
  const known = exported.filter((pair): pair is readonly [string, string] =>
    typeof pair[1] === "string"
  );
  return lostVariables([...environment, ...known]);
}

/** Whether `env_file` is for its files of variables, over which the variables take precedence. */
export function fileKeys({ environmentFiles: files }: ServicePlan): boolean {
  return files !== undefined && files.format !== "systemd";
}

/** With `logging`, standard error is joined already. */
function ownRedirections({ redirections, log }: ServicePlan): readonly PlannedRedirection[] {
  return log === undefined
    ? redirections
    : redirections.filter(({ fd, to }) => fd !== 2 || to !== "&1");
}

function isSilenced(redirections: readonly PlannedRedirection[]): boolean {
  return redirections.some(({ fd, to }) => fd === 1 && to === NOWHERE) &&
    redirections.some(({ fd, to }) => fd === 2 && (to === NOWHERE || to === "&1"));
}

function redirectionWords({ fd, to }: PlannedRedirection): string[] {
  return to.startsWith("&")
    ? ["fdmove", "-c", String(fd), to.slice(1)]
    : ["redirfd", "-a", String(fd), to];
}

/** A word with variables that are replaced when the file is read. */
export function templateWord(word: PlannedWord): string {
  if (typeof word === "string") return literal(word);
  return word.map((part) => typeof part === "string" ? literal(part) : template(part)).join("");
}

function template({ variable, isNeeded }: WordVariable): string {
  return `\${${variable}${isNeeded ? "?it is not set" : "-"}}`;
}

/** The same in a line that is split into words after that. */
function lineWord(word: PlannedWord): string {
  if (typeof word === "string") return literal(quoteForShell(word));
  return word.map((part) =>
    typeof part === "string"
      ? literal(quoteForShell(part))
      : part.isSplit
      ? template(part)
      : `"${template(part)}"`
  ).join("");
}
