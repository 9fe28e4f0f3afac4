/** Who may bring a scan directory to its end in steps of its own. */

export type EndOrder = "terminate" | "terminate hard" | "abort";

/**
 * Whoever brings the tree to its end in steps of its own, as /init does. Orders to end come to it,
 * and it calls `terminate` and `dismiss`.
 */
export interface Caretaker {
  /** Somebody has asked for the end of everything. */
  onEndAsked(order: EndOrder): void;
  /** After `terminate`: nothing is left but the catch-all logger, if there is one. */
  onServicesEnded(): void;
}
