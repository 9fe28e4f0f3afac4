/** Why a container can't be started or prepared, and the exit code that says so. */

/** What `/init` gives up with: one line that names the cure, without the program's name. */
export class OverlayError extends Error {
  override readonly name = "OverlayError";
  /**
   * The exit code of the container: 100 for what the image or the command line must change, 111 for
   * a failed system call.
   */
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}
