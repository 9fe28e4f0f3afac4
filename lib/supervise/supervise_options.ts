/** What is known of a service directory that is to be supervised. */
import type { Stdio } from "./port.ts";
import type { SlowDisk } from "./slow_disk.ts";

export interface SuperviseOptions {
  /** The service directory. */
  readonly path: string;
  /** Its device and inode, with a colon between, if it must be that one. */
  readonly devino?: string;
  /** What ./run gets as its argument, and what messages call the service. */
  readonly name: string;
  readonly stdio: Stdio;
  /** Where the directory is, if that may hang without everything else. */
  readonly disk?: SlowDisk;
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
