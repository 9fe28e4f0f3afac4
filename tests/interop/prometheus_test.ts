/**
 * What Prometheus makes of our metrics: promtool finds nothing to blame, a real one scrapes a tree,
 * and the rules that we ship fire for what has gone wrong in it.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { run, start } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { startSvscan } from "../fixture/scan.ts";
import { OURS, requireToolset, ROOT } from "../fixture/toolset.ts";
import { makeTree } from "../fixture/tree.ts";
import { readMetrics } from "../unit/metrics/core/openmetrics.ts";
import { STAYS, STAYS_READY } from "./world.ts";

requireToolset(OURS);

const EXAMPLES = `${ROOT}/examples/prometheus`;
const RULES = `${EXAMPLES}/alerts.yml`;

Deno.test("promtool: the rules are sound and fire when their tests say, and the configuration is one", async () => {
  for (
    const args of [
      ["check", "rules", RULES],
      ["test", "rules", `${EXAMPLES}/alerts_test.yml`],
      ["check", "config", `${EXAMPLES}/prometheus.yml`],
    ]
  ) {
    const { code, stdout, stderr } = await run("promtool", args);
    assertEquals([code, /FAILED/.test(stdout + stderr)], [0, false], stdout + stderr);
  }
});

interface Alert {
  readonly labels: Readonly<Record<string, string>>;
}

interface Point {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

Deno.test("Prometheus scrapes a tree: states, deaths, health and logs; rules fire for what is wrong", async (t) => {
  using tree = makeTree({
    "scan/web/run!": "#!/bin/sh\necho hello\necho >&3\nexec sleep 100000 3>&-\n",
    "scan/web/notification-fd": "3\n",
    "scan/web/log/logscript": "t ./main\n",
    'scan/we"ird\\\n/run!': STAYS,
    "scan/flaps/run!": "#!/bin/sh\nexit 3\n",
    "scan/sick/run!": STAYS,
    "scan/sick/health-check/run!": "#!/bin/sh\nexit 1\n",
    "scan/sick/health-check/interval": "1000\n",
    "scan/sick/health-check/retries": "1\n",
    "scan/over/run!": "#!/bin/sh\nexit 127\n",
    "scan/over/restart-policy": "never\n",
    "scan/ready/run!": STAYS_READY,
    "scan/ready/notification-fd": "3\n",
    "data/x": "",
  });
  await using _svscan = await startSvscan(OURS, tree, { scandir: "scan" });
  const target = `127.0.0.1:${freePort()}`;
  const options = ["serve", "-S", tree.path("scan"), "--listen", target];
  await using server = start(OURS.bin("hexad"), options);
  await server.stderr.until("serving ");
  const metrics = async (accept: string, query = ""): Promise<string> => {
    const answer = await fetch(`http://${target}/metrics${query}`, { headers: { accept } });
    assertEquals(answer.status, 200);
    return await answer.text();
  };

  await t.step(
    "promtool has nothing to blame, in either format, and both can be read",
    async () => {
      const text = await eventually("the services to run", async () => {
        const told = await metrics("text/plain", "?pss");
        const isComplete = told.includes("hexad_service_proportional_memory_bytes{") &&
          told.includes('we\\"ird');
        return isComplete ? told : undefined;
      });
      const { code, stdout, stderr } = await run("promtool", ["check", "metrics"], { stdin: text });
      assertEquals([code, stdout, stderr], [0, "", ""]);
      const families = readMetrics(text, "text");
      assertEquals(families.has("hexad_service_proportional_memory_bytes"), true);
      const open = readMetrics(await metrics("application/openmetrics-text"), "openmetrics");
      assertEquals(open.has("hexad_service_proportional_memory_bytes"), false);
      const names = open.get("hexad_service_up")!.samples.map(({ labels }) => labels["service"]);
      assertEquals(names.includes('we"ird\\\n'), true);
    },
  );

  const port = freePort();
  const config = JSON.stringify({
    global: { scrape_interval: "1s", evaluation_interval: "1s" },
    rule_files: [RULES],
    scrape_configs: [{ job_name: "hexad", static_configs: [{ targets: [target] }] }],
  });
  await Deno.writeTextFile(tree.path("prometheus.yml"), config); // YAML is a superset
  await using _prometheus = start("prometheus", [
    `--config.file=${tree.path("prometheus.yml")}`,
    `--storage.tsdb.path=${tree.path("data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  const api = async <T>(path: string): Promise<T | undefined> => {
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`);
      return answer.ok ? (await answer.json()).data as T : void await answer.body?.cancel();
    } catch {
      return undefined; // it does not listen yet
    }
  };
  const query = async (expression: string): Promise<readonly Point[]> => {
    const path = `query?query=${encodeURIComponent(expression)}`;
    return (await api<{ readonly result: readonly Point[] }>(path))?.result ?? [];
  };
  const holds = (expression: string): Promise<boolean> =>
    eventually(expression, async () => (await query(expression)).length > 0);

  await t.step("what it has scraped", async () => {
    await holds('up{job="hexad"} == 1');
    await holds('hexad_service_up{service="we\\"ird\\\\\\n"} == 1');
    await holds('hexad_service_ready{service="web"} == 1');
    await holds('hexad_service_deaths_total{service="flaps",cause="exit_failure"} > 0');
    await holds('hexad_service_deaths_total{service="over",cause="exit_exec"} == 1');
    await holds('hexad_service_state{service="over",state="failed"} == 1');
    await holds('hexad_health_state{service="sick",state="unhealthy"} == 1');
    await holds('hexad_health_check_duration_seconds_count{service="sick"} > 0');
    await holds('hexad_log_read_bytes_total{service="web"} == 6');
    await holds("hexad_start_readiness_seconds_count >= 2");
    await holds("hexad_process_answer_seconds > 0");
    await holds("hexad_build_info");
  });

  await t.step("the rules that are shipped see what is wrong", async () => {
    const wanted = [
      "HexadServiceDown over",
      "HexadServiceFlapping flaps",
      "HexadServiceUnhealthy sick",
    ];
    let seen = "";
    await eventually(`alerts, of which there are ${seen}`, async () => {
      const alerts = (await api<{ readonly alerts: readonly Alert[] }>("alerts"))?.alerts ?? [];
      const names = alerts.map(({ labels }) => `${labels["alertname"]} ${labels["service"] ?? ""}`);
      seen = names.join(", ");
      return wanted.every((name) => names.includes(name));
    });
    assertMatch(seen, /HexadServiceDown over/);
    assertEquals(/ (web|ready)(,|$)/.test(seen), false, seen);
  });
});
