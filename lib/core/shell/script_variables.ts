/**
 * Variables that a script takes from its environment: those that it uses and never sets. A guess,
 * on the safe side: a script that reads other files, or the container's environment itself, is not
 * judged. Pure.
 */
import { baseName } from "../text/path_name.ts";

export interface MissingVariable {
  readonly name: string;
  /** Counted from 1. */
  readonly line: number;
  /** The first line as it should be. */
  readonly shebang: string;
}

const SHELLS = /^(?:sh|bash|ash|dash|ksh|zsh)$/;
/** Set by shells, or there for every service. */
const ALWAYS_THERE =
  /^(?:PATH|PWD|OLDPWD|IFS|HOME|HOSTNAME|RANDOM|SECONDS|UID|EUID|PPID|OPTARG|OPTIND|REPLY|SHLVL|LINENO|FUNCNAME|BASH\w*|PIPESTATUS|RC_NAME|S6_\w+|TERM|LANG|LC_\w+|PS4)$/;
/** Other files may set anything. */
const READS_OTHERS =
  /(?:^|[\s;&|])(?:\.|source|eval|set -a)\s|with-contenv|container_environment|s6-envdir|s6-dumpenv/m;

/**
 * The first variable that services of s6-overlay lack; undefined if there is none, or it can't be
 * told.
 */
export function firstMissingVariable(text: string): MissingVariable | undefined {
  const lines = text.split("\n");
  const head = /^#!\s*(\S+)\s*(.*)$/.exec(lines[0]!);
  if (head === null || READS_OTHERS.test(text)) return undefined;
  const isEnv = baseName(head[1]!) === "env";
  const interpreter = isEnv ? head[2]!.split(/\s+/).at(-1)! : head[1]!;
  const name = baseName(interpreter);
  if (name === "execlineb") return inExecline(lines);
  if (!SHELLS.test(name)) return undefined;
  for (const [index, line] of lines.entries()) {
    if (index === 0 || /^\s*#/.test(line)) continue;
    const visible = line.replace(/'[^']*'/g, "").replace(/\\\$/g, "");
    for (const [, variable] of visible.matchAll(/\$\{?([A-Z][A-Z0-9_]{2,})/g)) {
      if (ALWAYS_THERE.test(variable!) || isSet(text, variable!)) continue;
      return { name: variable!, line: index + 1, shebang: `#!/command/with-contenv ${name}` };
    }
  }
  return undefined;
}

function isSet(text: string, variable: string): boolean {
  return new RegExp(
    `(?:^|[\\s;&|(])${variable}\\+?=|\\b(?:read|for|local|declare|getopts|printf -v)\\b[^\\n;]*\\b${variable}\\b|\\$\\{${variable}(?::?[-=+?])`,
    "m",
  )
    .test(text);
}

function inExecline(lines: readonly string[]): MissingVariable | undefined {
  for (const [index, line] of lines.entries()) {
    const name = /(?:^|\s)importas\s+(?:-\S+\s+)*([A-Za-z_]\w*)/.exec(line)?.[1];
    if (
      name === undefined || /^\s*#/.test(line) || ALWAYS_THERE.test(name) ||
      lines.some((each) => /\b(?:export|backtick|define)\b/.test(each) && each.includes(name))
    ) continue;
    return { name, line: index + 1, shebang: `${lines[0]}, with with-contenv as its first word` };
  }
  return undefined;
}
