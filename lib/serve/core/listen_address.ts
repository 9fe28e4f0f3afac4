/** Where `hexad serve` listens: an IP address and a port, or a Unix socket. Pure. */

export type ListenAddress =
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string };

export const DEFAULT_LISTEN = "127.0.0.1:9266";
const MAX_PORT = 65535;
/** sizeof sun_path, less its NUL. */
const MAX_SOCKET_PATH = 107;

/** Undefined if it is no address; names of hosts are none. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  if (text.startsWith("unix:")) {
    const path = text.slice("unix:".length);
    const length = new TextEncoder().encode(path).length;
    return path.startsWith("/") && length <= MAX_SOCKET_PATH && !path.includes("\0")
      ? { kind: "unix", path }
      : undefined;
  }
  const [, six, four, digits] = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+)):([0-9]{1,5})$/.exec(text) ??
    [];
  const port = Number(digits);
  if (digits === undefined || port > MAX_PORT) return undefined;
  const host = six ?? four!;
  return isIpLiteral(host) ? { kind: "tcp", host: host.toLowerCase(), port } : undefined;
}

export function isIpLiteral(host: string): boolean {
  if (!host.includes(":")) {
    const parts = host.split(".");
    return parts.length === 4 && parts.every((part) => /^[0-9]{1,3}$/.test(part) && +part < 256);
  }
  return URL.canParse(`http://[${host}]/`);
}

export function isLoopback(address: ListenAddress): boolean {
  if (address.kind === "unix") return true;
  const { host } = address;
  return host.includes(":")
    ? new URL(`http://[${host}]/`).hostname === "[::1]"
    : host.startsWith("127.");
}

/** As in a URL: `http://127.0.0.1:9266/`, `unix:/run/hexad.sock`. */
export function addressText(address: ListenAddress, scheme: "http" | "https"): string {
  if (address.kind === "unix") return `unix:${address.path}`;
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  return `${scheme}://${host}:${address.port}/`;
}
