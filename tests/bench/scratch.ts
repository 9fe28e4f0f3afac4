/** Where the benchmark works: a directory in memory if there is one that programs may be run from, so that no disk is measured. */

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
  const above = mounts().filter(({ point }) => point === "/" || path === point || path.startsWith(`${point}/`));
  const longest = Math.max(...above.map(({ point }) => point.length));
  return above.findLast(({ point }) => point.length === longest);
}

export function makeScratch(): Scratch {
  const memory = mountOf("/dev/shm");
  const usable = memory?.type === "tmpfs" && !memory.options.includes("noexec") && !memory.options.includes("ro");
  const path = Deno.realPathSync(Deno.makeTempDirSync({ ...(usable ? { dir: "/dev/shm" } : {}), prefix: "hexad-bench-" }));
  return {
    path,
    fileSystem: mountOf(path)?.type ?? "unknown",
    [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }),
  };
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
export function makeDirectoryWithFifo(scratch: string, name: string): { readonly base: string; readonly fifo: string } {
  const base = Deno.makeTempDirSync({ dir: scratch, prefix: `${name}-` });
  const fifo = `${base}/arrivals`;
  makeFifos([fifo]);
  return { base, fifo };
}
