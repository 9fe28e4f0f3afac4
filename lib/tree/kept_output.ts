/**
 * The last lines of services without a logger, by the services that a client knows: asked for once,
 * or followed.
 */
import type { EventHub } from "../fifodir/hub.ts";
import { KeptOutputClient, type NotKept } from "../keptoutput/client.ts";
import { SyscallError } from "../libc/bind.ts";
import { distinctPlaces, placeKey } from "../libc/places.ts";
import { readLine } from "../logdir/last_line.ts";
import { linesOf } from "../logreader/line_blocks.ts";
import type { LastLine } from "../status/core/service_report.ts";
import type { KeptLog } from "../logreader/kept_source.ts";
import type { NamedService } from "../servicedir/named_service.ts";

/** How long after the end of a conversation, or a try, the next one is begun. */
const RETRY_MS = 1000;

export interface KeptOutputOptions {
  /** The scan directory, if there is one; those that the services are in are asked anyway. */
  readonly scandir: string | undefined;
  readonly services: readonly NamedService[];
  /** All services of the scan directory, those that come later too, under their names there. */
  readonly everything: boolean;
  /** Of each service so many of its last lines; absent: all that are kept. */
  readonly lines?: number;
  readonly follow: boolean;
}

export interface KeptLines extends KeptLog {
  /** So many bytes before them are missing. */
  readonly missing: number;
}

/** One scan directory, and what its services are called here. */
interface Place {
  readonly client: KeptOutputClient;
  nameOf(kept: string): string | undefined;
}

export class KeptOutput implements Disposable {
  readonly #options: KeptOutputOptions;
  readonly #places: readonly Place[];
  /** Why nothing could be had; undefined if one of the scan directories has answered. */
  reason: NotKept | undefined = "no pipe";
  readonly #timers = new Map<Place, Disposable>();
  #hub: EventHub | undefined;

  constructor(options: KeptOutputOptions) {
    this.#options = options;
    const { scandir, services, everything } = options;
    const parents = everything ? [] : services.filter(({ isLogger }) => !isLogger).map(parentOf);
    const scandirs = [...new Set([...scandir === undefined ? [] : [scandir], ...parents])];
    this.#places = distinctPlaces(scandirs, (path) => path).map((path) => ({
      client: new KeptOutputClient(path),
      nameOf: everything ? (kept) => kept : finder(path, services),
    }));
  }

  /** What is kept now of the services that are meant. */
  ask(): KeptLog[] {
    const found: KeptLog[] = [];
    const reasons: NotKept[] = [];
    let answered = false;
    for (const place of this.#places) {
      const answer = this.#ask(place);
      if (typeof answer === "string") reasons.push(answer);
      else {
        answered = true;
        found.push(...answer);
      }
    }
    this.reason = answered ? undefined : reasons.find((one) => one !== "no pipe") ?? "no pipe";
    return found;
  }

  #ask({ client, nameOf }: Place): KeptLog[] | NotKept {
    const { lines, follow } = this.#options;
    const texts = client.ask(lines === undefined ? { follow } : { lines, follow });
    if (!follow) client.end();
    if (typeof texts === "string") return texts;
    return [...texts].flatMap(([kept, bytes]) => {
      const label = nameOf(kept);
      return label === undefined ? [] : [{ label, bytes }];
    });
  }

  /** After `ask`: goes on with what is written. A log host that dies has a successor. */
  follow(hub: EventHub, onLines: (lines: KeptLines) => void): void {
    this.#hub = hub;
    for (const place of this.#places) this.#watch(place, hub, onLines);
  }

  #watch(place: Place, hub: EventHub, onLines: (lines: KeptLines) => void): void {
    const { client, nameOf } = place;
    const again = (): void => {
      this.#timers.set(
        place,
        hub.after(RETRY_MS, () => {
          const texts = this.#ask(place);
          if (typeof texts !== "string") {
            for (const text of texts) onLines({ ...text, missing: 0 });
          }
          this.#watch(place, hub, onLines);
        }),
      );
    };
    if (client.fd < 0) return again();
    const { fd } = client;
    try {
      hub.watch(fd, () => {
        const state = client.receive((kept, bytes, missing) => {
          const label = nameOf(kept);
          if (label !== undefined) onLines({ label, bytes, missing });
        });
        if (state !== "over") return;
        hub.unwatch(fd);
        client.end();
        again();
      });
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      client.end();
      again();
    }
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers.values()) timer[Symbol.dispose]();
    for (const { client } of this.#places) {
      if (client.fd >= 0) this.#hub?.unwatch(client.fd);
      client.end();
    }
  }
}

/** The last lines of services, `lines` of each, by the services' names. */
export function keptLinesOf(services: readonly NamedService[], lines: number): KeptLog[] {
  if (services.length === 0) return [];
  using kept = new KeptOutput({
    scandir: undefined,
    services,
    everything: false,
    lines,
    follow: false,
  });
  return kept.ask();
}

/** The same as lines that can be shown, the oldest first. */
export function keptLastLines(service: NamedService, count: number): LastLine[] {
  return keptLinesOf([service], count).flatMap(({ bytes }) => linesOf(bytes).map(readLine));
}

function parentOf({ directory }: NamedService): string {
  const slash = directory.lastIndexOf("/");
  return slash < 0 ? "." : directory.slice(0, Math.max(1, slash));
}

/** What the service is called here that the scan directory has under a name. */
function finder(
  scandir: string,
  services: readonly NamedService[],
): (kept: string) => string | undefined {
  const base = scandir.replace(/\/*$/, "/");
  const byPath = new Map(services.map(({ name, directory }) => [directory, name]));
  let byPlace: Map<string, string> | undefined;
  return (kept) => {
    const path = `${base}${kept}`;
    const known = byPath.get(path);
    if (known !== undefined) return known;
    byPlace ??= new Map(services.map(({ name, directory }) => [placeKey(directory), name]));
    return byPlace.get(placeKey(path));
  };
}
