/** docs/metrics.md, the alerts and the dashboard have the metrics of the table. */
import { assert, assertEquals } from "@std/assert";
import { seriesNames } from "../../lib/metrics/core/metric.ts";
import { METRICS } from "../../lib/metrics/core/metric_table.ts";
import { BEGIN, metricsReference } from "../../tools/metrics_reference.ts";

/** Without the blanks that align a table. */
function plain(text: string): string {
  return text.replace(/ +\|/g, " |").replace(/\| +/g, "| ").replace(/-{3,}/g, "---").trim();
}

Deno.test("docs/metrics.md: its tables are those of the table of metrics", async () => {
  const page = await Deno.readTextFile(new URL("../../docs/metrics.md", import.meta.url));
  assertEquals(plain(page.split(BEGIN)[1]!), plain(metricsReference()));
});

/** The names of all series that there are. */
const SERIES = new Set(
  Object.entries(METRICS).flatMap(([name, metric]) => seriesNames(name, metric)),
);

/** Names of metrics of ours in an expression, and not of labels. */
function namesIn(expression: string): string[] {
  return [...expression.matchAll(/\bhexad_[a-z0-9_]+/g)].map(([name]) => name);
}

function example(name: string): Promise<string> {
  return Deno.readTextFile(new URL(`../../examples/prometheus/${name}`, import.meta.url));
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
  };
  readonly targets?: readonly { readonly refId: string; readonly expr: string }[];
}

interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly definition?: string }[];
  };
}

Deno.test("examples/prometheus/dashboard.json: each expression asks for metrics that there are", async () => {
  const { panels, templating }: Dashboard = JSON.parse(await example("dashboard.json"));
  const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  const all = [...expressions, ...templating.list.flatMap(({ definition }) => definition ?? [])];
  assertEquals(all.filter((expression) => namesIn(expression).length === 0), []);
  assertEquals(all.flatMap(namesIn).filter((name) => !SERIES.has(name)), []);
  // a variable that nobody has defined is empty
  const known = new Set(templating.list.map(({ name }) => name));
  const used = JSON.stringify(panels).matchAll(/\$\{?([a-z]+)\}?/g);
  assertEquals([...used].map(([, name]) => name!).filter((name) => !known.has(name)), []);
});

Deno.test("examples/prometheus/dashboard.json: panels have numbers of their own and don't overlap", async () => {
  const { panels }: Dashboard = JSON.parse(await example("dashboard.json"));
  assertEquals(new Set(panels.map(({ id }) => id)).size, panels.length);
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, i) => `${x + i % w},${y + Math.floor(i / w)}`)
  );
  assertEquals(new Set(cells).size, cells.length);
  assertEquals(panels.filter(({ gridPos: { x, w } }) => x + w > 24), []);
  for (const { type, title, targets = [] } of panels) {
    assert(title !== "" && (targets.length > 0) === (type !== "row"), title);
    assertEquals(new Set(targets.map(({ refId }) => refId)).size, targets.length);
  }
});

Deno.test("examples/prometheus/alerts.yml: each rule asks for metrics that there are", async () => {
  for (const file of ["alerts.yml", "alerts_test.yml"]) {
    const names = namesIn(await example(file));
    assert(names.length > 0);
    assertEquals(names.filter((name) => !SERIES.has(name)), []);
  }
});
