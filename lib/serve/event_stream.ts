/** `/v1/events`: what happens to the services, as it happens, to one client. */
import type { EventDocument } from "../status/core/service_event.ts";
import type { NumberedEvent } from "./core/event_ring.ts";
import { EVENT_STREAM_TYPE, HEARTBEAT, serverSent } from "./core/server_sent.ts";
import type { Following } from "./event_feed.ts";
import type { Asked } from "./handler.ts";

/**
 * Events are messages; others have names:
 *
 *   begin     at once: the id of the last event before, and services that can't be listened to
 *   gap       before that: events after Last-Event-ID are missing here, so all is to be looked at again
 *   services  services have come or gone
 *   end       nothing more will come: why
 */
export function eventStream({ feed, streams, request, cutOff }: Asked): Response {
  let following: Following | undefined;
  const outlet = streams.open({
    lastWord: serverSent({ event: "end", document: { reason: "this client reads too slowly" } }),
    heartbeat: HEARTBEAT,
    onOver: () => following?.[Symbol.dispose](),
  }, cutOff);
  const send = ({ id, event }: NumberedEvent<EventDocument>): void =>
    outlet.push(serverSent({ id, document: event }));
  try {
    following = feed.follow({
      onEvent: send,
      onServices: () => outlet.push(serverSent({ event: "services", document: {} })),
      onEnd: () => {
        const document = { reason: "the services can't be listened to any more" };
        outlet.push(serverSent({ event: "end", document }));
        outlet.end();
      },
    }, request.headers.get("last-event-id") ?? undefined);
  } catch (error) {
    outlet.end();
    throw error;
  }
  const { missed, lastId, unheard } = following;
  if (missed === undefined) outlet.push(serverSent({ event: "gap", document: {} }));
  outlet.push(
    serverSent({
      event: "begin",
      ...(missed?.length ? {} : { id: lastId }),
      document: { unheard },
    }),
  );
  missed?.forEach(send);
  return new Response(outlet.stream, { headers: { "content-type": EVENT_STREAM_TYPE } });
}
