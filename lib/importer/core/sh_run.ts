/** A run script in sh. Pure. */
import { execLine } from "../../core/shell/exec_line.ts";
import { quoteForShell } from "../../core/shell/quoting.ts";
import { isSplit, shellWord } from "./planned_word.ts";
import { chainBefore, hasEnvdir, ownerChain, variableChain } from "./run_chain.ts";
import { comments, SHELL } from "./script_comments.ts";
import type { PlannedCommand, PlannedStep, ServicePlan } from "./service_plan.ts";

export function shRun(plan: ServicePlan, interpreter: string): string {
  const lines = [`#!${interpreter} -e`, ...comments(plan)];
  const redirected = plan.redirections.map(({ fd, to }) =>
    to.startsWith("&") ? `${fd}>${to}` : `${fd}>>${quoteForShell(to)}`
  );
  if (redirected.length > 0) lines.push(`exec ${redirected.join(" ")}`);
  if (plan.umask !== undefined) lines.push(`umask ${quoteForShell(plan.umask)}`);
  if (splitsWords(plan)) lines.push("set -f");
  lines.push(...exports(plan));
  const steps = plan.before ?? [];
  const own = plan.directory;
  const envdir = hasEnvdir(plan) ? "./env" : undefined;
  for (const step of steps) if (step.early) lines.push(shStep(step, plan, envdir));
  // a check needs the files of the service directory, so only the program itself leaves it
  const leavesLate = own !== undefined &&
    (plan.check !== undefined || plan.notifiesSocket === true);
  const directory = quoteForShell(own ?? ".");
  const needsAbsolute = own !== undefined && envdir !== undefined &&
    (!leavesLate || steps.length > 0);
  if (needsAbsolute) lines.push('env="$PWD/env"');
  const far = needsAbsolute ? '"$env"' : envdir;
  if (own !== undefined && !leavesLate) lines.push(`cd ${directory}`);
  for (const step of steps) {
    if (step.early) continue;
    const line = shStep(step, plan, far);
    lines.push(leavesLate ? `(cd ${directory} && ${line})` : line);
  }
  const before = chainBefore(plan, leavesLate ? envdir : far).map(shChainWord);
  const ignored = plan.ignoredSignals ?? [];
  const trap = ignored.length === 0 ? [] : [`trap "" ${ignored.join(" ")}`];
  // programs of a chain start with default signal handling
  const late = [...(leavesLate ? ['cd "$0"'] : []), ...(before.length > 0 ? trap : [])];
  if (before.length === 0) lines.push(...trap);
  const inner = `'${[...late, 'exec "$@"'].join(" && ")}'`;
  const chain = late.length === 0
    ? before
    : [...before, SHELL, "-c", inner, leavesLate ? directory : "sh"];
  lines.push(`exec ${[...chain, ...shProgram(plan.command, chain.length > 0)].join(" ")}`);
  return `${lines.join("\n")}\n`;
}

/** Whether values are split into words, which must not be expanded as file names. */
function splitsWords({ command }: ServicePlan): boolean {
  return command.kind === "words" &&
    command.words.some((word) => typeof word !== "string" && word.some(isSplit));
}

/** A step, and the programs that must precede it. @param envdir As for chainBefore() */
export function shStep(
  { command, asSupervisor, lenient }: PlannedStep,
  plan: ServicePlan,
  envdir: string | undefined,
): string {
  const variables = asSupervisor && command.kind === "words" ? [] : variableChain(
    { ...plan, command },
    envdir,
  );
  const chain = [...variables, ...(asSupervisor ? [] : ownerChain(plan))].map(shChainWord);
  const words = [...chain, ...shProgram(command, chain.length > 0)];
  return `${words.join(" ")}${lenient ? " || :" : ""}`;
}

export function exports(plan: ServicePlan): string[] {
  const lines = (plan.exported ?? []).map(([name, value]) => `export ${name}=${shellWord(value)}`);
  return plan.homeOf === undefined
    ? lines
    : [...lines, `export HOME="$(homeof ${quoteForShell(plan.homeOf)})"`];
}

function shChainWord(word: string): string {
  return word === '"$env"' ? word : quoteForShell(word);
}

/**
 * `inChain`: another program executes it and may change its variables, so a separate shell has to
 * read them.
 */
function shProgram(command: PlannedCommand, inChain: boolean): string[] {
  if (command.kind === "unit") return command.words.map(quoteForShell);
  if (command.kind === "words") return command.words.map(shellWord);
  const { line, staysShell } = execLine(command.line);
  const isOne = !staysShell && line === `exec ${command.line}` && !command.line.includes("\n") &&
    !/[;#]\s*$/.test(command.line);
  if (isOne && !(inChain && /[$`~]/.test(command.line))) return [command.line];
  return [SHELL, "-c", quoteForShell(line)];
}
