/**
 * The last net of a daemon: what is thrown where no edge has caught it (a callback of the runtime,
 * a promise) is told, and the process goes on.
 */
import { Mishaps } from "./mishaps.ts";

/** From now on no exception ends this process. @param warn Says it in the name of the process. */
export function spreadLastNet(warn: (text: string) => void): Mishaps {
  const mishaps = new Mishaps(warn);
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    mishaps.tell(event.error ?? event.message);
  });
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    mishaps.tell(event.reason);
  });
  return mishaps;
}
