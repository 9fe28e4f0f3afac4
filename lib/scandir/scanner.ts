/**
 * Looks at the scan directory, in portions if there is much in it, and says what is wrong with it.
 */
import type { ScanResult } from "./core/scandir.ts";
import { SyscallError } from "../libc/bind.ts";
import type { Mishaps } from "../mishap/mishaps.ts";
import { ScanWarnings } from "./core/scan_warnings.ts";
import type { PortListing, ScandirPort } from "./port.ts";

/** After a scan directory that can't be read. */
const UNREADABLE_RETRY_SECONDS = 5;

export interface Looker {
  /** Is anybody still interested? */
  isWanted(): boolean;
  onFound(scan: ScanResult): void;
  /** It can't be read, and is to be looked at again then. */
  onUnreadable(retrySeconds: number): void;
  /** The look is over, however. */
  onEnd(): unknown;
}

export class Scanner {
  readonly #port: ScandirPort;
  readonly #mishaps: Mishaps;
  readonly #warnings = new ScanWarnings();
  /** The look that is not over. */
  #listing: PortListing | undefined;

  constructor(port: ScandirPort, mishaps: Mishaps) {
    this.#port = port;
    this.#mishaps = mishaps;
  }

  get isLooking(): boolean {
    return this.#listing !== undefined;
  }

  /** Begins a look: one that takes no more than a portion is over when this returns. */
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

  /** What is wrong with names. @param wasAsked Somebody has asked for the scan. */
  complain(warnings: readonly string[], wasAsked: boolean): void {
    for (const text of this.#warnings.toSay(warnings, wasAsked)) {
      this.#mishaps.survives(() => this.#port.warn(text));
    }
  }
}
