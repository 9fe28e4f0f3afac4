/**
 * The interface as an OpenAPI 3.1 document, made of the table of routes. Schemas are referred to by
 * the names that they have beside it, in the tarball and under `/v1/schemas`. Pure.
 */
import {
  type Answer,
  EMBEDDED_BODIES,
  type QueryParameter,
  type Route,
  type RouteName,
  ROUTES,
} from "./routes.ts";
import { PROBLEM_TYPE } from "./problem.ts";

type Json = Readonly<Record<string, unknown>>;

const PROBLEM: Json = {
  description: "what is wrong, by RFC 9457",
  content: { [PROBLEM_TYPE]: { schema: { $ref: "#/components/schemas/Problem" } } },
};

/** @param version Of hexad */
export function openApiDocument(version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const [name, route] of Object.entries(ROUTES) as [RouteName, Route][]) {
    (paths[route.path] ??= {})[route.method.toLowerCase()] = operation(name, route);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "hexad serve",
      version,
      description: "A tree of services: what they do, have done and have written.",
      license: { name: "ISC", identifier: "ISC" },
    },
    paths,
    components: {
      schemas: {
        Problem: {
          type: "object",
          required: ["type", "title", "status", "detail"],
          properties: {
            type: { const: "about:blank" },
            title: { type: "string" },
            status: { type: "integer" },
            detail: { type: "string" },
          },
        },
      },
      securitySchemes: {
        token: { type: "http", scheme: "bearer" },
        session: { type: "apiKey", in: "cookie", name: "hexad-session" },
      },
    },
  };
}

function operation(name: RouteName, route: Route): Json {
  const parameters = [
    ...Array.from(route.path.matchAll(/\{([a-z]+)\}/g), ([, word]) => ({
      name: word!,
      in: "path",
      required: true,
      schema: { type: "string" },
    })),
    ...Object.entries(route.query ?? {}).map(([word, one]) => queryParameter(word, one)),
  ];
  return {
    operationId: name,
    summary: route.summary,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.body === undefined ? {} : {
      requestBody: {
        required: true,
        content: { "application/json": { schema: EMBEDDED_BODIES[route.body] } },
      },
    }),
    responses: {
      ...Object.fromEntries(
        Object.entries(route.answers).map(([status, one]) => [status, answer(Number(status), one)]),
      ),
      default: PROBLEM,
    },
    // an empty requirement: a server without a token asks for none
    security: route.right === "none" ? [] : [{}, { token: [] }, { session: [] }],
  };
}

function queryParameter(name: string, { text, repeatable, flag }: QueryParameter): Json {
  const one = { type: flag ? "boolean" : "string" };
  return {
    name,
    in: "query",
    description: text,
    ...(flag ? { allowEmptyValue: true } : {}),
    schema: repeatable ? { type: "array", items: one } : one,
  };
}

function answer(status: number, { text, type, schema }: Answer): Json {
  if (type === undefined) {
    return status >= 400 ? { ...PROBLEM, description: text } : { description: text };
  }
  return {
    description: text,
    content: {
      [type]: schema === undefined ? {} : { schema: { $ref: `schemas/${schema}.schema.json` } },
    },
  };
}
