/**
 * Transcripts of commands: what was run, what it printed on either stream, its exit code.
 *
 *     $ s6-rc-db -c db type mnt
 *     1| oneshot
 *     rc=0
 *
 * `# ...` is a remark of the case. Pure.
 */

export interface Step {
  /** `$ COMMAND`, or a remark. */
  readonly head: string;
  /** `1| ...` and `2| ...`, in the order in which they were printed. */
  readonly lines: readonly string[];
  /** `rc=0`; empty for a remark. */
  readonly code: string;
}

/** Seconds that a command took (`took=1s`) are passed over: tests assert no times. */
export function parseTranscript(lines: readonly string[]): Step[] {
  const steps: { head: string; lines: string[]; code: string }[] = [];
  for (const line of lines) {
    const current = steps.at(-1);
    if (/^[$#] /.test(line)) steps.push({ head: line, lines: [], code: "" });
    else if (current === undefined || line === "" || /^took=\d+s$/.test(line)) continue;
    else {
      // what a command prints last need not end in a newline
      const [, text, code] = /^(.*?)(rc=\d+)?$/.exec(line)!;
      if (text !== "") current.lines.push(text!);
      if (code !== undefined) current.code = code;
    }
  }
  return steps;
}

/**
 * Where two transcripts differ. The order of lines within a command does not count: services end in
 * any order.
 */
export function transcriptDifferences(
  expected: readonly Step[],
  actual: readonly Step[],
): string[] {
  const complaints: string[] = [];
  for (let at = 0; at < Math.max(expected.length, actual.length); at++) {
    const [want, got] = [expected[at], actual[at]];
    if (want === undefined || got === undefined || want.head !== got.head) {
      return [
        ...complaints,
        `step ${at}: expected ${want?.head ?? "no more"}, got ${got?.head ?? "no more"}`,
      ];
    }
    if (want.code === got.code && sorted(want) === sorted(got)) continue;
    complaints.push([want.head, ...shown("-", want), ...shown("+", got)].join("\n"));
  }
  return complaints;
}

function sorted({ lines }: Step): string {
  return [...lines].sort().join("\n");
}

function shown(mark: string, { lines, code }: Step): string[] {
  return [...lines, code].map((line) => `  ${mark} ${line}`);
}
