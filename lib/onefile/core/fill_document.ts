/** Puts the values of variables into a document: into values, not into keys. Pure. */
import type { FileFindings } from "./file_findings.ts";
import type { LocatedNode } from "./located.ts";
import { fillTemplate } from "../../grammars/core/compose_template.ts";

export function fillVariables(
  node: LocatedNode,
  lookup: (name: string) => string | undefined,
  findings: FileFindings,
): LocatedNode {
  switch (node.kind) {
    case "list":
      return { ...node, items: node.items.map((item) => fillVariables(item, lookup, findings)) };
    case "map":
      return {
        ...node,
        entries: node.entries.map((entry) => ({
          ...entry,
          value: fillVariables(entry.value, lookup, findings),
        })),
      };
    case "scalar": {
      const filled = fillTemplate(node.text, lookup);
      if (filled.kind === "fault") {
        findings.error(node.place, filled.text);
        return node;
      }
      for (const name of filled.unset) {
        findings.note(node.place, `the variable ${name} is not set; it counts as empty`);
      }
      return filled.text === node.text ? node : { ...node, text: filled.text, type: "text" };
    }
    default:
      return node satisfies never;
  }
}
