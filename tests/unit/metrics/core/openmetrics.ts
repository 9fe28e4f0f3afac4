/**
 * A reader of the two formats, as strict as a scraper is: it knows nothing of our metrics. Source:
 * https://prometheus.io/docs/specs/om/open_metrics_spec/.
 */
export interface ReadFamily {
  readonly type: string;
  readonly help: string;
  readonly unit: string | undefined;
  readonly samples: readonly ReadSample[];
}

export interface ReadSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? ([^ ]+)$`, "s");
const PAIR = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\"n])*)"(?:,|$)/sy;
const SUFFIXES = ["_total", "_bucket", "_sum", "_count", "_info", ""];

/** @throws {SyntaxError} If a line is not of the format, or a series is there twice. */
export function readMetrics(text: string, format: "openmetrics" | "text"): Map<string, ReadFamily> {
  const families = new Map<
    string,
    { type: string; help: string; unit?: string; samples: ReadSample[] }
  >();
  const seen = new Set<string>();
  if (!text.endsWith("\n")) throw new SyntaxError("no newline at the end");
  const lines = text.slice(0, -1).split("\n");
  if ((lines.at(-1) === "# EOF") !== (format === "openmetrics")) throw new SyntaxError("# EOF");
  let last: string | undefined;
  for (const line of lines.slice(0, format === "openmetrics" ? -1 : undefined)) {
    const heading = new RegExp(`^# (HELP|TYPE|UNIT) (${NAME}) (.*)$`).exec(line);
    if (heading !== null) {
      const [, kind, name, rest] = heading as unknown as [string, string, string, string];
      const family = families.get(name) ?? { type: "", help: "", samples: [] };
      if (family.samples.length > 0) throw new SyntaxError(`${name} comes twice`);
      families.set(name, family);
      if (kind === "HELP") family.help = unquoted(rest);
      else if (kind === "TYPE") family.type = rest;
      else family.unit = rest;
      last = name;
      continue;
    }
    const sample = readSample(line);
    const family = last === undefined ? undefined : families.get(last);
    if (family === undefined || !SUFFIXES.some((suffix) => sample.name === last + suffix)) {
      throw new SyntaxError(`a sample of ${sample.name} below ${last}`);
    }
    const key = `${sample.name} ${JSON.stringify(Object.entries(sample.labels).sort())}`;
    if (seen.has(key)) throw new SyntaxError(`twice: ${key}`);
    seen.add(key);
    family.samples.push(sample);
  }
  return new Map([...families].map(([name, { unit, ...rest }]) => [name, { ...rest, unit }]));
}

function readSample(line: string): ReadSample {
  const parts = SAMPLE.exec(line);
  if (parts === null) throw new SyntaxError(`no sample: ${line}`);
  const [, name, pairs = "", value] = parts as unknown as [string, string, string, string];
  const labels: Record<string, string> = {};
  PAIR.lastIndex = 0;
  while (PAIR.lastIndex < pairs.length) {
    const pair = PAIR.exec(pairs);
    if (pair === null) throw new SyntaxError(`no labels: ${line}`);
    labels[pair[1]!] = unquoted(pair[2]!);
  }
  const number = value === "+Inf" ? Infinity : Number(value);
  if (Number.isNaN(number)) throw new SyntaxError(`no number: ${line}`);
  return { name, labels, value: number };
}

function unquoted(text: string): string {
  return text.replace(/\\([\\"n])/g, (_, char) => char === "n" ? "\n" : char);
}
