import { assertEquals } from "@std/assert";
import {
  namespaceOf,
  parseReference,
  prefixOf,
} from "../../../../lib/images/core/image_reference.ts";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;

/** `REGISTRY|PATH|TAG|DIGEST` of each. */
const ROWS: readonly (readonly [text: string, parts: string | undefined])[] = [
  ["debian", "|debian|latest|"],
  ["library/debian:9", "|debian|9|"],
  ["docker.io/library/debian", "|debian|latest|"],
  ["index.docker.io/org/a:1", "|org/a|1|"],
  ["org/a", "|org/a|latest|"],
  ["org/group/a:1", "|org/group/a|1|"],
  ["localhost/a:1", "localhost|a|1|"],
  ["reg:5000/a", "reg:5000|a|latest|"],
  ["reg.example/org/a:1", "reg.example|org/a|1|"],
  ["reg.example:5000/org/a/b:1", "reg.example:5000|org/a/b|1|"],
  ["[::1]:5000/a:1", "[::1]:5000|a|1|"],
  [`org/a@${DIGEST}`, `|org/a|latest|${DIGEST}`],
  [`reg:5000/org/a:1@${DIGEST}`, `reg:5000|org/a|1|${DIGEST}`],
  ["", undefined],
  ["a:", undefined],
  ["a:-1", undefined],
  ["a@sha256:12", undefined],
  [`a@${DIGEST}@${DIGEST}`, undefined],
  ["A/b", "A|b|latest|"],
  ["a/B", undefined],
  ["a//b", undefined],
  ["a..b/c", "a..b|c|latest|"],
  ["-a", undefined],
  ["a_b__c-d.e", "|a_b__c-d.e|latest|"],
];

for (const [text, parts] of ROWS) {
  Deno.test(`parseReference(): ${text === "" ? "an empty text" : text}`, () => {
    const read = parseReference(text);
    assertEquals(
      read === undefined
        ? undefined
        : [read.registry, read.path, read.tag, read.digest ?? ""].join("|"),
      parts,
    );
  });
}

Deno.test("the namespace of a name is what stands before its last component", () => {
  const { namespace, name } = namespaceOf(parseReference("reg:5000/org/group/a:1")!);
  assertEquals([prefixOf(namespace), name], ["reg:5000/org/group/", "a"]);
  assertEquals(prefixOf(namespaceOf(parseReference("debian")!).namespace), "");
});
