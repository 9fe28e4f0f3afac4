/** The line that closes a boot: how many services, how long it took, and what took longest. Pure. */
export interface StartedService {
  readonly name: string;
  readonly tookMs: number;
  /** It is one of the overlay's own steps, and not a service of the image. */
  readonly isStep: boolean;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** @param unmeasured The services of services.d, which are all started at once */
export function bootSummary(
  started: readonly StartedService[],
  unmeasured: number,
  tookMs: number,
): string {
  const count = started.filter(({ isStep }) => !isStep).length + unmeasured;
  const slowest = started.reduce<StartedService | undefined>(
    (most, each) => most === undefined || each.tookMs > most.tookMs ? each : most,
    undefined,
  );
  const what = `${count} ${count === 1 ? "service" : "services"} in ${seconds(tookMs)}`;
  return slowest === undefined
    ? what
    : `${what}, slowest ${slowest.name} ${seconds(slowest.tookMs)}`;
}
