/**
 * The files of a service directory for a plan, in sh or in execline, with programs that C s6 has
 * too.
 *
 * The order in run: standard error joins standard output, then what needs the supervisor's rights
 * (preparation, environment files, limits), then the other user, and at last the program, which
 * takes the place of all of them. Pure.
 */
import { ENVDIR_CLAMP } from "../../execline/core/envdir_value.ts";
import { quoteForExecline, quoteForShell, shellLine } from "../../core/shell/quoting.ts";
import type {
  PlannedCommand,
  PlannedFile,
  PlannedLog,
  PlannedStep,
  ServicePlan,
} from "./service_plan.ts";
import { printable } from "../../core/text/printable.ts";
import { shellCommands } from "../../core/shell/shell_script.ts";
import { splitShellWords } from "../../core/shell/shell_words.ts";

export interface Language {
  readonly kind: "sh" | "execline";
  /** What stands behind #!. */
  readonly interpreter: string;
}

const SHELL = "/bin/sh";

/** All files, run first. */
export function serviceFilesOf(plan: ServicePlan, language: Language): PlannedFile[] {
  const files: PlannedFile[] = [{
    path: "run",
    text: language.kind === "sh" ? shellRun(plan, language) : execlineRun(plan, language),
    executable: true,
  }];
  if (plan.finish !== undefined) {
    files.push({
      path: "finish",
      text: `#!${SHELL}\n${plan.finish.join("\n")}\n`,
      executable: true,
    });
  }
  if (plan.check !== undefined) {
    files.push({ path: "data/check", text: `#!${SHELL}\n${plan.check}\n`, executable: true });
  }
  const small = {
    ...plan.files,
    ...(notificationFd(plan) === undefined
      ? {}
      : { "notification-fd": String(notificationFd(plan)) }),
  };
  for (const [path, text] of Object.entries(small)) {
    files.push({ path, text: text === "" ? "" : `${text}\n`, executable: false });
  }
  for (const [name, value] of hasEnvdir(plan, language.kind) ? plan.environment : []) {
    files.push({
      path: `env/${name}`,
      text: `${value.replaceAll("\n", "\0")}\n`,
      executable: false,
    });
  }
  if (plan.log !== undefined) files.push(logFile(plan.log, language));
  return files;
}

/** 3 for one that is only checked from outside. */
function notificationFd(
  { notificationFd: fd, check, notifiesSocket }: ServicePlan,
): number | undefined {
  return fd ?? (check === undefined && !notifiesSocket ? undefined : 3);
}

function comments({ comments: lines }: ServicePlan): string[] {
  return lines.map((line) => `# ${printable(line)}`.trimEnd());
}

