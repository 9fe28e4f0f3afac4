/** What is written down can be read again, whatever services are called. */
import { assert, assertEquals } from "@std/assert";
import { Histogram } from "../../../../lib/counters/core/histogram.ts";
import { exposition, FORMATS } from "../../../../lib/metrics/core/exposition.ts";
import { type Metric, seriesNames } from "../../../../lib/metrics/core/metric.ts";
import { METRICS } from "../../../../lib/metrics/core/metric_table.ts";
import { labelText, Samples } from "../../../../lib/metrics/core/samples.ts";
import { seededRandom } from "../../core/seeded_random.ts";
import { readMetrics } from "./openmetrics.ts";

const PIECES = [
  "web",
  "\n",
  '"',
  "\\",
  "\\n",
  "{",
  "}",
  ",",
  "=",
  " ",
  "# EOF",
  "\r",
  "\udcff",
  "\u00e9",
]
  .concat(["\u{1f600}", "\x1b[31m", "\u2028", "\t", "le", "0"]);

Deno.test("hostile names: both formats give back what was told, and nothing twice", () => {
  const random = seededRandom(1709);
  for (let round = 0; round < 200; round++) {
    const names = Array.from(
      { length: 1 + random(8) },
      () => Array.from({ length: random(6) }, () => PIECES[random(PIECES.length)]!).join(""),
    );
    const samples = new Samples();
    for (const service of names) {
      samples.add("hexad_service_up", { service }, 1);
      samples.add("hexad_service_restarts", { service }, random(1000) / 7);
      samples.add("hexad_health_check_duration_seconds", { service }, {
        count: 2,
        sumSeconds: 0.5,
      });
    }
    const expected = [...new Set(names.map(labelText))];
    for (const format of FORMATS) {
      const bytes = new TextEncoder().encode(exposition(samples, format));
      const read = readMetrics(new TextDecoder("utf-8", { fatal: true }).decode(bytes), format);
      const up = read.get("hexad_service_up")!;
      assertEquals(up.samples.map(({ labels }) => labels["service"]), expected);
    }
  }
});

Deno.test("bytes that are not UTF-8 are told apart", () => {
  assertEquals(["a\udcff", "a\udcfe", "é\u{1f600}"].map(labelText), [
    "a\\xff",
    "a\\xfe",
    "é\u{1f600}",
  ]);
});

Deno.test("OpenMetrics: units, suffixes, infos, and the end", () => {
  const samples = new Samples();
  samples.add("hexad_service_cpu_seconds", { service: "web" }, 1.5);
  samples.add("hexad_tree", { scandir: "/run/service" }, 1);
  assertEquals(
    exposition(samples, "openmetrics"),
    `# HELP hexad_service_cpu_seconds ${METRICS.hexad_service_cpu_seconds.help}
# TYPE hexad_service_cpu_seconds counter
# UNIT hexad_service_cpu_seconds seconds
hexad_service_cpu_seconds_total{service="web"} 1.5
# HELP hexad_tree The scan directory.
# TYPE hexad_tree info
hexad_tree_info{scandir="/run/service"} 1
# EOF
`,
  );
});

Deno.test("the text format: names as those of samples, an info is a gauge, no unit, no end", () => {
  const samples = new Samples();
  samples.add("hexad_service_cpu_seconds", { service: "web" }, 1.5);
  samples.add("hexad_tree", { scandir: "/run/service" }, 1);
  assertEquals(
    exposition(samples, "text"),
    `# HELP hexad_service_cpu_seconds_total ${METRICS.hexad_service_cpu_seconds.help}
# TYPE hexad_service_cpu_seconds_total counter
hexad_service_cpu_seconds_total{service="web"} 1.5
# HELP hexad_tree_info The scan directory.
# TYPE hexad_tree_info gauge
hexad_tree_info{scandir="/run/service"} 1
`,
  );
});

Deno.test("a histogram: buckets add up, the last is +Inf and is the count", () => {
  const histogram = new Histogram();
  for (const ms of [0.5, 2, 2, 100_000]) histogram.add(ms);
  const samples = new Samples();
  samples.add("hexad_start_duration_seconds", {}, histogram.taken);
  const { samples: read } = readMetrics(exposition(samples, "openmetrics"), "openmetrics")
    .get("hexad_start_duration_seconds")!;
  const buckets = read.filter(({ name }) => name.endsWith("_bucket"));
  assertEquals(buckets.slice(0, 2).map(({ labels, value }) => [labels["le"], value]), [
    ["0.001", 1],
    ["0.0025", 3],
  ]);
  assertEquals(buckets.at(-1), {
    name: "hexad_start_duration_seconds_bucket",
    labels: { le: "+Inf" },
    value: 4,
  });
  assert(buckets.some(({ labels }) => labels["le"] === "1.0"));
  assertEquals(read.at(-1)!.value, 4);
});

Deno.test("what is undefined is left out, and a family without samples is not there", () => {
  const samples = new Samples();
  samples.add("hexad_tree_memory_bytes", {}, undefined);
  samples.add("hexad_tree_scanned", {}, 0);
  assertEquals([...readMetrics(exposition(samples, "text"), "text").keys()], [
    "hexad_tree_scanned",
  ]);
});

Deno.test("the table keeps to the conventions", () => {
  for (const [name, metric] of Object.entries<Metric>(METRICS)) {
    assert(/^hexad_[a-z0-9_]+$/.test(name), name);
    assert(metric.unit === undefined || name.endsWith(`_${metric.unit}`), `${name}: unit`);
    assert(/(_seconds|_bytes)$/.test(name) === (metric.unit !== undefined), `${name}: no unit`);
    assert(!/_(total|info|bucket|sum|count)$/.test(name), `${name}: a suffix of samples`);
    assert(/^[A-Z1].*\.$/s.test(metric.help), `${name}: help is a sentence`);
    for (const label of metric.labels) assert(/^[a-z_]+$/.test(label) && label !== "le", name);
  }
  const series = Object.entries(METRICS).flatMap(([name, metric]) => seriesNames(name, metric));
  assertEquals(new Set(series).size, series.length);
});
