/** Which route a request means, and what its path and its query say. Pure. */
import { decodePath } from "../../core/text/path_bytes.ts";
import { Problem } from "./problem.ts";
import { type Route, type RouteName, ROUTES } from "./routes.ts";

export interface Dispatched {
  readonly name: RouteName;
  readonly route: Route;
  /** What stands in the place of the words in braces, decoded. */
  readonly params: Readonly<Record<string, string>>;
}

interface Pattern {
  readonly name: RouteName;
  readonly route: Route;
  readonly segments: readonly string[];
}

const PATTERNS: readonly Pattern[] = (Object.keys(ROUTES) as RouteName[]).map((name) => ({
  name,
  route: ROUTES[name],
  segments: ROUTES[name].path.split("/"),
}));

const ENCODED = /%[0-9a-fA-F]{2}/g;

/**
 * @param method HEAD is answered as GET is
 * @param path As it stands in the request, still encoded
 * @throws {Problem} 400, 404 or 405
 */
export function dispatch(method: string, path: string): Dispatched {
  const segments = path.split("/");
  const fitting = PATTERNS.filter((pattern) => fits(pattern, segments));
  if (fitting.length === 0) throw new Problem(404, "there is nothing at this path");
  const wanted = method === "HEAD" ? "GET" : method;
  const found = fitting.find(({ route }) => route.method === wanted);
  if (found === undefined) {
    const allow = fitting.flatMap(({ route }) =>
      route.method === "GET" ? ["GET", "HEAD"] : [route.method]
    );
    throw new Problem(405, `this path is for ${allow.join(", ")}`, { allow: allow.join(", ") });
  }
  const params = found.segments.flatMap((segment, i) =>
    isParam(segment) ? [[segment.slice(1, -1), decodeSegment(segments[i]!)] as const] : []
  );
  return { name: found.name, route: found.route, params: Object.fromEntries(params) };
}

function isParam(segment: string): boolean {
  return segment.startsWith("{");
}

function fits({ segments }: Pattern, asked: readonly string[]): boolean {
  return segments.length === asked.length &&
    segments.every((segment, i) => isParam(segment) ? asked[i] !== "" : segment === asked[i]);
}

/**
 * A name as those of files are read: bytes that are no UTF-8 are kept.
 * @throws {Problem} If a percent sign stands alone.
 */
function decodeSegment(segment: string): string {
  if (segment.replace(ENCODED, "").includes("%")) {
    throw new Problem(400, "a percent sign in the path stands alone");
  }
  const bytes = Array.from(
    segment.matchAll(/%([0-9a-fA-F]{2})|[^%]+/g),
    ([text, hex]) =>
      hex === undefined ? [...new TextEncoder().encode(text)] : [Number.parseInt(hex, 16)],
  );
  return decodePath(new Uint8Array(bytes.flat()));
}

/** What a query says, by the route's table. @throws {Problem} 400 for what the table does not allow. */
export class Query {
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor({ query = {} }: Route, given: URLSearchParams) {
    const values = new Map<string, string[]>();
    for (const [name, value] of given) {
      const parameter = Object.hasOwn(query, name) ? query[name] : undefined;
      if (parameter === undefined) throw new Problem(400, unknownText(name, Object.keys(query)));
      const known = values.get(name);
      if (known !== undefined && parameter.repeatable !== true) {
        throw new Problem(400, `${name} is given more than once`);
      }
      if (parameter.flag && !["", "true", "false"].includes(value)) {
        throw new Problem(400, `${name} is true or false, not ${value}`);
      }
      if (known === undefined) values.set(name, [value]);
      else known.push(value);
    }
    this.#values = values;
  }

  value(name: string): string | undefined {
    return this.#values.get(name)?.[0];
  }

  values(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  flag(name: string): boolean {
    const value = this.value(name);
    return value !== undefined && value !== "false";
  }
}

function unknownText(name: string, known: readonly string[]): string {
  const such = known.length === 0 ? "no parameters" : `only ${known.join(", ")}`;
  return `unknown parameter ${name}: this path takes ${such}`;
}
