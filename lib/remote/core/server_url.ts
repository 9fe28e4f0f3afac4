/** Where another `hexad serve` answers, as people write it. Pure. */

export interface ServerUrl {
  /** Before the path of a request: `http://127.0.0.1:9266`. */
  readonly base: string;
  /** The socket to connect to in place of a host. */
  readonly socket?: string;
  /** As it was written, for messages. */
  readonly text: string;
}

/** Undefined if it is none: neither `http://...` nor `https://...` nor `unix:/PATH`. */
export function parseServerUrl(text: string): ServerUrl | undefined {
  const path = /^unix:(?:\/\/)?(\/.*)$/.exec(text)?.[1];
  if (path !== undefined) return { base: "http://localhost", socket: path, text };
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return undefined;
  const { origin, pathname, username, password, search, hash } = new URL(text);
  if ([username, password, search, hash].some((part) => part !== "")) return undefined;
  return { base: origin + pathname.replace(/\/+$/, ""), text };
}
