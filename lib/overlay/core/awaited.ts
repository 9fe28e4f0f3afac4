/**
 * Services that the boot waits for: each until it is up, or ready where it tells that, all at the
 * same time. One that ends for good while anybody is waited for is lost, whatever it was before.
 * Source: s6-overlay 3.2.3, s6-rc/scripts/services-up; s6, supervision/s6_svlisten_loop.c. Pure.
 */
export interface AwaitedService {
  readonly name: string;
  /** It has a notification-fd, so more than "up" can be known. */
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

  /** It has been there before anybody could hear of it. */
  isThere(name: string): void {
    if (this.#services.has(name)) this.#conditions.set(name, "there");
  }

  /** Nothing more is to be waited for. */
  get isOver(): boolean {
    return ![...this.#conditions.values()].includes("missing");
  }

  /** Of some nobody can know more than that they run. */
  get someTellNothing(): boolean {
    return [...this.#services.values()].some(({ tellsReadiness }) => !tellsReadiness);
  }

  /** Those that are not there, and those that will never be. */
  get absent(): readonly string[] {
    return [...this.#conditions].filter(([, condition]) => condition !== "there").map(([name]) =>
      name
    );
  }
}
