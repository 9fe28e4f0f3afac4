/** The facts about a service directory to be supervised. */
import type { Control } from "./control.ts";
import type { Ongoing } from "./core/ongoing.ts";
import type { Stdio } from "./port.ts";
import type { SlowDisk } from "./slow_disk.ts";

export interface SuperviseOptions {
  readonly path: string;
  /** Its device and inode, with a colon between, if it must be that directory. */
  readonly devino?: string;
  /** The argument of ./run, and the service's name in messages. */
  readonly name: string;
  readonly stdio: Stdio;
  /** Where it goes on; absent: it begins from nothing, or adopts what runs. */
  readonly ongoing?: Ongoing;
  /** What is held of the directory already; absent: it is taken. */
  readonly control?: Control;
  /** The disk of the directory, if it may hang while everything else goes on. */
  readonly disk?: SlowDisk;
  /**
   * The supervisor has ended and released everything. `essentialCode`: the exit code of its last
   * life, if the service is essential.
   */
  onEnd(essentialCode: number | undefined): void;
  /**
   * An essential service has ended for good, by itself. `code`: its exit code, or 128 + signal.
   * Never called from inside a call.
   */
  onEssentialEnd(code: number): void;
}
