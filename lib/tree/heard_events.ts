/** The bytes that services send, as events with what the services' files say when they are heard. */
import { wallclock } from "../libc/clock.ts";
import { observeService } from "../servicedir/observe.ts";
import { type HeardEvent, serviceEvent } from "../status/core/service_event.ts";
import { startFault } from "../status/core/service_state.ts";
import type { TreeEvents } from "./tree_watch.ts";

/** What a TreeWatch is to call back so that `tell` hears each event. */
export function hearing(
  tell: (heard: HeardEvent) => void,
): Required<Pick<TreeEvents, "onEvents" | "onFault">> {
  return {
    onEvents(service, events): void {
      const facts = observeService(service);
      const time = wallclock();
      for (const byte of events) {
        const event = serviceEvent(byte);
        if (event === undefined) continue;
        const isAdopted = event === "up" && facts.adopted !== undefined;
        tell({ event: isAdopted ? "adopted" : event, time, facts });
      }
    },
    onFault(service): void {
      const facts = observeService(service);
      if (startFault(facts) === undefined) return; // on record from an earlier supervisor
      tell({ event: "unstartable", time: wallclock(), facts });
    },
  };
}
