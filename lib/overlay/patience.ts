/** Waits with a limit. A wait ends at once when the container's end is hurried. */
import type { EndRequest } from "./end_request.ts";
import type { OverlayPort } from "./port.ts";

export class Patience {
  readonly #port: Pick<OverlayPort, "after">;
  readonly #end: EndRequest;

  constructor(port: Pick<OverlayPort, "after">, end: EndRequest) {
    this.#port = port;
    this.#end = end;
  }

  /** Waits for an event, up to a limit; 0: no limit. @returns whether it has happened */
  async within(event: Promise<unknown>, limitMs: number): Promise<boolean> {
    const over = Promise.withResolvers<false>();
    const cancel = limitMs === 0 ? undefined : this.#port.after(limitMs, () => over.resolve(false));
    const happened = event.then(() => true);
    const hurried = this.#end.hurried.then(() => false);
    const result = await Promise.race([happened, over.promise, hurried]);
    cancel?.();
    return result;
  }
}
