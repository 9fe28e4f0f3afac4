/**
 * The graph of services in the language of Graphviz. Source: graphviz.org, The DOT Language. Pure.
 */
import type { RcDatabase } from "./database.ts";
import { isInternal, linksOf } from "./graph_tree.ts";
import { printable } from "../../core/text/printable.ts";

/**
 * Arrows point to what is needed. Bundles are boxes that name their members. Services with known
 * readiness have a double outline.
 */
export function dotText(database: RcDatabase): string {
  const lines = ["digraph services {", "  rankdir=LR;", "  node [fontname=sans];"];
  for (const service of database.services) {
    if (isInternal(service)) continue;
    const shape = service.type === "oneshot" ? "box" : "ellipse";
    const twice = service.type === "longrun" && service.tellsReadiness ? ", peripheries=2" : "";
    lines.push(`  ${quoted(service.name)} [shape=${shape}${twice}];`);
    for (const { to, label } of linksOf(database, service)) {
      const style = label === "wants" ? "dashed" : label === "after" ? "dotted" : "solid";
      const told = label === "" ? "" : `, label=${quoted(label)}`;
      lines.push(
        `  ${quoted(service.name)} -> ${
          quoted(database.services[to]!.name)
        } [style=${style}${told}];`,
      );
    }
    if (service.type === "longrun" && service.consumer !== undefined) {
      lines.push(
        `  ${quoted(service.name)} -> ${
          quoted(database.services[service.consumer]!.name)
        } [color=gray, label="pipe", constraint=false];`,
      );
    }
  }
  return `${[...lines, "}"].join("\n")}\n`;
}

function quoted(name: string): string {
  return `"${printable(name).replace(/[\\"]/g, "\\$&")}"`;
}
