/**
 * Writes the table of docs/serve.md that is made of the table of routes.
 * tests/lint/serve_document_test.ts compares it.
 */
import { type Route, ROUTES } from "../lib/serve/core/routes.ts";
import { run } from "./command.ts";
import { ROOT } from "./layout.ts";
import { markdownTable } from "./services_reference.ts";

const PAGE = `${ROOT}/docs/serve.md`;
export const ROUTES_BEGIN = "<!-- tools/serve_reference.ts writes what follows -->";

const RIGHTS: Readonly<Record<Route["right"], string>> = {
  none: "nothing",
  look: "the token",
  act: "the token, and `--allow`",
};

/** Two tables: the paths, and the parameters of their queries. */
export function routesText(): string {
  const routes: readonly Route[] = Object.values(ROUTES);
  const paths = routes.map((route) => [
    `\`${route.method} ${route.path}\``,
    route.summary,
    Object.entries(route.answers).map(([status, { text, schema }]) =>
      `${status}: ${text}${schema === undefined ? "" : ` ([schema](${schema}.schema.json))`}`
    ).join("; "),
    RIGHTS[route.right],
  ]);
  const parameters = routes.flatMap(({ path, query = {} }) =>
    Object.entries(query).map(([name, { text, repeatable }]) => [
      `\`${path}\``,
      `\`${name}\``,
      repeatable ? `${text}; may be given more than once` : text,
    ])
  );
  return [
    markdownTable([["path", "what it is", "answers", "needs"], ...paths]),
    markdownTable([["path", "parameter", "meaning"], ...parameters]),
  ].join("\n\n");
}

if (import.meta.main) {
  const page = await Deno.readTextFile(PAGE);
  await Deno.writeTextFile(
    PAGE,
    `${page.split(ROUTES_BEGIN)[0]}${ROUTES_BEGIN}\n\n${routesText()}\n`,
  );
  await run(Deno.execPath(), ["fmt", "--quiet", PAGE], { cwd: ROOT, doing: "format it" });
}
