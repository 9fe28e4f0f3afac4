/**
 * Events of a `text/event-stream` out of the pieces in which it arrives: lines may end in CR, LF or
 * both, and a piece may end anywhere. Source: WHATWG HTML, 9.2.6. Pure.
 */

/**
 * @typedef {object} StreamEvent
 * @property {string} type `message` unless it was named.
 * @property {string} data
 * @property {string} id That of the last event that had one.
 */

/**
 * @returns {(piece: string) => StreamEvent[]} Takes the next piece, returns what is complete
 */
export function eventStreamParser() {
  let rest = "";
  let isFirst = true;
  let type = "";
  let id = "";
  /** @type {string[]} */
  let data = [];

  /**
   * @param {string} line
   * @returns {StreamEvent | undefined}
   */
  function take(line) {
    if (line === "") {
      const event = data.length === 0
        ? undefined
        : { type: type === "" ? "message" : type, data: data.join("\n"), id };
      type = "";
      data = [];
      return event;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") data.push(value);
    else if (field === "event") type = value;
    else if (field === "id" && !value.includes("\0")) id = value;
    return undefined;
  }

  return (piece) => {
    rest += piece;
    if (isFirst && rest !== "") {
      isFirst = false;
      rest = rest.replace(/^\ufeff/, "");
    }
    // a CR at the end may be half of a CR LF
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    return lines.map(take).filter((event) => event !== undefined);
  };
}
