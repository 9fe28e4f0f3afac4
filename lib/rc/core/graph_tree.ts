/**
 * The graph of services as lines for people: services that nothing needs start at the left margin,
 * and what a service waits for is below it. Pure.
 */
import type { RcDatabase, Service, ServiceNumber } from "./database.ts";
import { closure } from "./graph.ts";

/** The kind of link between two services, in a word; empty for a plain dependency. */
export interface Link {
  readonly to: ServiceNumber;
  readonly label: string;
}

/**
 * Whether it is one of the two internal services, which occur everywhere and are not worth showing.
 */
export function isInternal({ path, number }: Service): boolean {
  return path === "" && number < 2;
}

/** What the service waits for. */
export function linksOf({ services }: RcDatabase, { dependencies, wants, after }: Service): Link[] {
  const links: Link[] = [
    ...dependencies.map(({ on, condition }) => ({
      to: on,
      label: condition === "ready" ? "" : condition,
    })),
    ...wants.map((to) => ({ to, label: "wants" })),
    ...after.map((to) => ({ to, label: "after" })),
  ];
  return links.filter(({ to }) => !isInternal(services[to]!));
}

/** The description after a service's name. */
export function describe(service: Service): string {
  const words: string[] = [service.type];
  if (service.type === "longrun" && service.tellsReadiness) words.push("tells readiness");
  if (service.essential) words.push("essential");
  if (service.conditions.length > 0) words.push("has a condition");
  return words.join(", ");
}

/** Drops plain dependencies that another dependency implies. */
function shortest(
  links: readonly Link[],
  reach: (number: ServiceNumber) => ReadonlySet<ServiceNumber>,
): Link[] {
  return links.filter(({ to, label }) =>
    label !== "" || !links.some((other) => other.to !== to && reach(other.to).has(to))
  );
}

/** Each service with what it waits for. When a service occurs again, only its name is shown. */
export function treeLines(database: RcDatabase): string[] {
  const { services } = database;
  const shown = new Set<ServiceNumber>();
  const reached = new Map<ServiceNumber, ReadonlySet<ServiceNumber>>();
  const reach = (number: ServiceNumber): ReadonlySet<ServiceNumber> => {
    const known = reached.get(number) ?? new Set(closure(database, [number], "up"));
    reached.set(number, known);
    return known;
  };
  const lines: string[] = [];
  const visit = (
    number: ServiceNumber,
    label: string,
    { lead, below }: { readonly lead: string; readonly below: string },
  ): void => {
    const service = services[number]!;
    const links = shortest(linksOf(database, service), reach);
    const again = shown.has(number) && links.length > 0;
    lines.push(
      `${lead}${label === "" ? "" : `${label}: `}${service.name} (${describe(service)})${
        again ? ", see above" : ""
      }`,
    );
    if (shown.has(number)) return;
    shown.add(number);
    for (const [at, link] of links.entries()) {
      const last = at === links.length - 1;
      visit(link.to, link.label, {
        lead: `${below}${last ? "`- " : "|- "}`,
        below: `${below}${last ? "   " : "|  "}`,
      });
    }
  };
  const waitedFor = new Set(
    services.flatMap((service) => linksOf(database, service)).map(({ to }) => to),
  );
  for (const service of services) {
    if (!isInternal(service) && !waitedFor.has(service.number)) {
      visit(service.number, "", { lead: "", below: "" });
    }
  }
  return lines;
}
