/**
 * Whether a request names this server as somebody would who means it. A page of another site can
 * have its own name resolved to our address (DNS rebinding), and then the browser sends that name;
 * names of this machine, IP addresses and the names that `--host` allows are not anybody's to
 * choose. Pure.
 */
import { isIpLiteral } from "./listen_address.ts";

const OWN_NAMES: readonly string[] = ["localhost", "localhost.localdomain", "ip6-localhost"];

/** @param host The header Host, if there is one. @param names What `--host` allows */
export function isOwnHost(host: string | null, names: readonly string[]): boolean {
  if (host === null || host === "") return true; // no browser sends a request without one
  const name = hostName(host);
  if (name === undefined) return false;
  return OWN_NAMES.includes(name) || name.endsWith(".localhost") || isIpLiteral(name) ||
    names.some((each) => each.toLowerCase() === name);
}

/** Without its port, in lower case; undefined if it is none. */
function hostName(host: string): string | undefined {
  const [, six, name] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s/@]+))(?::[0-9]{0,5})?$/.exec(host) ??
    [];
  return (six ?? name)?.toLowerCase().replace(/(?<=.)\.$/, "");
}

/**
 * Whether a request that changes something comes from our own page, or from no browser: those send
 * Origin with every POST.
 */
export function isOwnOrigin(origin: string | null, host: string | null): boolean {
  if (origin === null) return true;
  if (host === null || !URL.canParse(origin)) return false;
  return new URL(origin).host === host.toLowerCase().replace(/:(80|443)$/, "") ||
    new URL(origin).host === host.toLowerCase();
}
