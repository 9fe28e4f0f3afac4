/** What a reader must know of the machine in order to compare figures. */

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly distribution: string;
  /** Load averages when the benchmark began: what else the machine did. */
  readonly load: readonly number[];
  /** Limits that the suites were started with. */
  readonly openFiles: string;
  readonly processes: string;
  /** Below 0, the suites and what measures them went before the other work of the machine. */
  readonly niceness: number;
}

function field(path: string, pattern: RegExp): string {
  return pattern.exec(Deno.readTextFileSync(path))?.[1]?.trim() ?? "unknown";
}

/**
 * `soft/hard` of a line of /proc/self/limits; the runtime raised its soft limit of open files, and
 * children inherit that.
 */
function limit(name: string): string {
  const [, soft, hard] =
    new RegExp(`^${name} +(\\S+) +(\\S+)`, "m").exec(Deno.readTextFileSync("/proc/self/limits")) ??
      [];
  return `${soft ?? "unknown"}/${hard ?? "unknown"}`;
}

function niceness(): number {
  const stat = Deno.readTextFileSync("/proc/self/stat");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[16]);
}

export function describeMachine(): Machine {
  return {
    processor: field("/proc/cpuinfo", /^model name\s*:(.*)$/m),
    cores: navigator.hardwareConcurrency,
    memoryGiB: Deno.systemMemoryInfo().total / 2 ** 30,
    kernel: Deno.osRelease(),
    distribution: field("/etc/os-release", /^PRETTY_NAME="?([^"\n]*)/m),
    load: Deno.loadavg(),
    openFiles: limit("Max open files"),
    processes: limit("Max processes"),
    niceness: niceness(),
  };
}
