/**
 * The scan and the pruning that have been asked for, and when the next scan is due. However many
 * orders ask for them, it is one. Pure.
 */
export class ScanRequests {
  #scanAtMs = 0;
  #isScanAsked = false;
  #prune: { readonly hard: boolean } | undefined;

  /** When the next scan is due; Infinity if none is. The first is due at once. */
  get scanAtMs(): number {
    return this.#scanAtMs;
  }

  /** An order has asked for a scan that has not begun yet. */
  get isScanAsked(): boolean {
    return this.#isScanAsked;
  }

  /** Returns when it is due, which is now. */
  askScan(nowMs: number): number {
    this.#isScanAsked = true;
    this.#scanAtMs = nowMs;
    return nowMs;
  }

  /** What is pruned ends softly, unless one of those who asked said otherwise. */
  askPrune(hard: boolean): void {
    this.#prune = { hard: hard || this.#prune?.hard === true };
  }

  /** A scan begins. `rescanMs`: the time to the next one; undefined: there is none by itself. */
  beginScan(nowMs: number, rescanMs: number | undefined): { readonly wasAsked: boolean } {
    this.#scanAtMs = rescanMs === undefined ? Infinity : nowMs + rescanMs;
    const wasAsked = this.#isScanAsked;
    this.#isScanAsked = false;
    return { wasAsked };
  }

  scanAgainIn(seconds: number, nowMs: number): void {
    this.#scanAtMs = Math.min(this.#scanAtMs, nowMs + seconds * 1000);
  }

  /** Takes the request to prune, which is then gone. */
  takePrune(): { readonly hard: boolean } | undefined {
    const asked = this.#prune;
    this.#prune = undefined;
    return asked;
  }
}
