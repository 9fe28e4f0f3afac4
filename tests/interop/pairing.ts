/**
 * Who supervises and who commands: every case runs with each pairing of hexad and Debian's C s6.
 */
import { OURS, requireToolset, THEIRS, type Toolset } from "../fixture/toolset.ts";

export interface Pairing {
  readonly name: string;
  /** The supervisors: s6-svscan, s6-supervise. In cases without one: the side that writes. */
  readonly daemon: Toolset;
  /** The clients. In cases without a supervisor: the side that reads. */
  readonly client: Toolset;
}

function pairing(daemon: Toolset, client: Toolset): Pairing {
  return { name: `${daemon.name} with ${client.name}`, daemon, client };
}

/** C with C: shows that a case tells the truth about s6. */
export const THEIRS_THEIRS: Pairing = pairing(THEIRS, THEIRS);
/** hexad supervises, C commands. */
export const OURS_THEIRS: Pairing = pairing(OURS, THEIRS);
/** C supervises, hexad commands. */
export const THEIRS_OURS: Pairing = pairing(THEIRS, OURS);
export const OURS_OURS: Pairing = pairing(OURS, OURS);

/**
 * Whether the implementation is of s6 2.15: hexad is, Debian's is 2.11.3. Cases say by this where
 * the two differ.
 */
export function is215(toolset: Toolset): boolean {
  return toolset === OURS;
}

/** Registers one case for a pairing. */
export function test(pairing: Pairing, behaviour: string, body: () => Promise<void>): void {
  Deno.test(`${pairing.name}: ${behaviour}`, async () => {
    requireToolset(pairing.daemon);
    requireToolset(pairing.client);
    await body();
  });
}

/** Registers a case in which no supervisor takes part: once for each implementation. */
export function testAlone(pairing: Pairing, behaviour: string, body: () => Promise<void>): void {
  if (pairing.daemon !== pairing.client) return;
  Deno.test(`${pairing.client.name} alone: ${behaviour}`, async () => {
    requireToolset(pairing.client);
    await body();
  });
}
