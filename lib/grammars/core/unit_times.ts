/** Times and booleans of systemd's unit files. Source: systemd.time(7), systemd.syntax(7). Pure. */

const SECONDS: Readonly<Record<string, number>> = {
  "": 1,
  us: 1e-6,
  ms: 1e-3,
  s: 1,
  sec: 1,
  second: 1,
  seconds: 1,
  m: 60,
  min: 60,
  minute: 60,
  minutes: 60,
  h: 3600,
  hr: 3600,
  hour: 3600,
  hours: 3600,
  d: 86400,
  day: 86400,
  days: 86400,
  w: 604800,
  week: 604800,
  weeks: 604800,
};

/** Parses `90`, `1min 30s`, `500ms` or `infinity`. In seconds; undefined if it is not a time. */
export function unitSeconds(text: string): number | undefined {
  if (text === "infinity") return Infinity;
  const parts = [...text.matchAll(/\s*([0-9]+(?:\.[0-9]+)?)\s*([a-z]*)/gy)];
  if (
    parts.length === 0 ||
    parts.reduce((length, [whole]) => length + whole.length, 0) !== text.trimEnd().length
  ) return undefined;
  let seconds = 0;
  for (const [, number, unit] of parts) {
    if (!Object.hasOwn(SECONDS, unit!)) return undefined;
    seconds += Number(number) * SECONDS[unit!]!;
  }
  return seconds;
}

export function unitBoolean(text: string): boolean {
  return /^(?:1|yes|y|true|t|on)$/i.test(text);
}
