/** Nothing can be done with the images: why, in one line, and the exit code. */
export class ImageFailure extends Error {
  override readonly name = "ImageFailure";
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}
