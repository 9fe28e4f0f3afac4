/**
 * The requested scan and pruning, and the time of the next scan. Any number of orders leads to one
 * scan. Pure.
 */
export class ScanRequests {
  #scanAtMs = 0;
  #isScanAsked = false;
  #prune: { readonly hard: boolean } | undefined;

  /** When the next scan is due; Infinity if there is none. The first one is due at once. */
  get scanAtMs(): number {
    return this.#scanAtMs;
  }

  /** Whether an order has requested a scan that has not begun yet. */
  get isScanAsked(): boolean {
    return this.#isScanAsked;
  }

  /** Requests a scan. Returns when it is due, which is now. */
  askScan(nowMs: number): number {
    this.#isScanAsked = true;
    this.#scanAtMs = nowMs;
    return nowMs;
  }

  /** Requests a pruning. It is a soft one unless at least one request was hard. */
  askPrune(hard: boolean): void {
    this.#prune = { hard: hard || this.#prune?.hard === true };
  }

  /** When the next scan is due, as an earlier program in this process knew it. */
  goOn(scanAtMs: number): void {
    this.#scanAtMs = scanAtMs;
  }

  /**
   * Begins a scan. `rescanMs`: the time until the next one; undefined: there are no periodic scans.
   */
  beginScan(nowMs: number, rescanMs: number | undefined): { readonly wasAsked: boolean } {
    this.#scanAtMs = rescanMs === undefined ? Infinity : nowMs + rescanMs;
    const wasAsked = this.#isScanAsked;
    this.#isScanAsked = false;
    return { wasAsked };
  }

  scanAgainIn(seconds: number, nowMs: number): void {
    this.#scanAtMs = Math.min(this.#scanAtMs, nowMs + seconds * 1000);
  }

  /** Takes and clears the request to prune. */
  takePrune(): { readonly hard: boolean } | undefined {
    const asked = this.#prune;
    this.#prune = undefined;
    return asked;
  }
}
