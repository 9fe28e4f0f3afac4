/** What each route of the table (core/routes.ts) does. */
import { statusDocument } from "../status/core/status_document.ts";
import { unwellIn, unwellText } from "./core/readiness.ts";
import { type RouteName, TEXT_TYPE } from "./core/routes.ts";
import { type Handler, jsonResponse, textResponse } from "./handler.ts";
import { pageResponse } from "./page_response.ts";

export const HANDLERS: Readonly<Record<RouteName, Handler>> = {
  page: ({ request }) => pageResponse("index.html", request),
  pageFile: ({ request, params }) => pageResponse(params["file"]!, request),
  livez: () => textResponse("ok\n", TEXT_TYPE),
  readyz: ({ tree, query }) => {
    const unwell = unwellIn(tree.overview(), query.values("exclude"));
    return unwell.length === 0
      ? textResponse("ok\n", TEXT_TYPE)
      : textResponse(unwell.map((one) => `${unwellText(one)}\n`).join(""), TEXT_TYPE, 503);
  },
  services: ({ tree }) => jsonResponse(statusDocument(tree.overview())),
  service: ({ tree, params }) => jsonResponse(statusDocument(tree.overviewOf(params["name"]!))),
};
