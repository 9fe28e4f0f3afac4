/** Begins to supervise a service directory of this system. */
import { releaseControl, takeControl } from "./control.ts";
import type { Stdio } from "./port.ts";
import { Supervisor } from "./supervisor.ts";
import { SystemSupervisePort } from "./system.ts";
import type { World } from "./world.ts";

export interface SuperviseOptions {
  /** The service directory. */
  readonly path: string;
  /** Its device and inode, with a colon between, if it must be that one. */
  readonly devino?: string;
  /** What ./run gets as its argument, and what messages call the service. */
  readonly name: string;
  readonly stdio: Stdio;
  /**
   * The supervisor has ended and has given everything back. `essentialCode`: what its last life
   * ended with, if the service is essential.
   */
  onEnd(essentialCode: number | undefined): void;
  /**
   * An essential service has come to its end for good, by itself. `code`: its exit code, or 128 +
   * signal. Never called from inside a call.
   */
  onEssentialEnd(code: number): void;
}

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
    const port = new SystemSupervisePort(world, control, options.name, options.stdio);
    const supervisor: Supervisor = new Supervisor(port, options.name, {
      onEnd: (essentialCode) => {
        try {
          port.release();
        } catch (error) {
          supervisor.mishap(error);
        }
        options.onEnd(essentialCode);
      },
      onEssentialEnd: (code) => queueMicrotask(() => options.onEssentialEnd(code)),
    });
    port.attach(supervisor);
    supervisor.begin();
    return supervisor;
  } catch (error) {
    releaseControl(control); // nothing has been started yet: what starts something does not throw
    throw error;
  }
}
