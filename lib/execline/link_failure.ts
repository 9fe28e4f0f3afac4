/**
 * A link that gives up: its chain ends with `code`, after the message.
 *
 * Thrown by a link that runs in a guest and finds that it can't do its work there: the rest of the
 * block gets a process of its own.
 */

export class LinkFailure extends Error {
  override readonly name = "LinkFailure";
  readonly code: number;

  /** @param message What is said after `LINK: fatal: `. */
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export class NeedsProcess extends Error {
  override readonly name = "NeedsProcess";
}
