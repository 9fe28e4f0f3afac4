/**
 * What a scan has to complain of: said when it is new or somebody has asked for the scan, and never
 * of more than some names. Pure.
 */

const TOLD = 32;

export class ScanWarnings {
  #last: ReadonlySet<string> = new Set();

  /**
   * What is to be said after a scan.
   *
   * @param wasAsked Somebody has asked for it; else it came by itself, and what was said the last
   *   time has been read.
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
