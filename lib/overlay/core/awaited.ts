/**
 * Services that the boot waits for: each until it is up, or ready if it can report that, and all at
 * the same time. A service that ends for good during the wait is lost, whatever it was before.
 * Source: s6-overlay 3.2.3, s6-rc/scripts/services-up; s6, supervision/s6_svlisten_loop.c. Pure.
 */
export interface AwaitedService {
  readonly name: string;
  /** It has a notification-fd, so it can be known to be ready and not only up. */
  readonly tellsReadiness: boolean;
}

type Condition = "missing" | "there" | "lost";

export class Awaited {
  readonly #services = new Map<string, AwaitedService>();
  readonly #conditions = new Map<string, Condition>();

  constructor(services: readonly AwaitedService[]) {
    for (const service of services) {
      this.#services.set(service.name, service);
      this.#conditions.set(service.name, "missing");
    }
  }

  /** Bytes of s6's events: `u`, `U`, `d`, `D`, `O`. */
  hear(name: string, events: string): void {
    const service = this.#services.get(name);
    if (service === undefined) return;
    for (const event of events) {
      if (this.#conditions.get(name) === "lost") return;
      if (event === "O") this.#conditions.set(name, "lost");
      else if (event === "d" || event === "D") this.#conditions.set(name, "missing");
      else if (event === "U" || (event === "u" && !service.tellsReadiness)) {
        this.#conditions.set(name, "there");
      }
    }
  }

  /** Counts a service as up that came up before its events could be seen. */
  isThere(name: string): void {
    if (this.#services.has(name)) this.#conditions.set(name, "there");
  }

  /** Whether there is nothing more to wait for. */
  get isOver(): boolean {
    return ![...this.#conditions.values()].includes("missing");
  }

  /** Whether some can't report readiness. */
  get someTellNothing(): boolean {
    return [...this.#services.values()].some(({ tellsReadiness }) => !tellsReadiness);
  }

  /** The services that are not up yet, or never will be. */
  get absent(): readonly string[] {
    return [...this.#conditions].filter(([, condition]) => condition !== "there").map(([name]) =>
      name
    );
  }
}
