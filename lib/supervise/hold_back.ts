/** Whether a service that may be running already is started nevertheless. */
import type { Machine } from "./core/machine.ts";
import type { ServiceFiles } from "./service_files.ts";

/** @param doubt Why it is not certain that it does not run */
export function faultOf(doubt: string): string {
  return `the service may be running already: ${doubt}`;
}

/** Warns of the doubt. Returns whether the service has to wait for an order. */
export function holdsBack(doubt: string, { status }: Machine, files: ServiceFiles): boolean {
  if (!status.flagwantup) return false;
  const waits = files.exists("flag-never-twice");
  const what = waits
    ? "not starting it, because of flag-never-twice; s6-svc -u starts it"
    : "starting it nevertheless; with flag-never-twice it would not be started";
  files.warn(`${faultOf(doubt)} (${what})`);
  return waits;
}
