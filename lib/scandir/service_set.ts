/** The services that s6-svscan knows, and how they are paired: a producer with its logger. */
import type { Devino, ScanAction } from "./core/scandir.ts";
import type { Service } from "./service.ts";

export class ServiceSet {
  readonly #byDevino = new Map<Devino, Service>();

  get byDevino(): ReadonlyMap<Devino, Service> {
    return this.#byDevino;
  }

  /** Those that are known now, whatever becomes of the set meanwhile. */
  get all(): readonly Service[] {
    return [...this.#byDevino.values()];
  }

  get isEmpty(): boolean {
    return this.#byDevino.size === 0;
  }

  /** The processes of the loggers that run, the catch-all logger among them. */
  get loggerPids(): readonly number[] {
    const loggers = this.all.filter((service) => service.isLogger || service.isSpecial);
    return loggers.map(({ supervisor }) => supervisor?.pid ?? 0).filter((pid) => pid > 0);
  }

  /** Nobody is left but the catch-all logger, and a logger of its own. */
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

  /** For a logger its producer, for a producer its logger. */
  peerOf({ peer }: Service): Service | undefined {
    return peer === undefined ? undefined : this.#byDevino.get(peer);
  }

  /** What a scan has found of one that is known already. */
  change(action: Extract<ScanAction, { readonly kind: "pair" | "rename" | "activate" }>): void {
    const service = this.#byDevino.get(action.devino)!;
    if (action.kind === "pair") service.peer = action.peer;
    else if (action.kind === "rename") service.name = action.name;
    else service.active = true;
  }

  /**
   * The peer of this one, which is gone, has none any more. Returns the producer's end of their
   * pipe if the logger is gone: nobody holds it any more.
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
