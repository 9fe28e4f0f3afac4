/**
 * The rooms of lib, from the top floor to the ground: a file imports from its own room and from
 * those further down this list, never upwards. docs/architecture.md shows the same list.
 *
 * A room is a folder. `lib/SUBJECT/core` is the pure part of a subject and a room of its own, far
 * below it: pure rooms import only pure rooms.
 */
export const ROOMS: readonly string[] = [
  // subjects: their loops, and how those act on the system
  "lib/top",
  "lib/remote",
  "lib/serve",
  "lib/metrics",
  "lib/supervisorctl",
  "lib/myinit",
  "lib/overlay",
  "lib/foreground",
  "lib/images",
  "lib/rc",
  "lib/scandir",
  "lib/instances",
  "lib/tree",
  "lib/loghost",
  "lib/logreader",
  "lib/keptoutput",
  "lib/counters",
  "lib/logdir",
  "lib/supervise",
  "lib/health",
  "lib/compat",
  "lib/servicedir",
  "lib/check",
  "lib/convert",
  "lib/onefile",
  "lib/newservice",
  "lib/importer",
  "lib/daemonising",
  "lib/fdholder",
  "lib/superserver",
  "lib/accessrules",
  "lib/machine",
  "lib/utilities",
  "lib/credentials",
  "lib/files",
  "lib/terminal",
  "lib/fifodir",
  "lib/unixmessage",
  "lib/procfs",
  "lib/processes",
  "lib/launch",
  "lib/execline",
  // the C library
  "lib/mishap",
  "lib/libc",
  // pure, by subject: codecs, parsers, tables, decisions
  "lib/top/core",
  "lib/remote/core",
  "lib/serve/core",
  "lib/metrics/core",
  "lib/supervisorctl/core",
  "lib/status/core",
  "lib/myinit/core",
  "lib/overlay/core",
  "lib/foreground/core",
  "lib/images/core",
  "lib/scandir/core",
  "lib/rc/core",
  "lib/check/core",
  "lib/convert/core",
  "lib/onefile/core",
  "lib/instances/core",
  "lib/importer/core",
  "lib/compat/core",
  "lib/grammars/core",
  "lib/loghost/core",
  "lib/logdir/core",
  "lib/keptoutput/core",
  "lib/counters/core",
  "lib/logreader/core",
  "lib/supervise/core",
  "lib/health/core",
  "lib/servicedir/core",
  "lib/fdholder/core",
  "lib/superserver/core",
  "lib/accessrules/core",
  "lib/machine/core",
  "lib/utilities/core",
  "lib/terminal/core",
  "lib/launch/core",
  "lib/execline/core",
  "lib/unixmessage/core",
  // pure, and needed by several subjects
  "lib/mishap/core",
  "lib/core/diagnosis",
  "lib/core/cli",
  "lib/core/accounts",
  "lib/core/regex",
  "lib/core/shell",
  "lib/core/linux",
  "lib/core/text",
  "lib/core/time",
];

/** The room of a file of lib; undefined for other files, and where there is no such room. */
export function roomOf(path: string): string | undefined {
  return ROOMS.filter((room) => path.startsWith(`${room}/`)).sort((a, b) => b.length - a.length)[0];
}

/** Whether what stands in this room must be pure. */
export function isPureRoom(room: string): boolean {
  return room.startsWith("lib/core/") || room.endsWith("/core");
}
