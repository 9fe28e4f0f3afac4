/** Drafts as the text of a services.yaml. The package `yaml` writes what it also reads. */
import { Document, isScalar, type Scalar, visit, YAMLMap, YAMLSeq } from "yaml";
import { SERVICE_KEYS } from "../onefile/core/service_keys.ts";
import type { Draft, DraftMap } from "./core/draft.ts";

const SCHEMA = " yaml-language-server: $schema=./services.schema.json";
/** Words that older readers of YAML take for true and false. */
const BOOLEAN = /^(?:y|n|yes|no|on|off)$/i;
/** Lists of so many characters stand in one line. */
const SHORT = 80;
const ORDER = Object.keys(SERVICE_KEYS);

export function servicesText(drafts: readonly Draft[]): string {
  const document = new Document({
    services: Object.fromEntries(drafts.map(({ name, values }) => [name, ordered(values)])),
  });
  document.commentBefore = SCHEMA;
  visit(document, {
    Scalar: (_, node) => setStyle(node),
    Collection: (_, node) => {
      if (isShort(node)) node.flow = true;
    },
  });
  for (const [at, { origin }] of drafts.entries()) {
    const services = document.get("services");
    const key = services instanceof YAMLMap ? services.items[at]?.key : undefined;
    if (isScalar(key)) key.commentBefore = ` from ${origin.file}:${origin.line}`;
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

/** In the order of the reference. */
function ordered(values: DraftMap): DraftMap {
  return Object.fromEntries(
    Object.entries(values).toSorted(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b)),
  );
}

/** Scripts stand as they are, line by line. */
function setStyle(node: Scalar): void {
  if (typeof node.value !== "string") return;
  if (node.value.includes("\n")) node.type = "BLOCK_LITERAL";
  else if (BOOLEAN.test(node.value)) node.type = "QUOTE_DOUBLE";
}

function isShort(node: YAMLMap | YAMLSeq): boolean {
  const values = node instanceof YAMLSeq ? node.items : node.items.map(({ value }) => value);
  const plain = values.every((value) => isScalar(value) && !String(value.value).includes("\n"));
  return plain && node instanceof YAMLSeq && JSON.stringify(node.toJSON()).length <= SHORT;
}
