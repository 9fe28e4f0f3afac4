/**
 * Events of a stream as `text/event-stream` has them, put together from pieces. Source: HTML,
 * "Server-sent events". Pure.
 */

export interface ReceivedEvent {
  /** `message` if it has no name. */
  readonly event: string;
  /** Undefined: it has none of its own. */
  readonly id: string | undefined;
  readonly data: string;
}

/** A longer line is nothing that we expect. */
const LONGEST_LINE = 1 << 23;

export class EventSourceReader {
  #rest = "";
  #event = "message";
  #id: string | undefined;
  #data: string[] = [];

  /** Returns the events that are whole now. @throws {SyntaxError} If a line has no end. */
  add(piece: string): ReceivedEvent[] {
    const lines = (this.#rest + piece).split(/\r?\n/);
    this.#rest = lines.pop()!;
    if (this.#rest.length > LONGEST_LINE) throw new SyntaxError("a line without an end");
    return lines.flatMap((line) => this.#line(line) ?? []);
  }

  #line(line: string): ReceivedEvent | undefined {
    if (line !== "") {
      const [, name, value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line)!;
      if (name === "event") this.#event = value;
      else if (name === "id") this.#id = value;
      else if (name === "data") this.#data.push(value);
      return undefined;
    }
    const [event, id, data] = [this.#event, this.#id, this.#data];
    [this.#event, this.#id, this.#data] = ["message", undefined, []];
    return data.length === 0 ? undefined : { event, id, data: data.join("\n") };
  }
}
