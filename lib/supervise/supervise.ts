/** Begins to supervise a service directory of this system. */
import { releaseControl, takeControl } from "./control.ts";
import { watchHealth } from "./health_watch.ts";
import { LifeKeeper } from "./life_keeper.ts";
import { LifeMarks, type RecordPlaces } from "./life_marks.ts";
import { type FoundLife, takeOver } from "./take_over.ts";
import { fileKey, fstat } from "../libc/stat.ts";
import { Supervisor } from "./supervisor.ts";
import type { SuperviseOptions } from "./supervise_options.ts";
import { SystemSupervisePort } from "./system.ts";
import type { World } from "./world.ts";

/**
 * Begins to supervise a service directory. A service that an earlier supervisor has left running is
 * adopted.
 *
 * @throws {UnsuitableError} If another supervisor has it, or something in it is not of the kind
 *   that it must be (exit code 100).
 * @throws {SyscallError} If it can't be entered or its control files can't be made (exit code
 *   111).
 */
export function supervise(world: World, options: SuperviseOptions): Supervisor {
  const control = options.control ?? takeControl(options.path, options.devino);
  try {
    const keeper = world.lives ??
      new LifeKeeper(control.lockFd, (text) => world.warn(options.name, text));
    const devino = options.devino ?? fileKey(fstat(control.dirFd));
    const places = { devino, lockFd: control.lockFd };
    const found = lifeOf(options, places, keeper);
    const life = new LifeMarks(keeper, places);
    const port = new SystemSupervisePort(world, control, { ...options, life });
    const supervisor: Supervisor = new Supervisor(port, options.name, {
      onEnd: (essentialCode) => port.release(() => options.onEnd(essentialCode)),
      heldByPort: () => port.held(),
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
    if (found.kind !== "ongoing") {
      port.attach(supervisor);
      supervisor.begin(found.kind === "doubt" ? found.why : undefined);
      return supervisor;
    }
    const { child, stdioClosed } = found.ongoing;
    if (child !== undefined) port.goOnWith(child);
    if (stdioClosed) port.closeStdio();
    port.attach(supervisor);
    supervisor.resume(found.ongoing);
    if (found.draining) supervisor.handle("d");
    return supervisor;
  } catch (error) {
    releaseControl(control); // nothing has started yet: code that starts something never throws
    throw error;
  }
}

function lifeOf(
  { ongoing }: SuperviseOptions,
  places: RecordPlaces,
  keeper: LifeKeeper,
): FoundLife {
  return ongoing === undefined
    ? takeOver(places, keeper)
    : { kind: "ongoing", ongoing, draining: false };
}
