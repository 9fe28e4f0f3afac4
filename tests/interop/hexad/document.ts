/** The documents that `hexad --json` prints, checked against the schema in docs/. */
import { Validator } from "@cfworker/json-schema";
import { assertEquals } from "@std/assert";
import type { ServiceDocument, StatusDocument } from "../../../lib/status/core/status_document.ts";
import { ROOT } from "../../fixture/toolset.ts";

const VALIDATORS = new Map<string, Validator>();

function validator(schema: string): Validator {
  let made = VALIDATORS.get(schema);
  if (made === undefined) {
    made = new Validator(
      JSON.parse(Deno.readTextFileSync(`${ROOT}/docs/${schema}`)),
      "2020-12",
      false,
    );
    VALIDATORS.set(schema, made);
  }
  return made;
}

/**
 * The document in `text`. @throws {AssertionError} If it is not as the schema of that name says.
 */
export function checkedDocument(text: string, schema: string): unknown {
  const document: unknown = JSON.parse(text);
  assertEquals(validator(schema).validate(document).errors, []);
  return document;
}

export function statusDocumentOf(text: string): StatusDocument {
  return checkedDocument(text, "status.schema.json") as StatusDocument;
}

export function serviceOf(document: StatusDocument, name: string): ServiceDocument {
  const service = document.services.find((candidate) => candidate.name === name);
  if (service === undefined) throw new Error(`no ${name} in ${JSON.stringify(document, null, 1)}`);
  return service;
}
