/** Why a service is started, what it waits for, and what needs it. Pure. */
import { type RcDatabase, resolveName, type Service, type ServiceNumber } from "./database.ts";
import { bundlesOf } from "./graph_document.ts";
import { describe, isInternal, linksOf } from "./graph_tree.ts";
import { wayTo } from "./source/start_order.ts";

/** Undefined for an undefined name. */
export function whyLines(database: RcDatabase, name: string): string[] | undefined {
  const numbers = resolveName(database, name);
  if (numbers === undefined) return undefined;
  const { services } = database;
  if (database.bundles.has(name)) {
    const members = numbers.map((number) => services[number]!.name);
    return [`${name} is a bundle of ${members.length === 0 ? "nothing" : members.join(", ")}`];
  }
  const service = services[numbers[0]!]!;
  const waits = linksOf(database, service).map(({ to, label }) =>
    `${services[to]!.name}${label === "" ? "" : ` (${label})`}`
  );
  const needers = service.dependants.map((number) => services[number]!.name);
  return [
    `${name} (${describe(service)})${service.path === "" ? "" : `, defined in ${service.path}`}`,
    ...reasons(database, service),
    waits.length === 0 ? "it waits for nothing" : `it waits for ${waits.join(", ")}`,
    needers.length === 0 ? "nothing needs it" : `it is needed by ${needers.join(", ")}`,
  ];
}

function reasons(database: RcDatabase, { number }: Service): string[] {
  const bundles = bundlesOf(database, number);
  if (bundles.length > 0) {
    return [`it is started with the bundle${bundles.length > 1 ? "s" : ""} ${bundles.join(", ")}`];
  }
  const way = shortestWay(database, number);
  if (way === undefined) {
    return ["it is in no bundle, and nothing in one needs it: it is started by hand"];
  }
  const [first] = way;
  return [
    `it is started because ${way.map((each) => database.services[each]!.name).join(" needs ")}; ${
      database.services[first!]!.name
    } is in ${bundlesOf(database, first!)[0]}`,
  ];
}

/** The shortest path to the service from one that is in a bundle. */
function shortestWay(database: RcDatabase, to: ServiceNumber): ServiceNumber[] | undefined {
  const starts = [...new Set([...database.bundles.values()].flat())].filter((number) =>
    !isInternal(database.services[number]!)
  );
  return starts.flatMap((from) => {
    const way = wayTo(database, from, to);
    return way === undefined ? [] : [way];
  }).sort((a, b) => a.length - b.length)[0];
}
