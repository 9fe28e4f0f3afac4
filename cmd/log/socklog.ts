/**
 * s6-socklog: a small syslog daemon. Source: s6, doc/s6-socklog.html,
 * daemontools-extras/s6-socklog.c.
 */
import { EXIT_TIMED_OUT, EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { parseUint } from "../../lib/core/linux/config_file.ts";
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine, settingsOf } from "../../lib/core/cli/given.ts";
import { formatIp, parseIp } from "../../lib/core/linux/ip_address.ts";
import { startTimer } from "../../lib/fifodir/timer.ts";
import type { IpEndpoint } from "../../lib/libc/socket/address.ts";
import { bindUdp, bindUnixDatagram } from "../../lib/libc/socket/datagram.ts";
import { Poller } from "../../lib/libc/epoll.ts";
import { dup2 } from "../../lib/libc/fd.ts";
import { O_RDONLY } from "../../lib/core/linux/open_flags.ts";
import { close, open, write } from "../../lib/libc/file.ts";
import { variable } from "../../lib/libc/environ.ts";
import { setgid, setgroups, setuid } from "../../lib/libc/identity.ts";
import { isInherited } from "../../lib/libc/replace_descriptors.ts";
import { getegid } from "../../lib/libc/process.ts";
import { type Context, Failure } from "../context.ts";
import { SocklogRelay } from "./socklog_relay.ts";

const DEFAULT_SOCKET = "/dev/log";
const SYSLOG_PORT = 514;
const DEFAULT_LINE = 1024;
const MIN_LINE = 76;
const MAX_LINE = 1048576;
const MAX_PORT = 65535;
const FIRST_FREE_FD = 3;

export const table = {
  summary:
    "Receives the datagrams of syslog(3) and prints each as a line, with names for facility and priority.",
  usage:
    "[ -d notif ] [ -r ] [ -U | -u uid -g gid -G gidlist ] [ -l linelen ] [ -t lameducktimeout ] [ -x socket | -i ip_port ]",
  options: [
    {
      short: "d",
      arg: "FD",
      text: "write a newline to descriptor FD when the socket is bound",
      means: (text: string) => ({ notificationFd: numberOf("-d", text) }),
    },
    { short: "r", text: "leave codes like <13> as they are", means: { raw: true } },
    {
      short: "U",
      text: "give up privileges for UID, GID and GIDLIST, taken from the environment",
      means: () => environmentIds(),
    },
    {
      short: "u",
      arg: "UID",
      text: "give up privileges for this user id",
      means: (text: string) => ({ uid: numberOf("-u", text) }),
    },
    {
      short: "g",
      arg: "GID",
      text: "give up privileges for this group id",
      means: (text: string) => ({ gid: numberOf("-g", text) }),
    },
    {
      short: "G",
      arg: "GIDS",
      text: "set the supplementary groups: ids with commas between them",
      means: (text: string) => ({ gids: groupIds(text) }),
    },
    {
      short: "l",
      arg: "BYTES",
      text: "cut longer messages (1024; from 76 to 1048576)",
      means: (text: string) => ({ maxBytes: numberOf("-l", text) }),
    },
    {
      short: "t",
      arg: "MS",
      text: "when told to end, try no longer to write what is left (0, the default: no limit)",
      means: (text: string) => ({ lameDuckMs: numberOf("-t", text) }),
    },
    {
      short: "x",
      arg: "PATH",
      text: "bind to this Unix socket; default: /dev/log",
      means: (place: string) => ({ place }),
    },
    {
      short: "i",
      arg: "IP_PORT",
      text:
        "bind to a UDP socket instead, such as 127.0.0.1_514; lines begin with the sender's address",
      means: (text: string) => ({ place: endpoint(text) }),
    },
  ],
  exits: [
    ["0", "told to end by SIGTERM"],
    ["99", "told to end, and not all could be written in time"],
    ["100", "wrong usage"],
    ["111", "system call failed"],
  ],
  example: "s6-socklog -d 3 -U -x /run/log.sock",
} as const satisfies CommandTable;

interface Settings {
  readonly notificationFd: number;
  readonly raw: boolean;
  readonly maxBytes: number;
  readonly lameDuckMs: number;
  readonly place: string | IpEndpoint;
  /** 0: stay. */
  readonly uid: number;
  readonly gid: number;
  readonly gids: readonly number[] | undefined;
}

const DEFAULTS: Settings = {
  notificationFd: 0,
  raw: false,
  maxBytes: DEFAULT_LINE,
  lameDuckMs: 0,
  place: DEFAULT_SOCKET,
  uid: 0,
  gid: 0,
  gids: undefined,
};

