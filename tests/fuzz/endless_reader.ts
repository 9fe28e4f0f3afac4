/**
 * A program that reads a planted terabyte and would need hours for it. What it writes is forgotten;
 * it is watched until it has gone well beyond its longest line, and then killed.
 */
import { eventually } from "../fixture/deadline.ts";

const ENOUGH_BYTES = 16 * 1024 * 1024;
const LIMIT_MS = 60_000;

/** How much it has read; undefined if it is gone. */
function readBytes(pid: number): number | undefined {
  try {
    return Number(/^rchar: (\d+)$/m.exec(Deno.readTextFileSync(`/proc/${pid}/io`))?.[1]);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || String(error).includes("os error 3")) {
      return undefined;
    }
    throw error;
  }
}

export interface Watched {
  /** Its exit code; undefined if it had read enough before it ended. */
  readonly code: number | undefined;
  readonly stderr: string;
}

/** Runs a program until it ends or has read enough. */
export async function runAWhile(
  path: string,
  args: readonly string[],
  cwd: string,
): Promise<Watched> {
  const command = new Deno.Command(path, {
    args: [...args],
    cwd,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const child = command.spawn();
  let code: number | undefined;
  const ended = child.status.then((status) => code = status.code);
  const forgotten = child.stdout.pipeTo(new WritableStream());
  const said = new Response(child.stderr).text();
  const isEnough = (): boolean => code !== undefined || (readBytes(child.pid) ?? 0) > ENOUGH_BYTES;
  let wasKilled = false;
  try {
    await eventually(`${path} ${args.join(" ")} to read or to end`, isEnough, LIMIT_MS);
  } finally {
    wasKilled = code === undefined;
    if (wasKilled) child.kill("SIGKILL");
    await Promise.all([ended, forgotten]);
  }
  return { code: wasKilled ? undefined : code, stderr: await said };
}
