/**
 * The JSON schema of services.yaml, out of the table of keys. It is for editors: it says what may
 * stand where, and the reader says what is wrong. Pure.
 */
import { DURATION_PATTERN } from "./compose_units.ts";
import { DOCUMENT } from "./service_keys.ts";
import { TEXT_FORMS } from "./text_forms.ts";
import type { ForeignRow, KeyRow, ValueType } from "./value_types.ts";

export type Schema = Readonly<Record<string, unknown>>;

const SCALAR: Schema = { type: ["string", "number", "boolean"] };
/** A variable may stand for any value that is no text. */
const VARIABLE: Schema = { type: "string", pattern: "\\$" };

function schemaOf(type: ValueType): Schema {
  switch (type.kind) {
    case "text": {
      const pattern = type.form === undefined ? undefined : TEXT_FORMS[type.form].pattern;
      return pattern === undefined
        ? SCALAR
        : { ...SCALAR, anyOf: [{ not: { type: "string" } }, { pattern }, VARIABLE] };
    }
    case "boolean":
      return { anyOf: [{ type: "boolean" }, { enum: ["yes", "no", "on", "off"] }, VARIABLE] };
    case "integer":
      return {
        anyOf: [
          { type: "integer", minimum: type.least, maximum: type.most },
          { type: "string", pattern: "^-?\\d+$" },
          VARIABLE,
        ],
      };
    case "duration":
      return {
        anyOf: [
          { const: 0 },
          { type: "string", pattern: DURATION_PATTERN },
          VARIABLE,
        ],
      };
    case "choice":
      return { anyOf: [{ enum: type.of }, VARIABLE] };
    case "words":
      return { anyOf: [SCALAR, { type: "array", items: SCALAR }] };
    case "pairs":
      return {
        anyOf: [
          { type: "object", additionalProperties: { type: [...SCALAR.type as string[], "null"] } },
          { type: "array", items: SCALAR },
        ],
      };
    case "list":
      return { type: "array", items: schemaOf(type.of) };
    case "entries":
      return { type: "object", additionalProperties: schemaOf(type.of) };
    case "either":
      return { anyOf: type.of.map(schemaOf) };
    case "object":
      return {
        type: ["object", "null"],
        properties: {
          ...Object.fromEntries(
            Object.entries(type.keys).map(([key, row]) => [key, rowSchema(row)]),
          ),
          ...Object.fromEntries(
            Object.entries(type.foreign ?? {}).map(([key, row]) => [key, foreignSchema(row)]),
          ),
        },
        patternProperties: { "^x-": true },
        additionalProperties: false,
      };
    default:
      return type satisfies never;
  }
}

function rowSchema({ type, text }: KeyRow): Schema {
  return { description: text, ...schemaOf(type) };
}

function foreignSchema(row: ForeignRow): Schema {
  return "noted" in row
    ? { description: `No effect: ${row.noted}.`, deprecated: true }
    : { not: {}, description: row.refused };
}

/** The whole schema. */
export function servicesSchema(): Schema {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "services.yaml of hexad",
    ...schemaOf(DOCUMENT),
  };
}
