/** Begins to supervise a service directory of this system. */
import { releaseControl, takeControl } from "./control.ts";
import { watchHealth } from "./health_watch.ts";
import { Supervisor } from "./supervisor.ts";
import type { SuperviseOptions } from "./supervise_options.ts";
import { SystemSupervisePort } from "./system.ts";
import type { World } from "./world.ts";

/**
 * Begins to supervise a service directory.
 *
 * @throws {UnsuitableError} If another supervisor has it, or something in it is not of the kind
 *   that it must be (exit code 100).
 * @throws {SyscallError} If it can't be entered or its control files can't be made (exit code
 *   111).
 */
export function supervise(world: World, options: SuperviseOptions): Supervisor {
  const control = takeControl(options.path, options.devino);
  try {
    const port = new SystemSupervisePort(world, control, options);
    const supervisor: Supervisor = new Supervisor(port, options.name, {
      onEnd: (essentialCode) => port.release(() => options.onEnd(essentialCode)),
      watchHealth: (supervisor) =>
        watchHealth({
          world,
          name: options.name,
          directoryFd: control.dirFd,
          port,
          supervisor,
        }),
      onStart: (tookMs) => world.startTimes?.starts.add(tookMs),
      onReady: (tookMs) => world.startTimes?.readiness.add(tookMs),
      onEssentialEnd: (code) => queueMicrotask(() => options.onEssentialEnd(code)),
    });
    const { ongoing } = options;
    if (ongoing?.child !== undefined) port.goOnWith(ongoing.child);
    port.attach(supervisor);
    if (ongoing === undefined) supervisor.begin();
    else supervisor.resume(ongoing);
    return supervisor;
  } catch (error) {
    releaseControl(control); // nothing has started yet: code that starts something never throws
    throw error;
  }
}
