/** The interface of code that ends a scan directory in its own steps. */

export type EndOrder = "terminate" | "terminate hard" | "abort";

/**
 * Ends the tree in its own steps, as /init does. Orders to end go to it, and it calls `terminate`
 * and `dismiss`.
 */
export interface Caretaker {
  /** The end of everything has been requested. */
  onEndAsked(order: EndOrder): void;
  /** After `terminate`: only the catch-all logger is left, if there is one. */
  onServicesEnded(): void;
}
