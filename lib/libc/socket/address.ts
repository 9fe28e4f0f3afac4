/**
 * The addresses of sockets, as the C library lays them out. Source: unix(7), ip(7), ipv6(7).
 */
import { encodePath } from "../../core/text/path_bytes.ts";

export const AF_UNIX = 1;
export const AF_INET = 2;
export const AF_INET6 = 10;
const SUN_PATH = 2;
const SIN_PORT = 2;
const SIN_ADDR = 4;
const SIN6_ADDR = 8;
export const SIZEOF_SOCKADDR_UN = 110;
const SIZEOF_SOCKADDR_IN = 16;
const SIZEOF_SOCKADDR_IN6 = 28;

export interface IpEndpoint {
  /** Four bytes or sixteen. */
  readonly ip: Uint8Array<ArrayBuffer>;
  readonly port: number;
}

/** struct sockaddr_un of a path. Undefined if the path is too long for an address. */
export function unixAddress(path: string): Uint8Array<ArrayBuffer> | undefined {
  const bytes = encodePath(path);
  return unixAddressOf(bytes, SUN_PATH + bytes.length + 1);
}

/**
 * struct sockaddr_un of a path, or of an abstract name, which begins with `@`. An abstract name is
 * as long as it is: a NUL behind it would make another name. Undefined if it is too long.
 */
export function unixOrAbstractAddress(name: string): Uint8Array<ArrayBuffer> | undefined {
  if (!name.startsWith("@")) return unixAddress(name);
  const bytes = encodePath(name);
  bytes[0] = 0;
  return unixAddressOf(bytes, SUN_PATH + bytes.length);
}

function unixAddressOf(name: Uint8Array, length: number): Uint8Array<ArrayBuffer> | undefined {
  if (length > SIZEOF_SOCKADDR_UN) return undefined;
  const address = new Uint8Array(length);
  new DataView(address.buffer).setUint16(0, AF_UNIX, true);
  address.set(name, SUN_PATH);
  return address;
}

/** What is bound for an abstract name that the kernel chooses: the family alone. */
export function unnamedUnixAddress(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new Uint16Array([AF_UNIX]).buffer);
}

/** The abstract name in an address that the kernel has written, with `@` for its first NUL. */
export function abstractName(address: Uint8Array): string {
  return `@${new TextDecoder().decode(address.subarray(SUN_PATH + 1))}`;
}

/** struct sockaddr_in or sockaddr_in6. */
export function ipAddress({ ip, port }: IpEndpoint): Uint8Array<ArrayBuffer> {
  const six = ip.length === 16;
  const address = new Uint8Array(six ? SIZEOF_SOCKADDR_IN6 : SIZEOF_SOCKADDR_IN);
  const view = new DataView(address.buffer);
  view.setUint16(0, six ? AF_INET6 : AF_INET, true);
  view.setUint16(SIN_PORT, port);
  address.set(ip, six ? SIN6_ADDR : SIN_ADDR);
  return address;
}

/** The endpoint in an address that the kernel has written. */
export function ipEndpoint(address: Uint8Array<ArrayBuffer>): IpEndpoint {
  const view = new DataView(address.buffer, address.byteOffset);
  const six = view.getUint16(0, true) === AF_INET6;
  return {
    ip: six ? address.slice(SIN6_ADDR, SIN6_ADDR + 16) : address.slice(SIN_ADDR, SIN_ADDR + 4),
    port: view.getUint16(SIN_PORT),
  };
}
