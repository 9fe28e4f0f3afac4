/**
 * A daemon's last safety net: an exception that nothing else has caught (in a callback of the
 * runtime, or in a promise) is reported, and the process goes on.
 */
import { Mishaps } from "./mishaps.ts";

/**
 * Keeps exceptions from ending this process, from now on. @param warn Prints a warning in the
 * process's name
 */
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
