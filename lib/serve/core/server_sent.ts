/** Events as a browser's EventSource reads them. Source: HTML, "Server-sent events". Pure. */

export const EVENT_STREAM_TYPE = "text/event-stream";
/** A comment, which tells that the connection lives. */
export const HEARTBEAT = ":\n\n";

export interface ServerSent {
  /** Absent: `message`. */
  readonly event?: string;
  /** What the client names as Last-Event-ID when it comes again. */
  readonly id?: string;
  readonly document: unknown;
}

/** JSON has no line ends of its own, so it is one line of data. */
export function serverSent({ event, id, document }: ServerSent): string {
  const lines = [
    ...(event === undefined ? [] : [`event: ${event}`]),
    ...(id === undefined ? [] : [`id: ${id}`]),
    `data: ${JSON.stringify(document)}`,
  ];
  return `${lines.join("\n")}\n\n`;
}
