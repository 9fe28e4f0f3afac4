/**
 * s6-socklog: a small syslog daemon. Source: s6, doc/s6-socklog.html,
 * daemontools-extras/s6-socklog.c.
 */
import { EXIT_TIMED_OUT, EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { parseUint } from "../../lib/core/linux/config_file.ts";
import {
  type CommandTable,
  parseCommandLine,
  type ParsedOption,
  UsageError,
} from "../../lib/core/cli/getopt.ts";
import { formatIp, parseIp } from "../../lib/core/linux/ip_address.ts";
import { startTimer } from "../../lib/fifodir/timer.ts";
import { bindUdp, bindUnixDatagram, type IpEndpoint } from "../../lib/libc/datagram.ts";
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
    { short: "d", arg: "FD", text: "write a newline to descriptor FD when the socket is bound" },
    { short: "r", text: "leave codes like <13> as they are" },
    { short: "U", text: "give up privileges for UID, GID and GIDLIST, taken from the environment" },
    { short: "u", arg: "UID", text: "give up privileges for this user id" },
    { short: "g", arg: "GID", text: "give up privileges for this group id" },
    { short: "G", arg: "GIDS", text: "set the supplementary groups: ids with commas between them" },
    { short: "l", arg: "BYTES", text: "cut longer messages (1024; from 76 to 1048576)" },
    {
      short: "t",
      arg: "MS",
      text: "when told to end, try no longer to write what is left (0, the default: no limit)",
    },
    { short: "x", arg: "PATH", text: "bind to this Unix socket; default: /dev/log" },
    {
      short: "i",
      arg: "IP_PORT",
      text:
        "bind to a UDP socket instead, such as 127.0.0.1_514; lines begin with the sender's address",
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
  notificationFd: number;
  raw: boolean;
  maxBytes: number;
  lameDuckMs: number;
  place: string | IpEndpoint;
  /** 0: stay. */
  uid: number;
  gid: number;
  gids: readonly number[] | undefined;
}

export async function main(context: Context): Promise<number> {
  const settings = parseSettings(context.argv);
  const { notificationFd, place, raw, maxBytes, lameDuckMs } = settings;
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

function parseSettings(argv: readonly string[]): Settings {
  const settings: Settings = {
    notificationFd: 0,
    raw: false,
    maxBytes: DEFAULT_LINE,
    lameDuckMs: 0,
    place: DEFAULT_SOCKET,
    uid: 0,
    gid: 0,
    gids: undefined,
  };
  for (const option of parseCommandLine(argv, table.options).options) applyOption(settings, option);
  settings.maxBytes = Math.min(Math.max(settings.maxBytes, MIN_LINE), MAX_LINE);
  return settings;
}

function applyOption(settings: Settings, option: ParsedOption): void {
  const { name, value } = option;
  if (name === "d") settings.notificationFd = numberOf(option);
  else if (name === "r") settings.raw = true;
  else if (name === "l") settings.maxBytes = numberOf(option);
  else if (name === "t") settings.lameDuckMs = numberOf(option);
  else if (name === "u") settings.uid = numberOf(option);
  else if (name === "g") settings.gid = numberOf(option);
  else if (name === "G") {
    settings.gids = parseIds(value) ?? fail(`option -G takes group ids, not ${value}`);
  } else if (name === "U") Object.assign(settings, environmentIds());
  else if (name === "x") settings.place = value;
  else if (name === "i") {
    settings.place = parseEndpoint(value) ??
      fail(`option -i takes an address and a port, not ${value}`);
  }
}

function fail(text: string): never {
  throw new UsageError(text);
}

function numberOf({ name, value }: ParsedOption): number {
  return parseUint(value) ?? fail(`option -${name} takes a number, not ${value}`);
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
