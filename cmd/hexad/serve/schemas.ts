/** The schemas of the documents that are served, as they stand in docs. */
import about from "../../../docs/about.schema.json" with { type: "text" };
import acted from "../../../docs/acted.schema.json" with { type: "text" };
import boot from "../../../docs/boot.schema.json" with { type: "text" };
import configuration from "../../../docs/configuration.schema.json" with { type: "text" };
import deaths from "../../../docs/deaths.schema.json" with { type: "text" };
import event from "../../../docs/event.schema.json" with { type: "text" };
import graph from "../../../docs/graph.schema.json" with { type: "text" };
import health from "../../../docs/health.schema.json" with { type: "text" };
import log from "../../../docs/log.schema.json" with { type: "text" };
import status from "../../../docs/status.schema.json" with { type: "text" };

export const SCHEMAS: Readonly<Record<string, string>> = {
  "about.schema.json": about,
  "acted.schema.json": acted,
  "boot.schema.json": boot,
  "configuration.schema.json": configuration,
  "deaths.schema.json": deaths,
  "event.schema.json": event,
  "graph.schema.json": graph,
  "health.schema.json": health,
  "log.schema.json": log,
  "status.schema.json": status,
};
