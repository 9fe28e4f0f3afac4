/**
 * The warnings of a scan: printed if they are new or if the scan was requested, and never for more
 * than a few names. Pure.
 */

const TOLD = 32;

export class ScanWarnings {
  #last: ReadonlySet<string> = new Set();

  /**
   * The warnings to print after a scan.
   *
   * @param wasAsked The scan was requested. Otherwise it was a periodic one, and earlier warnings
   *   are not repeated.
   */
  toSay(warnings: readonly string[], wasAsked: boolean): readonly string[] {
    const last = this.#last;
    this.#last = new Set(warnings);
    const said = wasAsked ? warnings : warnings.filter((text) => !last.has(text));
    if (said.length <= TOLD) return said;
    return [
      ...said.slice(0, TOLD),
      `${said.length - TOLD} more warnings of this scan (not telling them)`,
    ];
  }
}
