/** Documents of a small tree of s6-rc, for the page's pictures of the graph and the boot. */
import type { BootDocument } from "../../../lib/status/core/boot_document.ts";

/** Each service, and what it needs; `*` marks oneshots. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  "alpha": [],
  "schema*": ["alpha"],
  "beta": ["alpha", "schema*"],
  "broken": ["beta"],
};

const SERVICES = Object.entries(NEEDS).map(([key, needs]) => ({
  name: plain(key),
  type: key.endsWith("*") ? "oneshot" as const : "longrun" as const,
  needs: needs.map(plain),
}));

function plain(key: string): string {
  return key.replace("*", "");
}

/** What the page reads of the document of `hexad graph --json`. */
export const GRAPH = {
  format: 1,
  services: SERVICES.map(({ name, type, needs }, number) => ({
    number,
    name,
    type,
    dependencies: needs.map((other) => ({ name: other, condition: "ready" })),
    wants: [],
    after: [],
  })),
};

export const BOOT: BootDocument = {
  format: 1,
  live: "/run/s6-rc",
  began: "2026-12-01T06:30:00.000000000Z",
  tookMs: 420,
  over: true,
  services: SERVICES.map(({ name, type }, at) => ({
    name,
    type,
    step: false,
    outcome: name === "broken" ? "failed" as const : "up" as const,
    reason: name === "broken" ? "it has no execute bit" : null,
    startedMs: at * 100,
    endedMs: at * 100 + 120,
    waitedMs: at * 100,
    ranMs: 120,
  })),
  criticalChain: ["alpha", "beta"],
  leftOut: [],
};
