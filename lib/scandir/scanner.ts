/** Looks at the scan directory, in portions if it is large, and reports what is wrong with it. */
import type { ScanResult } from "./core/scandir.ts";
import { SyscallError } from "../libc/bind.ts";
import type { Mishaps } from "../mishap/mishaps.ts";
import { ScanWarnings } from "./core/scan_warnings.ts";
import type { PortListing, ScandirPort } from "./port.ts";

/** The time until the next try if the scan directory can't be read. */
const UNREADABLE_RETRY_SECONDS = 5;

export interface Looker {
  /** Whether the result is still wanted. */
  isWanted(): boolean;
  onFound(scan: ScanResult): void;
  /** It can't be read; look again after this time. */
  onUnreadable(retrySeconds: number): void;
  /** The look is over, with or without success. */
  onEnd(): unknown;
}

export class Scanner {
  readonly #port: ScandirPort;
  readonly #mishaps: Mishaps;
  readonly #warnings = new ScanWarnings();
  /** The look that is under way. */
  #listing: PortListing | undefined;

  constructor(port: ScandirPort, mishaps: Mishaps) {
    this.#port = port;
    this.#mishaps = mishaps;
  }

  get isLooking(): boolean {
    return this.#listing !== undefined;
  }

  /** Begins a look. If one portion is enough, it is over when this returns. */
  look(looker: Looker): void {
    this.#trying(looker, () => {
      const listing = this.#listing = this.#port.list();
      this.#port.portions.begin(listing, () => this.#lookSome(listing, looker));
    });
  }

  #lookSome(listing: PortListing, looker: Looker): boolean {
    const look = (): ScanResult | "more" | undefined =>
      this.#trying(looker, () => listing.next() ?? "more");
    const scan = looker.isWanted() ? this.#mishaps.guard(look, undefined) : undefined;
    if (scan === "more") return true;
    this.#listing = undefined;
    if (scan !== undefined) looker.onFound(scan);
    looker.onEnd();
    return false;
  }

  #trying<T>(looker: Looker, attempt: () => T): T | undefined {
    try {
      return attempt();
    } catch (error) {
      looker.onUnreadable(UNREADABLE_RETRY_SECONDS);
      if (!(error instanceof SyscallError)) throw error;
      this.#port.warn(`${error.message} (waiting ${UNREADABLE_RETRY_SECONDS} seconds)`);
      return undefined;
    }
  }

  /** Prints warnings about names. @param wasAsked The scan was requested */
  complain(warnings: readonly string[], wasAsked: boolean): void {
    for (const text of this.#warnings.toSay(warnings, wasAsked)) {
      this.#mishaps.survives(() => this.#port.warn(text));
    }
  }
}
