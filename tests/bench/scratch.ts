/**
 * Where the benchmark works: a directory in memory if there is one that programs may be run from,
 * so that no disk is measured.
 */

export interface Scratch extends Disposable {
  readonly path: string;
  /** Of the file system that it is on, e.g. `tmpfs`. */
  readonly fileSystem: string;
}

interface Mount {
  readonly point: string;
  readonly type: string;
  readonly options: readonly string[];
}

function mounts(): Mount[] {
  return Deno.readTextFileSync("/proc/mounts").trimEnd().split("\n").map((line) => {
    const [, point = "", type = "", options = ""] = line.split(" ");
    return { point, type, options: options.split(",") };
  });
}

/** The mount that `path` is on: of the longest mount points above it, the one mounted last. */
function mountOf(path: string): Mount | undefined {
  const above = mounts().filter(({ point }) =>
    point === "/" || path === point || path.startsWith(`${point}/`)
  );
  const longest = Math.max(...above.map(({ point }) => point.length));
  return above.findLast(({ point }) => point.length === longest);
}

export function makeScratch(): Scratch {
  const memory = mountOf("/dev/shm");
  const usable = memory?.type === "tmpfs" && !memory.options.includes("noexec") &&
    !memory.options.includes("ro");
  const path = Deno.realPathSync(
    Deno.makeTempDirSync({ ...(usable ? { dir: "/dev/shm" } : {}), prefix: "hexad-bench-" }),
  );
  Deno.chmodSync(path, 0o711);
  return {
    path,
    fileSystem: fileSystemOf(path),
    [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }),
  };
}

/** Of the file system that a path is on, e.g. `tmpfs`. */
export function fileSystemOf(path: string): string {
  return mountOf(path)?.type ?? "unknown";
}

/** What the file system of `path` has left for files; in memory, no more than the memory has. */
function roomBytes(path: string): number {
  const { stdout } = new Deno.Command("df", { args: ["--output=avail", "--block-size=1", path] })
    .outputSync();
  const left = Number(new TextDecoder().decode(stdout).trim().split("\n").at(-1));
  return fileSystemOf(path) === "tmpfs" ? Math.min(left, Deno.systemMemoryInfo().available) : left;
}

/**
 * A directory for so many bytes: the scratch directory if they go in, else one among the temporary
 * files.
 */
export function roomyDirectory(
  scratch: string,
  bytes: number,
): Disposable & { readonly path: string } {
  if (roomBytes(scratch) > bytes) return { path: scratch, [Symbol.dispose]: () => {} };
  const path = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "hexad-bench-" }));
  return { path, [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }) };
}

/** Where hexad is installed for the run: not in memory, for the others' programs are not either. */
export function makeProgramDirectory(): Disposable & { readonly path: string } {
  const path = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "hexad-bench-" }));
  return { path, [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }) };
}

export function makeFifos(paths: readonly string[]): void {
  const { success, stderr } = new Deno.Command("mkfifo", { args: ["--", ...paths] }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

/** A new directory with a FIFO in it. */
export function makeDirectoryWithFifo(
  scratch: string,
  name: string,
): { readonly base: string; readonly fifo: string } {
  const base = Deno.makeTempDirSync({ dir: scratch, prefix: `${name}-` });
  const fifo = `${base}/arrivals`;
  makeFifos([fifo]);
  Deno.chmodSync(base, 0o711); // a service may be another user's
  Deno.chmodSync(fifo, 0o622);
  return { base, fifo };
}
