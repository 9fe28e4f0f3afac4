/** Thrown by a link that runs in a guest and finds that it can't do its work there: the rest of the block gets a process of its own. */
export class NeedsProcess extends Error {
  override readonly name = "NeedsProcess";
}
