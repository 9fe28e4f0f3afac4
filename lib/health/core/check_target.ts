/**
 * What a health check connects to, as `tcp`, `http` and `unix` of `health-check/` name it, and
 * which answers are good ones. No name is looked up: a host is an address or `localhost`, because a
 * look-up can take long, and needs libraries that an image may lack. Pure.
 */
import { encodePath } from "../../core/text/path_bytes.ts";
import { parseIp } from "../../core/linux/ip_address.ts";

const LARGEST_PORT = 65535;
const HTTP_PORT = 80;
const FIRST_STATUS = 100;
const LAST_STATUS = 599;
/** sun_path of struct sockaddr_un, without its last NUL. */
const LONGEST_SOCKET_PATH = 107;
/** `localhost`, as programs try it. */
const LOOPBACKS = ["127.0.0.1", "::1"].map((text) => parseIp(text)!);

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** `PORT`, `HOST:PORT` or `[::1]:PORT`; without a host, 127.0.0.1. Undefined if it is none. */
export function parseEndpoint(text: string): Endpoint | undefined {
  const found = /^(?:(\[[0-9A-Fa-f:.]+\]|[^\s:[\]/]+):)?([0-9]{1,5})$/.exec(text);
  if (found === null) return undefined;
  const port = Number(found[2]);
  return port < 1 || port > LARGEST_PORT
    ? undefined
    : { host: (found[1] ?? "127.0.0.1").replace(/^\[|\]$/g, ""), port };
}

export interface HttpTarget extends Endpoint {
  /** What stands in the request: path and query. */
  readonly path: string;
  /** The value of the header `Host`. */
  readonly authority: string;
}

/** `http://HOST[:PORT][/PATH]`; undefined if it is none. A fragment is not sent. */
export function parseHttpUrl(text: string): HttpTarget | undefined {
  const found = /^http:\/\/([^\s/?#@]+)([/?][\x21-\x7e]*)?(?:#.*)?$/i.exec(text);
  if (found === null) return undefined;
  const authority = found[1]!;
  const hasPort = /:[0-9]+$/.test(authority.replace(/^\[[^\]]*\]/, ""));
  const endpoint = parseEndpoint(hasPort ? authority : `${authority}:${HTTP_PORT}`);
  if (endpoint === undefined) return undefined;
  const path = (found[2] ?? "/").replace(/#.*$/, "");
  return { ...endpoint, path: path.startsWith("/") ? path : `/${path}`, authority };
}

/** The addresses of a host, in the order in which to try them; undefined: it is only a name. */
export function addressesOf(host: string): readonly Uint8Array<ArrayBuffer>[] | undefined {
  if (host.toLowerCase() === "localhost") return LOOPBACKS;
  const ip = parseIp(host);
  return ip === undefined ? undefined : [ip];
}

/** Whether a path can be that of a socket. */
export function isSocketPath(path: string): boolean {
  const { length } = encodePath(path);
  return length > 0 && length <= LONGEST_SOCKET_PATH;
}

/** A range of statuses, both ends included. */
export type StatusRange = readonly [first: number, last: number];

/** `200`, `200-299`, `200,301-399`; undefined if it is none. */
export function parseStatuses(text: string): readonly StatusRange[] | undefined {
  const ranges = text.split(",").map((part): StatusRange | undefined => {
    const found = /^([1-5][0-9][0-9])(?:-([1-5][0-9][0-9]))?$/.exec(part.trim());
    if (found === null) return undefined;
    const first = Number(found[1]);
    const last = Number(found[2] ?? first);
    return first > last ? undefined : [first, last];
  });
  return ranges.every((range) => range !== undefined) ? ranges : undefined;
}

export function isAmong(status: number, ranges: readonly StatusRange[]): boolean {
  return status >= FIRST_STATUS && status <= LAST_STATUS &&
    ranges.some(([first, last]) => status >= first && status <= last);
}