export async function main(context: Context): Promise<number> {
  const settings = settingsOf<Settings>(readCommandLine(context.argv, table).rows(), DEFAULTS);
  const { notificationFd, place, raw, lameDuckMs } = settings;
  const maxBytes = Math.min(Math.max(settings.maxBytes, MIN_LINE), MAX_LINE);
  checkNotificationFd(notificationFd);
  leaveStdin();
  const socketFd = bindSocket(place);
  dropPrivileges(settings);
  using poller = new Poller();
  const relay = new SocklogRelay({
    poller,
    socketFd,
    showSender: typeof place !== "string",
    form: { raw, maxBytes },
  });
  let exitCode = 0;
  Deno.addSignalListener("SIGTERM", () => {
    if (lameDuckMs > 0) {
      startTimer(lameDuckMs, () => {
        exitCode = EXIT_TIMED_OUT;
        poller.stop();
      });
    }
    relay.stop();
  });
  if (notificationFd !== 0) {
    write(notificationFd, new TextEncoder().encode("\n"));
    close(notificationFd);
  }
  relay.start();
  await poller.run();
  return exitCode;
}

function fail(text: string): never {
  throw new UsageError(text);
}

function numberOf(option: string, text: string): number {
  return parseUint(text) ?? fail(`option ${option} takes a number, not ${text}`);
}

function groupIds(text: string): readonly number[] {
  return parseIds(text) ?? fail(`option -G takes group ids, not ${text}`);
}

function endpoint(text: string): IpEndpoint {
  return parseEndpoint(text) ?? fail(`option -i takes an address and a port, not ${text}`);
}

/**
 * Ids with commas, or what else skalibs takes for one, between them; undefined if there is anything
 * else.
 */
function parseIds(text: string): readonly number[] | undefined {
  const ids: number[] = [];
  for (const part of text.split(/[,:; \t\r\n]+/)) {
    const id = part === "" ? undefined : parseUint(part);
    if (id !== undefined) ids.push(id);
    else if (part !== "") return undefined;
  }
  return ids;
}

/** @throws {Failure} If a variable is missing, or is not what it should be. */
function environmentIds(): Pick<Settings, "uid" | "gid" | "gids"> {
  return {
    uid: environmentValue("UID", parseUint),
    gid: environmentValue("GID", parseUint),
    gids: environmentValue("GIDLIST", parseIds),
  };
}

function environmentValue<T>(name: string, parse: (text: string) => T | undefined): T {
  const text = variable(name);
  if (text === undefined) throw new Failure(EXIT_USAGE, `${name} not set`);
  const value = parse(text);
  if (value === undefined) throw new Failure(EXIT_USAGE, `invalid ${name}: ${text}`);
  return value;
}

/** `ip`, `ip_port` or, of IPv4 only, `ip:port`. */
function parseEndpoint(text: string): IpEndpoint | undefined {
  const [address, portText] = text.includes("_")
    ? splitAt(text, text.indexOf("_"))
    : splitAt(text, /^[0-9.]+:/.test(text) ? text.indexOf(":") : -1);
  const ip = parseIp(address);
  const port = portText === undefined ? SYSLOG_PORT : parseUint(portText);
  return ip === undefined || port === undefined || port > MAX_PORT ? undefined : { ip, port };
}

function splitAt(text: string, at: number): readonly [string, string | undefined] {
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function checkNotificationFd(fd: number): void {
  if (fd === 0) return;
  if (fd < FIRST_FREE_FD) throw new Failure(EXIT_USAGE, "notification fd must be 3 or more");
  if (fd > 0x7fffffff || !isInherited(fd)) {
    throw new Failure(EXIT_USAGE, `invalid notification fd: descriptor ${fd} is not open`);
  }
}

/**
 * Whoever writes to our standard input shall know that nobody reads it. The number stays taken, so
 * that nothing else gets it.
 */
function leaveStdin(): void {
  const nothing = open("/dev/null", O_RDONLY);
  dup2(nothing, 0);
  close(nothing);
}

function bindSocket(place: string | IpEndpoint): number {
  if (typeof place === "string") return bindUnixDatagram(place);
  return bindUdp(place, `bind socket to ip ${formatIp(place.ip)} port ${place.port}`);
}

function dropPrivileges({ uid, gid, gids }: Settings): void {
  if (gids !== undefined) {
    const own = gid === 0 ? getegid() : gid;
    setgroups([own, ...gids.filter((id) => id !== own)]);
  }
  if (gid !== 0) setgid(gid);
  if (uid !== 0) setuid(uid);
}
