/** Why a container can't be started or prepared, with its exit code. */

/**
 * The error with which `/init` gives up: one line that names the cure, without the program's name.
 */
export class OverlayError extends Error {
  override readonly name = "OverlayError";
  /**
   * The exit code of the container: 100 if the image or the command line must be changed, 111 for a
   * failed system call.
   */
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}