/** The programs before the service's own. @param envdir How the directory is called. */
function chainBefore(plan: ServicePlan, envdir: string, language: Language["kind"]): string[] {
  const chain: string[] = [];
  if (plan.check !== undefined) chain.push("s6-notifyoncheck", "-w", "500", "-n", "0");
  if (plan.notifiesSocket) chain.push("s6-notify-fd-from-socket");
  if (plan.clearEnvironment) {
    chain.push("env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  }
  if (hasEnvdir(plan, language)) chain.push("s6-envdir", ...envdirOptions(plan), envdir);
  if (plan.limits !== undefined && plan.limits.length > 0) {
    chain.push("s6-softlimit", ...plan.limits);
  }
  if (plan.nice !== undefined && plan.nice !== 0) chain.push("nice", "-n", String(plan.nice));
  if (plan.user !== undefined) chain.push("s6-setuidgid", plan.user);
  return chain;
}

function envdirOptions({ environment }: ServicePlan): string[] {
  const keepsEnd = environment.some(([, value]) => /[ \t\r]$/.test(value));
  const isLong = environment.some(([, value]) =>
    new TextEncoder().encode(value).length >= ENVDIR_CLAMP
  );
  return [...(keepsEnd ? ["-n"] : []), ...(isLong ? ["-L"] : [])];
}

function shellRun(plan: ServicePlan, { interpreter }: Language): string {
  const lines = [`#!${interpreter} -e`, ...comments(plan)];
  const redirected = plan.redirections.map(({ fd, to }) =>
    to.startsWith("&") ? `${fd}>${to}` : `${fd}>>${quoteForShell(to)}`
  );
  if (redirected.length > 0) lines.push(`exec ${redirected.join(" ")}`);
  if (plan.umask !== undefined) lines.push(`umask ${quoteForShell(plan.umask)}`);
  if (!hasEnvdir(plan, "sh")) {
    for (const [name, value] of plan.environment) {
      lines.push(`export ${name}=${quoteForShell(value)}`);
    }
  }
  for (const { path, optional } of plan.environmentFiles ?? []) {
    lines.push(...sourceLines(path, optional));
  }
  const steps = plan.before ?? [];
  for (const step of steps) if (step.early) lines.push(stepLine(step, plan, "./env"));
  // a check looks for its files in the service directory, so only the program itself leaves it
  const leavesLate = plan.directory !== undefined &&
    (plan.check !== undefined || plan.notifiesSocket === true);
  const directory = quoteForShell(plan.directory ?? ".");
  let envdir = "./env";
  if (plan.directory !== undefined) {
    if (hasEnvdir(plan, "sh") && (!leavesLate || steps.length > 0)) {
      lines.push('env="$PWD/env"');
      envdir = '"$env"';
    }
    if (!leavesLate) lines.push(`cd ${directory}`);
  }
  for (const step of steps) {
    if (!step.early) {
      lines.push(
        leavesLate
          ? `(cd ${directory} && ${stepLine(step, plan, envdir)})`
          : stepLine(step, plan, envdir),
      );
    }
  }
  const before = chainBefore(plan, leavesLate ? "./env" : envdir, "sh").map((word) =>
    word === '"$env"' ? word : quoteForShell(word)
  );
  const chain = leavesLate ? [...before, SHELL, "-c", `'cd "$0" && exec "$@"'`, directory] : before;
  return `${
    [...lines, `exec ${[...chain, ...shellProgram(plan.command, chain.length > 0)].join(" ")}`]
      .join("\n")
  }\n`;
}

/**
 * Files of variables come after env/, and a shell can read them only before it: then all variables
 * are in run.
 */
function hasEnvdir(
  { environment, environmentFiles }: ServicePlan,
  language: Language["kind"],
): boolean {
  const inRun = language === "sh" && (environmentFiles ?? []).length > 0 &&
    environment.every(([name]) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  return environment.length > 0 && !inRun;
}

/** A file of variables, read by the shell: quotes mean what they mean there. */
function sourceLines(path: string, optional: boolean): string[] {
  const name = quoteForShell(path);
  const lines = ["set -a", `. ${name}`, "set +a"];
  return optional ? [`if test -r ${name}; then`, ...lines.map((line) => `  ${line}`), "fi"] : lines;
}

function stepLine(
  { command, asSupervisor, lenient }: PlannedStep,
  plan: ServicePlan,
  envdir: string,
): string {
  const variables = hasEnvdir(plan, "sh") ? ["s6-envdir", ...envdirOptions(plan), envdir] : [];
  const as = plan.user === undefined || asSupervisor
    ? []
    : ["s6-setuidgid", quoteForShell(plan.user)];
  const words = [...variables, ...as, ...shellProgram(command, variables.length + as.length > 0)];
  return `${words.join(" ")}${lenient ? " || :" : ""}`;
}

/**
 * `inChain`: something before it executes it, which may change what its variables are, so a shell
 * of its own has to read them.
 */
function shellProgram(command: PlannedCommand, inChain: boolean): string[] {
  if (command.kind === "words") return command.words.map(quoteForShell);
  const own = !isSimpleLine(command.line) || splitShellWords(command.line) === undefined ||
    inChain && /[$`~]/.test(command.line);
  return own ? [SHELL, "-c", quoteForShell(command.line)] : [command.line];
}

/** The shell's own words, which nothing else executes. */
const BUILTINS = new Set(
  ". : alias cd command eval exec exit export readonly return set shift source test times trap ulimit umask unset wait ["
    .split(" "),
);

/** One command, so that exec can stand before it. */
function isSimpleLine(line: string): boolean {
  const [command, ...more] = shellCommands(line);
  if (
    command === undefined || more.length > 0 || command.depth > 0 || command.then !== "" ||
    line.includes("\n")
  ) return false;
  const { text, literal } = command.words[0]!;
  return literal && !text.includes("=") && !BUILTINS.has(text) && line.startsWith(text) &&
    !/[;#]\s*$/.test(line);
}

function execlineRun(plan: ServicePlan, { interpreter }: Language): string {
  const lines = [`#!${interpreter} -P`, ...comments(plan)];
  const say = (...words: string[]): void => {
    lines.push(words.map(execlineWord).join(" "));
  };
  for (const { fd, to } of plan.redirections) {
    if (to.startsWith("&")) say("fdmove", "-c", String(fd), to.slice(1));
    else say("redirfd", "-a", String(fd), to);
  }
  if (plan.umask !== undefined) say("umask", plan.umask);
  for (const step of plan.before ?? []) {
    const words = [...stepChain(step, plan), ...execlineProgram(step.command)];
    lines.push(`${step.lenient ? "foreground" : "if"} { ${words.map(execlineWord).join(" ")} }`);
  }
  const chain = chainBefore(plan, "./env", "execline");
  if (chain.length > 0) lines.push(...chainLines(chain));
  if (plan.directory !== undefined) say("cd", plan.directory);
  for (const { path, optional } of plan.environmentFiles ?? []) {
    say("envfile", ...(optional ? ["-I"] : []), path);
  }
  lines.push(execlineProgram(plan.command).map(execlineWord).join(" "));
  return `${lines.join("\n")}\n`;
}

function stepChain({ asSupervisor, early }: PlannedStep, plan: ServicePlan): string[] {
  const chain = plan.environment.length > 0 ? ["s6-envdir", ...envdirOptions(plan), "./env"] : [];
  if (plan.user !== undefined && !asSupervisor) chain.push("s6-setuidgid", plan.user);
  if (plan.directory !== undefined && !early) chain.push("cd", plan.directory);
  return chain;
}

/** A line for each program of a chain. */
function chainLines(chain: readonly string[]): string[] {
  const lines: string[][] = [];
  for (const word of chain) {
    if (lines.length === 0 || /^(?:s6-[a-z]+|nice|env)$/.test(word)) lines.push([]);
    lines.at(-1)!.push(word);
  }
  return lines.map((words) => words.map(execlineWord).join(" "));
}

function execlineProgram(command: PlannedCommand): readonly string[] {
  return command.kind === "words" ? command.words : [SHELL, "-c", command.line];
}

function execlineWord(word: string): string {
  return /^[A-Za-z0-9_@%+=:,.$/-]+$/.test(word) && !word.startsWith("#")
    ? word
    : quoteForExecline(word);
}

function logFile(log: PlannedLog, language: Language): PlannedFile {
  const words = ["-b", "--", ...log.directives, log.directory];
  if (log.form === "logscript") {
    const user = log.user === undefined ? [] : [`user:${log.user}`];
    return {
      path: "log/logscript",
      text: `${[...user, ...words].map(execlineWord).join(" ")}\n`,
      executable: false,
    };
  }
  const as = log.user === undefined ? [] : ["s6-setuidgid", log.user];
  const isRelative = log.directory.startsWith(".");
  if (language.kind === "execline") {
    const made = isRelative && log.user === undefined
      ? []
      : [`if { mkdir -p ${execlineWord(log.directory)} }`];
    if (log.user !== undefined) {
      made.push(`if { chown ${execlineWord(log.user)} ${execlineWord(log.directory)} }`);
    }
    const run = [
      `#!${language.interpreter} -P`,
      ...made,
      [...as, "s6-log", ...words].map(execlineWord).join(" "),
    ];
    return { path: "log/run", text: `${run.join("\n")}\n`, executable: true };
  }
  const made = isRelative && log.user === undefined
    ? []
    : [`mkdir -p ${quoteForShell(log.directory)}`];
  if (log.user !== undefined) {
    made.push(`chown ${quoteForShell(log.user)} ${quoteForShell(log.directory)}`);
  }
  const run = [
    `#!${language.interpreter} -e`,
    ...made,
    `exec ${shellLine([...as, "s6-log", ...words])}`,
  ];
  return { path: "log/run", text: `${run.join("\n")}\n`, executable: true };
}
