/** The services that s6-svscan knows, and how they are paired: a producer with its logger. */
import type { Devino, ScanAction } from "./core/scandir.ts";
import type { HeldScandir, HeldService } from "./core/handover.ts";
import { heldService, type Service } from "./service.ts";

export class ServiceSet {
  readonly #byDevino = new Map<Devino, Service>();

  get byDevino(): ReadonlyMap<Devino, Service> {
    return this.#byDevino;
  }

  /** A copy of the known services, so that the set may change meanwhile. */
  get all(): readonly Service[] {
    return [...this.#byDevino.values()];
  }

  get isEmpty(): boolean {
    return this.#byDevino.size === 0;
  }

  /** The processes of running loggers, including the catch-all logger. */
  get loggerPids(): readonly number[] {
    const loggers = this.all.filter((service) => service.isLogger || service.isSpecial);
    return loggers.map(({ supervisor }) => supervisor?.pid ?? 0).filter((pid) => pid > 0);
  }

  /** Whether only the catch-all logger is left, perhaps with its own logger. */
  get isCatchAllOnly(): boolean {
    return this.all.every((service) =>
      service.isSpecial || (service.isLogger && this.peerOf(service)?.isSpecial === true)
    );
  }

  add(service: Service): void {
    this.#byDevino.set(service.devino, service);
  }

  delete(service: Service): void {
    this.#byDevino.delete(service.devino);
  }

  /** A logger's producer, or a producer's logger. */
  peerOf({ peer }: Service): Service | undefined {
    return peer === undefined ? undefined : this.#byDevino.get(peer);
  }

  isProducerLeaving(logger: Service, isStopping: boolean): boolean {
    const producer = this.peerOf(logger);
    return producer?.supervisor !== undefined && (isStopping || !producer.active);
  }

  /** What another program in this process needs to know of all; or why it can't go on, in words. */
  handOver(scanAtMs: number): HeldScandir | string {
    const services: HeldService[] = [];
    for (const service of this.#byDevino.values()) {
      const held = service.supervisor?.handOver();
      if (typeof held === "string") return `${service.name}: ${held}`;
      services.push(heldService(service, held));
    }
    return { services, ...(scanAtMs === Infinity ? {} : { scanAtMs }) };
  }

  /** Applies what a scan has found about a known service. */
  change(action: Extract<ScanAction, { readonly kind: "pair" | "rename" | "activate" }>): void {
    const service = this.#byDevino.get(action.devino)!;
    if (action.kind === "pair") service.peer = action.peer;
    else if (action.kind === "rename") service.name = action.name;
    else service.active = true;
  }

  /**
   * Removes a service that has gone from its peer. If it was the logger, returns the producer's end
   * of the pipe, because nothing holds it any more.
   */
  unpair(gone: Service): number | undefined {
    const peer = this.peerOf(gone);
    if (peer === undefined) return undefined;
    delete peer.peer;
    if (!gone.isLogger) return undefined;
    const { pipeFd } = peer;
    peer.pipeFd = undefined;
    return pipeFd;
  }
}
