/**
 * Messages of systemd's notification protocol: assignments, one a line, in a datagram. The last
 * line may lack its newline. Source: sd_notify(3). Pure.
 */

/** Does the message tell that the service is ready? */
export function tellsReady(message: Uint8Array): boolean {
  return new TextDecoder().decode(message).split("\n").includes("READY=1");
}

/** The message that tells that the service whose main process is `pid` is ready. */
export function readyMessage(pid: number): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`READY=1\nMAINPID=${pid}\n`);
}

/**
 * The message whose descriptor the manager closes when it has dealt with all messages before it.
 */
export function barrierMessage(): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode("BARRIER=1\n");
}
