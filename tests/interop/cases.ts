/** Registers every case of the shared suite for one pairing. */
import { svcCases } from "./cases/svc_cases.ts";
import type { Pairing } from "./pairing.ts";

export function registerCases(pairing: Pairing): void {
  svcCases(pairing);
}
