/** Whether all is well with a tree, as `hexad health` tells it, and what is not. Pure. */
import { printable } from "../../core/text/printable.ts";
import { missedText, omissionText } from "../../status/core/oneshot_report.ts";
import { isWell } from "../../status/core/service_state.ts";
import type { StatusOverview } from "../../status/core/status_document.ts";
import { notesOn, stateWords } from "../../status/core/status_table.ts";

/** Something that is not well, and why. */
export interface Unwell {
  readonly name: string;
  readonly why: string;
}

/**
 * What is not well, nothing if all is.
 *
 * @param exclude Names of services and oneshots that do not count
 */
export function unwellIn(overview: StatusOverview, exclude: readonly string[] = []): Unwell[] {
  const counts = (name: string): boolean => !exclude.includes(name);
  const { now, booting, reports, oneshots, leftOut } = overview;
  const unwell: Unwell[] = [
    ...(booting ? [{ name: "/init", why: "still boots: services may be yet to come" }] : []),
    ...reports.filter(({ facts }) => counts(facts.name) && !isWell(facts)).map(({ facts }) => ({
      name: facts.name,
      why: [stateWords(facts, now), ...notesOn(facts)].join("; "),
    })),
    ...oneshots.flatMap(({ service }) => {
      const why = counts(service.name) ? missedText(service) : undefined;
      return why === undefined ? [] : [{ name: service.name, why }];
    }),
    ...leftOut.filter(({ name }) => counts(name)).map((left) => ({
      name: left.name,
      why: `left out, ${omissionText(left)}`,
    })),
  ];
  return reports.length + oneshots.length === 0 && overview.scanned === false
    ? [...unwell, { name: overview.scandir ?? "", why: "no s6-svscan runs there" }]
    : unwell;
}

/** `web: backing off; exit 1`. */
export function unwellText({ name, why }: Unwell): string {
  return printable(`${name}: ${why}`);
}
