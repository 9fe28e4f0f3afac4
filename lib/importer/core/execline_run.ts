/** A run script in execline. Pure. */
import { execLine } from "../../core/shell/exec_line.ts";
import { execlineWord, importLines, type PlannedWord } from "./planned_word.ts";
import { chainBefore, hasEnvdir, ownerChain, variableChain } from "./run_chain.ts";
import { comments, SHELL } from "./script_comments.ts";
import type { PlannedCommand, PlannedStep, ServicePlan } from "./service_plan.ts";

const LINK = /^(?:s6-[a-z]+|nice|env|hexad)$/;

export function execlineRun(plan: ServicePlan, interpreter: string): string {
  const lines = [`#!${interpreter} -P`, ...comments(plan)];
  const say = (...words: readonly PlannedWord[]): void => {
    lines.push(words.map(execlineWord).join(" "));
  };
  const steps = plan.before ?? [];
  const exported = plan.exported ?? [];
  lines.push(...importLines([
    ...exported.map(([, value]) => value),
    ...[...steps.map(({ command }) => command), plan.command].flatMap(program),
  ]));
  for (const { fd, to } of plan.redirections) {
    if (to.startsWith("&")) say("fdmove", "-c", String(fd), to.slice(1));
    else say("redirfd", "-a", String(fd), to);
  }
  if (plan.umask !== undefined) say("umask", plan.umask);
  for (const [name, value] of exported) say("export", name, value);
  if (plan.homeOf !== undefined) {
    lines.push(`backtick HOME { ${["homeof", plan.homeOf].map(execlineWord).join(" ")} }`);
  }
  for (const step of steps) {
    const words = [...stepChain(step, plan), ...program(step.command)];
    lines.push(`${step.lenient ? "foreground" : "if"} { ${words.map(execlineWord).join(" ")} }`);
  }
  lines.push(...chainLines(chainBefore(plan, hasEnvdir(plan) ? "./env" : undefined)));
  if (plan.directory !== undefined) say("cd", plan.directory);
  say(...program(plan.command));
  return `${lines.join("\n")}\n`;
}

function stepChain({ command, asSupervisor, early }: PlannedStep, plan: ServicePlan): string[] {
  const chain = asSupervisor && command.kind === "words"
    ? []
    : variableChain({ ...plan, command }, hasEnvdir(plan) ? "./env" : undefined);
  if (!asSupervisor) chain.push(...ownerChain(plan));
  if (plan.directory !== undefined && !early) chain.push("cd", plan.directory);
  return chain;
}

/** A line for each program of a chain. */
function chainLines(chain: readonly string[]): string[] {
  const lines: string[][] = [];
  for (const [at, word] of chain.entries()) {
    // `hexad env` is one
    if (lines.length === 0 || LINK.test(word) && chain[at - 1] !== "hexad") lines.push([]);
    lines.at(-1)!.push(word);
  }
  return lines.map((words) => words.map(execlineWord).join(" "));
}

function program(command: PlannedCommand): readonly PlannedWord[] {
  return command.kind === "shell" ? [SHELL, "-c", execLine(command.line).line] : command.words;
}
