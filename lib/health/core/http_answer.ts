/** A GET of HTTP/1.1, and what is read of the answer to it: its status. Pure. Source: RFC 9112. */
import type { HttpTarget } from "./check_target.ts";

/** So much of an answer is looked at to find its status. */
export const MAX_ANSWER_HEAD = 8192;

export function requestOf({ path, authority }: HttpTarget): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(
    `GET ${path} HTTP/1.1\r\nHost: ${authority}\r\nUser-Agent: hexad\r\nAccept: */*\r\n` +
      "Connection: close\r\n\r\n",
  );
}

export type AnswerHead =
  /** More has to be read. */
  | { readonly kind: "part" }
  /** It is not HTTP. */
  | { readonly kind: "strange" }
  | { readonly kind: "status"; readonly status: number };

const STATUS_LINE = /^HTTP\/1\.[0-9] ([0-9]{3})(?: [^\r\n]*)?\r?\n/;
/** What every answer begins with. */
const BEGINNING = "HTTP/1.";

/** The status in the beginning of an answer. Interim answers, such as 100, are passed over. */
export function readAnswer(bytes: Uint8Array): AnswerHead {
  let text = new TextDecoder("latin1").decode(bytes);
  for (;;) {
    const start = text.slice(0, BEGINNING.length);
    if (!BEGINNING.startsWith(start)) return { kind: "strange" };
    if (!text.includes("\n")) return { kind: "part" };
    const found = STATUS_LINE.exec(text);
    if (found === null) return { kind: "strange" };
    const status = Number(found[1]);
    if (status >= 200 || status === 101) return { kind: "status", status };
    const end = /\r?\n\r?\n/.exec(text);
    if (end === null) return { kind: "part" };
    text = text.slice(end.index + end[0].length);
  }
}
