/** What each route of the table (core/routes.ts) does. */
import { graphDocument } from "../rc/core/graph_document.ts";
import { loadBoot, type LoadedBoot } from "../rc/load_boot.ts";
import { readUnlocked } from "../rc/read_compiled.ts";
import { observeService } from "../servicedir/observe.ts";
import { bootDocument } from "../status/core/boot_document.ts";
import { bootSvg } from "../status/core/boot_svg.ts";
import { statusDocument } from "../status/core/status_document.ts";
import { liveRecords } from "../tree/live_records.ts";
import { isToken, newSession } from "./access.ts";
import { act } from "./actions.ts";
import { jsonBody } from "./body.ts";
import { setCookie } from "./core/access_rules.ts";
import { deathsDocument } from "./core/deaths_document.ts";
import { healthDocument } from "./core/health_document.ts";
import { openApiDocument } from "./core/openapi_document.ts";
import { Problem } from "./core/problem.ts";
import { unwellIn, unwellText } from "./core/readiness.ts";
import { type RouteName, TEXT_TYPE } from "./core/routes.ts";
import { eventStream } from "./event_stream.ts";
import { type Asked, type Handler, jsonResponse, textResponse } from "./handler.ts";
import { pageResponse } from "./page_response.ts";
import { serviceConfiguration } from "./service_configuration.ts";
import { serviceLog } from "./service_log.ts";

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
  deaths: ({ tree, params }) =>
    jsonResponse(deathsDocument(observeService(tree.service(params["name"]!)))),
  configuration: ({ tree, params }) =>
    jsonResponse(serviceConfiguration(tree.service(params["name"]!))),
  log: serviceLog,
  act,
  events: eventStream,
  graph: ({ tree }) => jsonResponse(graphOf(tree)),
  boot: ({ tree }) => {
    const { chart, live, record } = bootOf(tree);
    return jsonResponse(bootDocument(chart, live, record));
  },
  bootPicture: ({ tree }) => textResponse(bootSvg(bootOf(tree).chart), "image/svg+xml"),
  health: ({ tree, query }) => {
    const document = healthDocument(tree.overview(), query.values("exclude"));
    return jsonResponse(document, document.well ? 200 : 503);
  },
  about: ({ settings, tree }) =>
    jsonResponse({
      format: 1,
      version: settings.version,
      scandir: tree.scandir,
      allow: settings.allow,
      token: settings.token !== undefined,
    }),
  openapi: ({ settings }) => jsonResponse(openApiDocument(settings.version)),
  schema: async ({ params, settings }) => {
    const text = await settings.schema(params["file"]!);
    if (text === undefined) throw new Problem(404, "there is no such schema");
    return textResponse(text, "application/schema+json");
  },
  login: async ({ request, settings: { token, tls } }) => {
    const { token: given } = await jsonBody(request);
    if (token === undefined) throw new Problem(409, "this server needs no token");
    if (typeof given !== "string" || !await isToken(given, token)) {
      throw new Problem(401, "that is not the token");
    }
    return cookieResponse(await newSession(token, { secure: tls !== undefined }));
  },
  metrics: async ({ tree, request, query, settings: { version } }) => {
    const accept = request.headers.get("accept");
    const { text, type } = await tree.metrics.text(accept, { pss: query.flag("pss"), version });
    return textResponse(text, type);
  },
  logout: ({ settings: { tls } }) => cookieResponse(setCookie("", { secure: tls !== undefined })),
};

function cookieResponse(cookie: string): Response {
  return new Response(null, { status: 204, headers: { "set-cookie": cookie } });
}

/** Not under the lock of the database, which whoever takes it holds until its process ends. */
function graphOf(tree: Asked["tree"]): unknown {
  const [found] = liveRecords(tree.scandir, tree.services());
  if (found === undefined) throw new Problem(404, "this tree has no services of s6-rc");
  const database = readUnlocked(`${found.live}/compiled`);
  if ("problem" in database) throw new Problem(503, database.problem);
  return graphDocument({ database, notes: [], leftOut: [] });
}

function bootOf(tree: Asked["tree"]): LoadedBoot {
  const loaded = loadBoot(tree.scandir, tree.services());
  if (loaded === undefined) throw new Problem(404, "s6-rc has started nothing there");
  return loaded;
}
