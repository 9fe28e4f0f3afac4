/** The actions of supervisorctl: what `help` says about each. Source: supervisor 4.2, docs/running.rst. Pure. */

/** The text of `help ACTION`, by action. */
export const ACTION_HELP = {
  add: "add <name> [...]\tStart supervising services that are new in the scan directory",
  avail: "avail\t\t\tShow all services of the scan directory, supervised or not",
  clear:
    "clear <name> [...]\tEmpty the log directories of services\nclear all\t\tEmpty those of all",
  exit: "exit\tLeave the prompt.",
  fg: "fg <name>\tNot done here: services read no terminal. tail -f shows their output.",
  maintail: "maintail\tNot done here: s6-svscan writes its messages to its standard error.",
  open: "open <url>\tNot done here: services are those of one scan directory, $S6_SCANDIR.",
  pid: "pid\t\t\tShow the PID of s6-svscan\npid <name>\t\tShow that of a service\n" +
    "pid all\t\t\tShow those of all services, one a line",
  quit: "quit\tLeave the prompt.",
  reload: "reload\t\tNot done here: s6-svscan need not start again. See update.",
  remove: "remove <name> [...]\tStop supervising services whose names are links",
  reread: "reread\t\t\tShow what update would do",
  restart:
    "restart <name> [...]\tStop services and start them\nrestart <group>:*\tAll of a group\n" +
    "restart all\t\tAll of them",
  shutdown: "shutdown\tStop all services, and s6-svscan.",
  signal: "signal <signal> <name> [...]\tSend a signal to services\n" +
    "signal <signal> <group>:*\tTo all of a group\nsignal <signal> all\t\tTo all of them",
  start: "start <name> [...]\tStart services\nstart <group>:*\t\tAll of a group\n" +
    "start all\t\tAll of them",
  status: "status\t\t\tShow all services\nstatus <name> [...]\tShow these\n" +
    "status <group>:*\tShow all of a group",
  stop:
    "stop <name> [...]\tStop services\nstop <group>:*\t\tAll of a group\nstop all\t\tAll of them",
  tail: "tail [-f] <name> [stdout|stderr]\tShow the end of a log (stdout)\n" +
    "tail -f <name>\t\tGo on with what is written, until Ctrl-C\n" +
    "tail -100 <name>\tThe last 100 bytes; 1600 without a number",
  update:
    "update [<name> ...]\tStart what is new in the scan directory, stop what is gone from it;\n" +
    "\t\t\tfor services of s6-rc what hexad apply does",
  version: "version\t\t\tShow hexad's version",
} as const;

export type Action = keyof typeof ACTION_HELP;

const COLUMNS = 7;
const TITLE = "default commands (type help <topic>):";

export function isAction(word: string): word is Action {
  return Object.hasOwn(ACTION_HELP, word);
}

/** What `help` says without an action: the names, in columns. */
export function actionList(): string {
  const names = Object.keys(ACTION_HELP).sort();
  const rows = Math.ceil(names.length / COLUMNS);
  const columns = Array.from(
    { length: COLUMNS },
    (_, column) => names.slice(column * rows, (column + 1) * rows),
  );
  const widths = columns.map((column) => Math.max(0, ...column.map((name) => name.length)));
  const lines = Array.from(
    { length: rows },
    (_, row) => columns.map((column, i) => (column[row] ?? "").padEnd(widths[i]!)).join("  "),
  );
  return `\n${TITLE}\n${"=".repeat(TITLE.length)}\n${lines.join("\n")}\n`;
}
