/** Services that have been through a lot, brought to where they were. */
import { eventually } from "../fixture/deadline.ts";
import { reasonOf } from "../../tools/fatal.ts";
import type { Result } from "../fixture/command.ts";
import type { Patient } from "../fault/patient.ts";

/**
 * Generous: a supervisor that has left comes back with the next scan, a service that will not start
 * is tried again later.
 */
export const LIMIT_MS = 60_000;
/** For one try. */
const WAIT_MS = "1500";
/** How long one order to let go is given, before it is repeated: each starts timeout-kill anew. */
const PATIENCE_MS = 10_000;

/** Tells each service to go on, without its down file, to be up, until it is. */
export async function bringUp(patient: Patient, services: readonly string[]): Promise<void> {
  for (const service of services) {
    let last: Result | undefined;
    const isUp = async (): Promise<boolean> => {
      await patient.client("s6-svscanctl", ["-a"], ".");
      last = await patient.client("s6-svc", ["-wu", "-T", WAIT_MS, "-cU"], service);
      return last.code === 0;
    };
    try {
      await eventually(`${service} to obey s6-svc -wu -cU`, isUp, LIMIT_MS);
    } catch (cause) {
      const { stdout } = await patient.client("s6-svstat", [], service);
      throw new Error(`${reasonOf(cause)}; ${last?.stderr}${stdout}${patient.said}`, { cause });
    }
  }
}

/**
 * Takes directories out of the scan directory, waits until nobody supervises them, and removes
 * them.
 */
export async function takeAway(patient: Patient, services: readonly string[]): Promise<void> {
  const { tree } = patient;
  const there = services.filter((service) => tree.exists(service));
  for (const service of there) tree.rename(service, `.gone-${service}`);
  const isLetGo = async (): Promise<boolean> => {
    const asked = there.map((service) => patient.client("s6-svok", [], `.gone-${service}`));
    return (await Promise.all(asked)).every(({ code }) => code !== 0);
  };
  let orderedMs = -Infinity;
  await eventually(`${there.join(" ")} to be let go; s6-svscan said: ${patient.said}`, async () => {
    if (performance.now() - orderedMs > PATIENCE_MS) {
      await patient.client("s6-svscanctl", ["-an"], ".");
      orderedMs = performance.now();
    }
    return await isLetGo();
  }, LIMIT_MS);
  for (const service of there) tree.remove(`.gone-${service}`);
}
