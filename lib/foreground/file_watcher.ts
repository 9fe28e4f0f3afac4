/** Tells which files below a directory have changed, once they have come to rest, or after a second. */
import { startTimer } from "../fifodir/timer.ts";
import { SyscallError } from "../libc/bind.ts";
import { monotonicMs } from "../libc/clock.ts";
import { readDirectory } from "../libc/file.ts";
import { isDirectory, tryLstat } from "../libc/stat.ts";

/** An editor writes a file in several steps, and a checkout writes many. */
const REST_MS = 100;
/** Where files change all the time, nobody waits for a rest for longer than this. */
const MOST_MS = 1000;
const OTHERS = new Set<Deno.FsEvent["kind"]>(["access", "other"]);
/** Where tools, not people, write. */
const NOT_SOURCES = /(?:^|\/)(?:\.git|node_modules)\//;

/**
 * Watches until the signal aborts.
 *
 * @param onChange Receives paths below the directory.
 * @throws {Deno.errors.NotFound} If there is no such directory.
 */
export async function watchFiles(
  directory: string,
  signal: AbortSignal,
  onChange: (paths: readonly string[]) => void,
): Promise<void> {
  using watcher = Deno.watchFs(directory, { recursive: true });
  signal.addEventListener("abort", () => watcher.close(), { once: true });
  const changed = new Set<string>();
  const add = (path: string): void => {
    const below = path.startsWith(`${directory}/`) ? path.slice(directory.length + 1) : path;
    if (!NOT_SOURCES.test(below)) changed.add(below);
  };
  let timer: Disposable | undefined;
  let firstMs = 0;
  for await (const { kind, paths } of watcher) {
    if (OTHERS.has(kind)) continue;
    for (const path of paths) {
      add(path);
      // files may have come into a new directory before it was watched
      if (kind === "create") { for (const file of filesBelow(path)) add(file); }
    }
    timer?.[Symbol.dispose]();
    if (timer === undefined) firstMs = monotonicMs();
    const leftMs = Math.max(0, firstMs + MOST_MS - monotonicMs());
    timer = startTimer(Math.min(REST_MS, leftMs), () => {
      timer = undefined;
      const settled = [...changed];
      changed.clear();
      if (settled.length > 0) onChange(settled);
    });
  }
  timer?.[Symbol.dispose]();
}

/** Whatever is below a directory now; nothing for a file, and for what has gone. */
function filesBelow(path: string): string[] {
  const record = tryLstat(path);
  if (typeof record === "number" || !isDirectory(record.mode)) return [];
  try {
    return readDirectory(path).flatMap((name) => {
      const file = `${path}/${name}`;
      return [file, ...filesBelow(file)];
    });
  } catch (error) {
    if (error instanceof SyscallError) return [];
    throw error;
  }
}
