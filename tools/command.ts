/** Runs other programs for the tools, and turns their failures into one line. */
import { Fatal, reasonOf } from "./fatal.ts";

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What the tool is doing, for the message of a failure. Default: `run PROGRAM`. */
  readonly doing?: string;
  /**
   * On failure show all that the program said: for compilers, whose messages are for the developer.
   */
  readonly showErrors?: boolean;
  /** What it reads. Default: nothing. */
  readonly stdin?: string;
}

// deno-lint-ignore no-control-regex -- escape sequences are what it removes
const COLOURS = /\x1b\[[0-9;]*m/g;

const NETWORK = /error sending request for url/;

/** The one line of a program's complaint that says most. */
export function mainComplaint(stderr: string): string {
  const lines = stderr.replace(COLOURS, "").split("\n").map((line) => line.trim()).filter((line) =>
    line !== ""
  );
  const full = lines.find((line) => /No space left on device|os error 28/.test(line));
  if (full !== undefined) return "No space left on device";
  const network = lines.find((line) => NETWORK.test(line));
  if (network !== undefined) return network.replace(/^\d+: /, "");
  const named = lines.find((line) => /\b(error|fatal|E):\s/i.test(line));
  return (named ?? lines.at(-1) ?? "no reason given").replace(/^(error|E):\s*/i, "");
}

/** Writes a few bytes, which a pipe holds. A program that ends without reading them is no error. */
async function feed(child: Deno.ChildProcess, text: string): Promise<void> {
  const writer = child.stdin.getWriter();
  try {
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

/**
 * Runs a program to its end.
 * @returns what it wrote to standard output
 * @throws {Fatal} If it can't be run or fails.
 */
export async function run(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const { cwd, env, doing = `run ${program}`, stdin } = options;
  const command = new Deno.Command(program, {
    args: [...args],
    ...(cwd === undefined ? {} : { cwd }),
    env: { NO_COLOR: "1", LC_ALL: "C.UTF-8", ...env },
    stdin: stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  });
  let output: Deno.CommandOutput;
  try {
    const child = command.spawn();
    if (stdin !== undefined) await feed(child, stdin);
    output = await child.output();
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound ? "command not found" : reasonOf(error);
    throw new Fatal(`unable to ${doing}: ${program}: ${reason}`);
  }
  const text = new TextDecoder();
  if (output.success) return text.decode(output.stdout);
  const complaint = text.decode(output.stderr);
  if (options.showErrors === true && !NETWORK.test(complaint)) console.error(complaint.trimEnd());
  throw new Fatal(`unable to ${doing}: ${mainComplaint(complaint)}`);
}

/**
 * The directories that are searched for a program; an ordinary user's PATH may lack those of
 * daemons.
 */
function searchDirectories(): string[] {
  return [
    ...(Deno.env.get("PATH") ?? "").split(":").filter((dir) => dir !== ""),
    "/usr/sbin",
    "/sbin",
  ];
}

/** Whether there is an executable file of that name. */
export function hasCommand(name: string): boolean {
  return searchDirectories().some((dir) => {
    try {
      const info = Deno.statSync(`${dir}/${name}`);
      return info.isFile && ((info.mode ?? 0) & 0o111) !== 0;
    } catch (error) {
      if (
        error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied ||
        error instanceof Deno.errors.NotADirectory
      ) return false;
      throw error;
    }
  });
}
