/**
 * Which format somebody wants who says `Accept: ...`. Whoever wants nothing that we have gets the
 * text format, as with all of Prometheus' own libraries. Source: RFC 9110, 12.5.1. Pure.
 */
import type { Format } from "./exposition.ts";

export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
  text: "text/plain; version=0.0.4; charset=utf-8",
};

interface Wish {
  readonly type: string;
  readonly version: string | undefined;
  readonly quality: number;
}

/** The longest header that is looked at. */
const MOST = 4096;

/** @param accept The header; null: there is none */
export function formatFor(accept: string | null): Format {
  const wishes = (accept ?? "").slice(0, MOST).split(",").map(parseWish);
  const openmetrics = qualityOf(wishes, ["application/openmetrics-text"], "1.0.0") ?? 0;
  // whoever takes anything has not asked for OpenMetrics
  const text = qualityOf(wishes, ["text/plain", "text/*", "*/*"], "0.0.4") ?? 0;
  return openmetrics > 0 && openmetrics >= text ? "openmetrics" : "text";
}

/** That of the first of these types that is named: the most particular one counts. */
function qualityOf(
  wishes: readonly Wish[],
  types: readonly string[],
  version: string,
): number | undefined {
  for (const type of types) {
    const found = wishes.filter((wish) =>
      wish.type === type && (wish.version ?? version) === version
    );
    if (found.length > 0) return Math.max(...found.map(({ quality }) => quality));
  }
  return undefined;
}

function parseWish(text: string): Wish {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim());
  const values = new Map(parameters.map((parameter) => {
    const [key = "", value = ""] = parameter.split("=").map((part) => part.trim());
    return [key.toLowerCase(), value.replace(/^"(.*)"$/, "$1")];
  }));
  const quality = Number(values.get("q") ?? 1);
  return {
    type: type.toLowerCase(),
    version: values.get("version"),
    quality: quality >= 0 && quality <= 1 ? quality : 0,
  };
}
