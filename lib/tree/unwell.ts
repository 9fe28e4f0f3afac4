/** Why services are not well, for people. */
import { printable } from "../core/text/printable.ts";
import { wallclock } from "../libc/clock.ts";
import type { NamedService } from "../servicedir/named_service.ts";
import { observeService } from "../servicedir/observe.ts";
import { notesOn, stateWords } from "../status/core/status_table.ts";

/** `web: backing off; unable to spawn ./run: ...`: a line for each. */
export function unwellLines(services: readonly NamedService[]): string[] {
  return services.map((service) => {
    const facts = observeService(service);
    const words = [stateWords(facts, wallclock()), ...notesOn(facts)].join("; ");
    return `${printable(service.name)}: ${words}`;
  });
}
