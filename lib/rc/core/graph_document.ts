/**
 * The graph of services as a document for programs: docs/graph.schema.json. Services are referred
 * to by name. Pure.
 */
import { printable } from "../../core/text/printable.ts";
import type { RcDatabase, ServiceNumber } from "./database.ts";
import { findingsOf } from "./source/finding.ts";
import type { ReadDatabase } from "./source/leave_out.ts";

export function graphDocument({ database, notes, leftOut }: ReadDatabase): unknown {
  const { services, bundles } = database;
  const nameOf = (number: ServiceNumber): string => printable(services[number]!.name);
  const names = (numbers: readonly ServiceNumber[]): string[] => numbers.map(nameOf);
  return {
    format: 1,
    services: services.map((service) => ({
      number: service.number,
      name: printable(service.name),
      type: service.type,
      path: service.path === "" ? null : printable(service.path),
      bundles: bundlesOf(database, service.number).map(printable),
      essential: service.essential,
      tellsReadiness: service.type === "longrun" && service.tellsReadiness,
      timeoutUpMs: service.timeoutUpMs,
      timeoutDownMs: service.timeoutDownMs,
      dependencies: service.dependencies.map(({ on, condition }) => ({
        name: nameOf(on),
        condition,
      })),
      dependants: names(service.dependants),
      wants: names(service.wants),
      after: names(service.after),
      restartsWith: names(service.restartsWith),
      consumer: service.type === "longrun" && service.consumer !== undefined
        ? nameOf(service.consumer)
        : null,
      producers: service.type === "longrun" ? names(service.producers) : [],
    })),
    bundles: [...bundles].map(([name, members]) => ({
      name: printable(name),
      contents: names(members),
    })),
    findings: findingsOf(notes).map(({ severity, file, line, cause, cure }) => ({
      severity,
      file: printable(file),
      line: line ?? null,
      cause: printable(cause),
      cure: printable(cure),
    })),
    leftOut: leftOut.map(({ name, becauseOf }) => ({
      name: printable(name),
      becauseOf: printable(becauseOf),
    })),
  };
}

/** The bundles that contain the service, directly or through others. */
export function bundlesOf({ bundles }: RcDatabase, number: ServiceNumber): string[] {
  return [...bundles].filter(([, members]) => members.includes(number)).map(([name]) => name);
}
