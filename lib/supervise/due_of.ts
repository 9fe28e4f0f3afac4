/** When the next TIMEOUT of a machine is due, if a file of the service says after which time. */
import type { Effect, Moment } from "./core/machine.ts";
import type { ServiceFiles } from "./service_files.ts";

/** How long the leftovers of ./run get between SIGTERM and SIGKILL if there is no timeout-kill. */
const DEFAULT_LEFTOVERS_MS = 5000;

/** @returns undefined: never */
export function dueOf(
  due: Extract<Effect, { readonly kind: "timer" }>["due"],
  now: Moment,
  files: ServiceFiles,
): number | undefined {
  if (due === "never") return undefined;
  if (typeof due === "number") return due;
  if (due === "leftovers") {
    return now.monotonicMs + (files.value("timeout-kill") || DEFAULT_LEFTOVERS_MS);
  }
  const timeoutMs = files.value(due);
  return timeoutMs === 0 ? undefined : now.monotonicMs + timeoutMs;
}
