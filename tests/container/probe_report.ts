/** What a probe tells about what it inherited (`report` in probe.c). */

export interface ProbeReport {
  /** The open descriptors and what they are, e.g. `/dev/null` or `pipe`. */
  readonly descriptors: Readonly<Record<number, string>>;
  /**
   * Lines of /proc/self/status by their names: the masks of signals and the sets of capabilities.
   */
  readonly status: Readonly<Record<string, string>>;
  /** RLIMIT_NOFILE: the soft and the hard limit. */
  readonly nofile: string;
  readonly ids: Readonly<Record<"pid" | "parent" | "session" | "group", number>>;
  readonly owner: string;
  readonly env: readonly string[];
  readonly argv: readonly string[];
}

/**
 * Reads the first complete report of `name` in an output.
 *
 * @throws {Error} If there is none.
 */
export function parseReport(output: string, name: string): ProbeReport {
  const own = output.split("\n").filter((line) => line.startsWith(`${name}: `)).map((line) =>
    line.slice(name.length + 2)
  );
  const end = own.indexOf("reported");
  if (end < 0) throw new Error(`no report of ${name} in ${JSON.stringify(output)}`);
  const rows = own.slice(0, end);
  const texts = (kind: string): string[] =>
    rows.filter((row) => row.startsWith(`${kind} `)).map((row) => row.slice(kind.length + 1));
  const pairs = (kind: string, separator: string): [string, string][] =>
    texts(kind).map((
      text,
    ) => [text.slice(0, text.indexOf(separator)), text.slice(text.indexOf(separator) + 1).trim()]);
  const numbers = rows.find((row) => row.startsWith("pid "))!.split(" ");
  return {
    descriptors: Object.fromEntries(
      pairs("fd", " ").map(([fd, target]) => [fd, target.replace(/:\[\d+\]$/, "")]),
    ),
    status: Object.fromEntries(pairs("status", ":")),
    nofile: texts("nofile")[0]!,
    ids: {
      pid: Number(numbers[1]),
      parent: Number(numbers[3]),
      session: Number(numbers[5]),
      group: Number(numbers[7]),
    },
    owner: rows.find((row) => row.startsWith("uid "))!,
    env: texts("env").sort(),
    argv: pairs("arg", " ").map(([, word]) => word),
  };
}
