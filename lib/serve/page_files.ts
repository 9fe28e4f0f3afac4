/**
 * The files of the page, as they stand in lib/serve/page: the build puts their text into the
 * program. The page itself is `index.html`; the others are served as `/page/NAME`.
 */
import actions from "./page/actions.js" with { type: "text" };
import api from "./page/api.js" with { type: "text" };
import backoff from "./page/backoff.js" with { type: "text" };
import baseStyle from "./page/base.css" with { type: "text" };
import bootView from "./page/boot_view.js" with { type: "text" };
import configuration from "./page/configuration.js" with { type: "text" };
import controlsStyle from "./page/controls.css" with { type: "text" };
import deathsList from "./page/deaths_list.js" with { type: "text" };
import elements from "./page/elements.js" with { type: "text" };
import eventStream from "./page/event_stream.js" with { type: "text" };
import eventWords from "./page/event_words.js" with { type: "text" };
import eventsView from "./page/events_view.js" with { type: "text" };
import graphLayers from "./page/graph_layers.js" with { type: "text" };
import graphView from "./page/graph_view.js" with { type: "text" };
import history from "./page/history.js" with { type: "text" };
import humanUnits from "./page/human_units.js" with { type: "text" };
import icon from "./page/icon.svg" with { type: "text" };
import index from "./page/index.html" with { type: "text" };
import keptHistory from "./page/kept_history.js" with { type: "text" };
import localTime from "./page/local_time.js" with { type: "text" };
import logSearch from "./page/log_search.js" with { type: "text" };
import logView from "./page/log_view.js" with { type: "text" };
import login from "./page/login.js" with { type: "text" };
import main from "./page/main.js" with { type: "text" };
import oneshotTable from "./page/oneshot_table.js" with { type: "text" };
import pictureStyle from "./page/picture.css" with { type: "text" };
import plot from "./page/plot.js" with { type: "text" };
import printable from "./page/printable.js" with { type: "text" };
import serviceStyle from "./page/service.css" with { type: "text" };
import serviceOrder from "./page/service_order.js" with { type: "text" };
import serviceRow from "./page/service_row.js" with { type: "text" };
import serviceView from "./page/service_view.js" with { type: "text" };
import serviceWords from "./page/service_words.js" with { type: "text" };
import servicesView from "./page/services_view.js" with { type: "text" };
import summary from "./page/summary.js" with { type: "text" };
import tableStyle from "./page/table.css" with { type: "text" };
import theme from "./page/theme.js" with { type: "text" };
import themeSwitch from "./page/theme_switch.js" with { type: "text" };
import usagePlot from "./page/usage_plot.js" with { type: "text" };
import watchedTree from "./page/watched_tree.js" with { type: "text" };

export interface PageFile {
  readonly type: string;
  readonly text: string;
}

const HTML = "text/html; charset=utf-8";
const CSS = "text/css; charset=utf-8";
const SCRIPT = "text/javascript; charset=utf-8";
const SVG = "image/svg+xml";

export const PAGE_FILES: Readonly<Record<string, PageFile>> = {
  "actions.js": { type: SCRIPT, text: actions },
  "api.js": { type: SCRIPT, text: api },
  "backoff.js": { type: SCRIPT, text: backoff },
  "base.css": { type: CSS, text: baseStyle },
  "boot_view.js": { type: SCRIPT, text: bootView },
  "configuration.js": { type: SCRIPT, text: configuration },
  "controls.css": { type: CSS, text: controlsStyle },
  "deaths_list.js": { type: SCRIPT, text: deathsList },
  "elements.js": { type: SCRIPT, text: elements },
  "event_stream.js": { type: SCRIPT, text: eventStream },
  "event_words.js": { type: SCRIPT, text: eventWords },
  "events_view.js": { type: SCRIPT, text: eventsView },
  "graph_layers.js": { type: SCRIPT, text: graphLayers },
  "graph_view.js": { type: SCRIPT, text: graphView },
  "history.js": { type: SCRIPT, text: history },
  "human_units.js": { type: SCRIPT, text: humanUnits },
  "icon.svg": { type: SVG, text: icon },
  "index.html": { type: HTML, text: index },
  "kept_history.js": { type: SCRIPT, text: keptHistory },
  "local_time.js": { type: SCRIPT, text: localTime },
  "log_search.js": { type: SCRIPT, text: logSearch },
  "log_view.js": { type: SCRIPT, text: logView },
  "login.js": { type: SCRIPT, text: login },
  "main.js": { type: SCRIPT, text: main },
  "oneshot_table.js": { type: SCRIPT, text: oneshotTable },
  "picture.css": { type: CSS, text: pictureStyle },
  "plot.js": { type: SCRIPT, text: plot },
  "printable.js": { type: SCRIPT, text: printable },
  "service.css": { type: CSS, text: serviceStyle },
  "service_order.js": { type: SCRIPT, text: serviceOrder },
  "service_row.js": { type: SCRIPT, text: serviceRow },
  "service_view.js": { type: SCRIPT, text: serviceView },
  "service_words.js": { type: SCRIPT, text: serviceWords },
  "services_view.js": { type: SCRIPT, text: servicesView },
  "summary.js": { type: SCRIPT, text: summary },
  "table.css": { type: CSS, text: tableStyle },
  "theme.js": { type: SCRIPT, text: theme },
  "theme_switch.js": { type: SCRIPT, text: themeSwitch },
  "usage_plot.js": { type: SCRIPT, text: usagePlot },
  "watched_tree.js": { type: SCRIPT, text: watchedTree },
};
