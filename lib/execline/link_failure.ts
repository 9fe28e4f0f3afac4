/** A link that gives up: its chain ends with `code`, after the message. */
export class LinkFailure extends Error {
  override readonly name = "LinkFailure";
  readonly code: number;

  /** @param message What is said after `LINK: fatal: `. */
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}
