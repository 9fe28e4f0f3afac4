/**
 * Commands that images of s6-overlay have had, of version 1, 2 or 3, and that hexad does not have:
 * what to write instead. Source: package/modes of s6, s6-portable-utils, s6-linux-utils,
 * s6-networking, s6-dns, s6-linux-init and execline, from their 2.0.0.0 on; the builders of
 * s6-overlay 1.22.1.0, 2.2.0.3 and 3.2.3.2. Pure.
 */
import { lastComponent } from "../text/path_name.ts";

// deno-fmt-ignore
const INSTEAD: Readonly<Record<string, string>> = {
  // of the overlay
  "justc-envdir": "write s6-envdir -L",
  "justc-installer": "leave it out: the tarball needs no installer",
  "s6-overlay-preinit": "leave it out: /init does what it did",
  "s6-overlay-suexec": "leave it out: /init does what it did",
  // execline before 2.0, and seekablepipe of the portable utilities
  "forbacktick": "write forbacktickx, whose variable is in the environment: importas it",
  "loopwhile": "write loopwhilex",
  "seekablepipe": "write to a file and read it with redirfd -r 0 FILE",
  // s6
  "s6-alias": "write s6-svc, or hexad start and its like",
  "s6-alias-chpst": "write s6-setuidgid, s6-softlimit, s6-envdir",
  "s6-alias-sv": "write hexad start, stop, restart, status",
  "s6-fdholder-deletec": "write s6-fdholder-delete",
  "s6-fdholder-getdumpc": "write s6-fdholder-getdump",
  "s6-fdholder-listc": "write s6-fdholder-list",
  "s6-fdholder-retrievec": "write s6-fdholder-retrieve",
  "s6-fdholder-setdumpc": "write s6-fdholder-setdump",
  "s6-fdholder-storec": "write s6-fdholder-store",
  "s6-fdholder-transferdumpc": "write s6-fdholder-transferdump",
  "s6-notifywhenup": "echo its -d number into the file notification-fd",
  "s6lockd": "write s6-setlock",
  "s6lockd-helper": "write s6-setlock",
  "s6-ftrigrd": "leave it out: clients listen by themselves",
  "s6-tai64ndiff": "write s6-tai64nlocal, and take the difference",
  // s6-linux-utils
  "fstab2s6rc": "mount with the container engine: -v or --mount",
  "rngseed": "leave it out: the host seeds its random numbers",
  "s6-devd": "leave it out: devices are the host's",
  "s6-fillurandompool": "leave it out: the host seeds its random numbers",
  "s6-halt": "write hexad shutdown",
  "s6-poweroff": "write hexad shutdown",
  "s6-ps": "write hexad status for services, ps for all processes",
  "s6-reboot": "write hexad shutdown; the engine's restart policy starts it again",
  "s6-uevent-listener": "leave it out: devices are the host's",
  "s6-uevent-spawner": "leave it out: devices are the host's",
  // s6-networking, s6-dns
  "minidentd": "leave it out, or install an identd",
  "proxy-server": "use socat",
  "s6-getservbyname": "write getent services",
  "s6-ident-client": "use nc",
  "s6-randomip": "use shuf or od -An -N4 -tu1 /dev/urandom",
  "skadnsd": "use the resolver of the image",
};

/** Families, by what their names begin with. */
const FAMILIES: readonly (readonly [prefix: string, instead: string])[] = [
  ["s6-linux-init", "leave it out: /init does what it did"],
  ["s6-dns", "use getent hosts or nslookup"],
  ["s6-tcpserver", "let the server listen by itself, or use socat"],
  ["s6-tcpclient", "use nc"],
  ["s6-tls", "let the server speak TLS by itself, or use stunnel"],
  ["s6-ucspitls", "let the server speak TLS by itself, or use stunnel"],
  ["s6-sntpclock", "leave it out: the clock is the host's"],
  ["s6-clockview", "leave it out: the clock is the host's"],
  ["s6-clockadd", "leave it out: the clock is the host's"],
  ["s6-taiclock", "leave it out: the clock is the host's"],
];

/**
 * What to write instead of a command that C's projects have and hexad does not; undefined for any
 * other. @param program A name, or the path of one
 */
export function insteadOf(program: string): string | undefined {
  const name = lastComponent(program);
  if (Object.hasOwn(INSTEAD, name)) return INSTEAD[name];
  return FAMILIES.find(([prefix]) => name.startsWith(prefix))?.[1];
}
