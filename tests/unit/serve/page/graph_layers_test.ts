import { assert, assertEquals } from "@std/assert";
import { edgesOf, layersOf, withoutImplied } from "../../../../lib/serve/page/graph_layers.js";

type Service = Parameters<typeof edgesOf>[0][number];

function service(name: string, needs: readonly string[], more: Partial<Service> = {}): Service {
  return {
    name,
    dependencies: needs.map((other) => ({ name: other })),
    wants: [],
    after: [],
    ...more,
  };
}

function chart(services: readonly Service[]): string[][] {
  return layersOf(services, withoutImplied(edgesOf(services)));
}

Deno.test("layersOf(): everything stands right of all that it waits for", () => {
  const services = [
    service("web", ["api"]),
    service("api", ["db", "cache"]),
    service("db", []),
    service("cache", []),
    service("mail", ["db"]),
    service("alone", []),
  ];
  const layers = chart(services);
  assertEquals(layers.map((layer) => layer.toSorted()), [
    ["alone", "cache", "db"],
    ["api", "mail"],
    ["web"],
  ]);
});

Deno.test("withoutImplied(): a line that follows from others is left out, and a circle is survived", () => {
  const services = [service("a", ["b", "c"]), service("b", ["c"]), service("c", [])];
  assertEquals(
    withoutImplied(edgesOf(services)).map(({ from, to }) => `${from} ${to}`),
    ["b a", "c b"],
  );
  const round = [service("a", ["b"]), service("b", ["a"])];
  assertEquals(chart(round).flat().toSorted(), ["a", "b"]);
});

Deno.test("edgesOf(): what is needed is not told again as wanted; unknown names and itself are none", () => {
  const services = [
    service("a", ["b"], { wants: ["b", "c", "gone"], after: ["c", "a"] }),
    service("b", []),
    service("c", []),
  ];
  assertEquals(edgesOf(services), [
    { from: "c", to: "a", kind: "wants" },
    { from: "b", to: "a", kind: "needs" },
  ]);
});

Deno.test("layersOf(): neighbours come to stand beside each other", () => {
  const left = ["a", "b", "c", "d"].map((name) => service(name, []));
  const right = ["4", "3", "2", "1"].map((name, at) => service(name, ["dcba"[at]!]));
  const [first, second] = chart([...left, ...right]);
  assertEquals(first, ["a", "b", "c", "d"]);
  assertEquals(second, ["1", "2", "3", "4"]);
});

Deno.test("layersOf(): a chain of 400 services and a fan of 400 are no trouble", () => {
  const chain = Array.from(
    { length: 400 },
    (_, at) => service(`s${at}`, at === 0 ? [] : [`s${at - 1}`]),
  );
  assertEquals(chart(chain).length, 400);
  const fan = [service("all", []), ...chain.map(({ name }) => service(`f${name}`, ["all"]))];
  assert(chart(fan).length === 2);
});
