/**
 * `deno run -A tests/interop/hexad/page_pictures.ts`: writes the pictures of docs/serve.md, of a
 * tree that is made for them, as Chromium shows it. What its services use is made up, since they do
 * nothing, and nobody waits for an hour.
 */
import type { StatusDocument } from "../../../lib/status/core/status_document.ts";
import { start } from "../../fixture/command.ts";
import { startSvscan } from "../../fixture/scan.ts";
import { OURS, ROOT } from "../../fixture/toolset.ts";
import { makeTree } from "../../fixture/tree.ts";
import { openPage, startBrowser } from "./page_browser.ts";

const PORT = 9266;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const STEP_MS = 20_000;

const script = (text: string): string => `#!/bin/sh\n${text}\n`;
const SPEC = {
  "api/run!": script(
    `i=0; while sleep 1; do i=$((i+1)); echo "GET /orders/$i 200 $((i * 7 % 23 + 4))ms"; done`,
  ),
  "cache/run!": script("echo ready to accept connections; exec sleep 100000"),
  "database/run!": script("echo checkpoint complete, 37 buffers written; exec sleep 100000"),
  "mailer/run!": "#!/usr/bin/node-20\n",
  "metrics/run!": script("echo scraped 214 series; exec sleep 100000"),
  "reports/run!": script("exit 0"),
  "reports/restart-policy": "never\n",
  "scheduler/run!": script("echo next job at 06:00; exec sleep 100000"),
  "search/run!": script("echo loading the index; exec sleep 100000"),
  "search/notification-fd": "3\n",
  "web/run!": script("echo listening on :80; exec sleep 100000"),
  "worker/run!": script("echo queue:6379: connection refused; exit 1"),
  "worker/restart-delay": "4000\n",
};

/** Megabytes, and a share of a processor. */
const USES: Readonly<Record<string, readonly [megabytes: number, percent: number]>> = {
  api: [148, 12],
  cache: [64, 2],
  database: [310, 7],
  metrics: [41, 1],
  scheduler: [22, 0.4],
  search: [180, 30],
  web: [36, 4],
  worker: [28, 5],
};

/** As lib/serve/page/kept_history.js keeps it. */
function pastHour(nowMs: number): unknown {
  return Object.entries(USES).map(([name, [megabytes, percent]], seed) => {
    const samples = Array.from({ length: HOUR_MS / STEP_MS }, (_, at) => {
      const wave = Math.sin(at / (5 + seed)) + Math.sin(at * (seed + 2) / 3.7) / 2;
      const growth = name === "api" ? at / 900 : 0.2;
      return [
        nowMs - HOUR_MS + at * STEP_MS,
        Math.round(megabytes * 2 ** 20 * (0.8 + growth + wave * 0.05)),
        Math.max(0, percent * (1 + wave * 0.6)),
      ];
    });
    const deaths = name === "worker" ? [2, 4, 7, 12, 13, 21, 34] : name === "web" ? [26] : [];
    return [name, samples, deaths.map((minutes) => nowMs - minutes * MINUTE_MS)];
  });
}

function withUses(status: StatusDocument): StatusDocument {
  return {
    ...status,
    services: status.services.map((service) => {
      const [megabytes, percent] = USES[service.name] ?? [1, 0];
      if (service.memory === null) return service;
      return {
        ...service,
        memory: { ...service.memory, bytes: megabytes * 2 ** 20 },
        cpu: { seconds: Date.now() / 1000 * percent / 100, percent: null },
      };
    }),
  };
}

if (import.meta.main) {
  using tree = makeTree(SPEC);
  await using _svscan = await startSvscan(OURS, tree, { args: ["--logging-prefix=name"] });
  await using server = start(OURS.bin("hexad"), [
    "serve",
    "-S",
    tree.root,
    "-l",
    `127.0.0.1:${PORT}`,
  ]);
  await server.stderr.until("serving");
  await using browser = await startBrowser();
  const phone = { width: 360, height: 740 };
  const desk = { width: 1240, height: 620 };
  for (
    const [name, hash, colorScheme, viewport] of [
      ["page-light", "", "light", desk],
      ["page-dark", "#/service/api", "dark", desk],
      ["page-phone", "", "dark", phone],
    ] as const
  ) {
    await using shown = await openPage(browser, "about:blank", { colorScheme, viewport });
    const { page } = shown;
    const kept = JSON.stringify(JSON.stringify(pastHour(Date.now())));
    await page.addInitScript(`sessionStorage.setItem("hexad.history", ${kept})`);
    await page.route("**/v1/services", async (route) => {
      const response = await route.fetch();
      const text = (await response.text()).replaceAll(tree.root, "/run/service");
      await route.fulfill({ response, json: withUses(JSON.parse(text)) });
    });
    await page.goto(`http://127.0.0.1:${PORT}/${hash}`);
    await page.locator(hash === "" ? "tr.service" : ".line:nth-child(12)").first().waitFor();
    await page.waitForTimeout(6000); // for a second sample
    await page.screenshot({ path: `${ROOT}/docs/${name}.png` });
  }
}
