/**
 * What can be wrong with a service directory or an image, with its cause and its cure: one table
 * for `hexad check`, which looks before anything runs, and for `s6-svscan`, which meets it at run
 * time. So both say the same words for the same fault. Pure.
 *
 * A cause follows the name of a file and a colon; a cure follows a semicolon and tells what to do.
 * Either is one line.
 */

/** error: it does not work, or not as it is meant. warning: it may not. */
export type Severity = "error" | "warning";

export interface Diagnosis {
  readonly id: DiagnosisId;
  readonly severity: Severity;
  readonly cause: string;
  /** Empty if nothing helps. */
  readonly cure: string;
}

type Say = (...facts: readonly string[]) => readonly [cause: string, cure: string];

// deno-fmt-ignore
const ERRORS = {
  // a program that can't be started
  "no-run": () => ["there is no such file", "every service directory needs an executable run"],
  "dangling-link": () => ["it is a symbolic link to nothing", "mend the link"],
  "circular-link": () => ["its symbolic links lead in a circle", "make one of them lead to the file itself"],
  "not-regular": () => ["it is not a regular file", "put a script or a program there"],
  "no-execute-bit": (path) => ["it has no execute bit", `chmod +x ${path}`],
  "noexec-mount": () => ["its file system is mounted noexec", "mount it with exec (docker run --tmpfs /run:exec), or keep the script elsewhere"],
  "empty-program": () => ["it is empty", "write a script that begins with #!, or link a program here"],
  "no-shebang": () => ["it has no #! line and is no program", "begin it with #!/bin/sh or the interpreter that it is written for"],
  "late-shebang": (what) => [`its #! is not at the very beginning: ${what} stands before it`, "let the file begin with #!"],
  "no-interpreter-named": () => ["its #! line names no interpreter", "write one behind #!, such as /bin/sh"],
  "interpreter-crlf": (interpreter) => [`its #! line ends in CR LF, so the kernel looks for an interpreter named ${interpreter}\\r`, "save the file with LF line ends"],
  "shebang-too-long": () => ["its #! line is longer than the 255 bytes that the kernel reads", "shorten it"],
  "interpreter-missing": (interpreter) => [`interpreter ${interpreter} not found`, "install it in the image, or name another one in the first line"],
  "interpreter-not-executable": (interpreter) => [`interpreter ${interpreter} is not executable`, `chmod +x ${interpreter}, or look at its mount options`],
  "wrong-machine": (machine, own) => [`it is a program for ${machine}, and this machine is ${own}`, "take the build for this architecture"],
  "loader-missing": (loader, libc) => [`its loader ${loader} is not in this image`, `use a static program or an image with ${libc}`],
  "services-file": (what) => [what, ""],
  "no-shell": (interpreter, there) => [`interpreter ${interpreter} not found: this image has no such shell`, there === "" ? "install one, or write it for execlineb" : `write it for ${there}, or install that shell`],
  "no-hexad": (interpreter) => [`interpreter ${interpreter} not found: hexad's commands are not in this image`, "ADD hexad-overlay-ARCHITECTURE.tar.gz / in the Dockerfile"],
  "env-program-missing": (program) => [`/usr/bin/env finds no ${program}`, "install it in the image, or name another one in the first line"],
  // what a script does
  "crlf-lines": () => ["lines end in CR LF, and the CR becomes part of words", "save the file with LF line ends"],
  "script-syntax": (what) => [what, "hexad check-script looks at execline scripts alone"],
  "program-missing": (program) => [`it becomes ${program}, which is not there`, "install it in the image, or name the right path"],
  "command-absent": (name, instead) => [`hexad has no ${name}`, instead],
  "program-not-executable": (program) => [`it becomes ${program}, which is no executable file`, `chmod +x ${program}`],
  "daemonises": (program, cure) => [`${program} puts itself into the background, so that its supervisor sees it end and starts it again and again`, cure],
  "ends-in-background": () => ["its last command is put into the background, so run ends at once", "exec it in the foreground, without &"],
  "starts-elsewhere": (program) => [`${program} starts the daemon elsewhere and ends, so nothing is supervised`, "exec the daemon itself, in the foreground"],
  "check-without-fd": () => ["s6-notifyoncheck has nobody to tell: there is no notification-fd", "echo 3 >notification-fd"],
  "check-missing": () => ["s6-notifyoncheck runs data/check, which is not there", "write one that succeeds when the service is ready, or give one with -c"],
  "user-unknown": (name) => [`there is no ${name} in /etc/passwd or /etc/group`, "add it, or take numbers: s6-applyuidgid -u UID -g GID"],
  "user-form": (text) => [`s6-setuidgid takes the name of a user, or UID:GID in numbers, and not ${text}`, "with names: s6-envuidgid USER s6-envuidgid -g GROUP s6-applyuidgid -Uz; with a number alone: s6-envuidgid -N UID s6-applyuidgid -Uz"],
  "user-cant-execute": (user, path, mode) => [`${user} may not execute ${path} (${mode})`, `chmod o+rx ${path}, or give it to ${user}`],
  "envdir-missing": (path) => [`the environment directory ${path} is not there`, "make it, with a file for each variable"],
  "finish-too-long": (needs, limit) => [`it sleeps ${needs}, and is killed after ${limit}`, "echo a larger number of milliseconds, or 0, >timeout-finish, or don't sleep: a restart has its own delay"],
  // files that hold a value
  "not-a-number": () => ["not an unsigned number", "write decimal digits and nothing else"],
  "not-a-descriptor": (text) => [`${text} is no descriptor that a service can have`, "3 is the usual one"],
  "descriptor-taken": (other) => [`it is the same descriptor as in ${other}`, "take another number"],
  "not-a-signal": (text) => [`not a signal: ${text}`, "write a name such as TERM, or a number"],
  "not-exit-codes": (most) => [
    `not a list of exit codes up to 255, ranges of them, and signals, in ${most} characters`,
    "for example: 3 70-75 SIGHUP",
  ],
  "not-a-policy": () => ["neither always nor on-failure nor never", "write one of them"],
  "not-max-restarts": (max) => [`not N/SECONDS with N up to ${max} and at least one second`, "write, for example, 5/60"],
  "not-an-oom-score-adj": () => ["not a number from -1000 to 1000", "write 0, or how many thousandths of the memory the service is to count for more"],
  "too-many": (text, max) => [`more than ${max}: ${text}`, `write a number up to ${max}`],
  "too-little": (text, least) => [`less than ${least}: ${text}`, `write a number from ${least}`],
  "not-an-endpoint": () => ["neither PORT nor HOST:PORT", "write, for example, 8080 or 127.0.0.1:8080; an address of IPv6 in brackets"],
  "host-name-check": (host) => [`a health check looks no name up: ${host}`, "write an address or localhost, or a run with a program that does"],
  "not-an-http-url": () => ["not http://HOST:PORT/PATH", "write, for example, http://127.0.0.1:8080/health"],
  "https-check": () => ["a health check speaks no TLS", "write http://, or a run with a program that does, such as curl"],
  "not-a-socket-path": () => ["longer than the 107 bytes of a socket's path", "use a shorter path, or one relative to the service directory"],
  "not-statuses": () => ["not statuses of HTTP", "write, for example, 200 or 200-299,404"],
  "not-a-reaction": () => ["neither none nor restart nor essential", "write one of them"],
  "health-not-directory": () => ["it is no directory", "make one that says how to check: hexad help health-check"],
  "no-check": () => ["it does not say how to check", "write a run, tcp, http or unix there: hexad help health-check"],
  "no-value": () => ["it is empty", "write the value, or remove the file"],
  // loggers
  "log-not-directory": () => ["it is no directory", "let log be a service directory with a run, or remove it"],
  "log-itself": () => ["it leads to the service itself", "make a service directory of its own for the logger"],
  "log-without-run": () => ["there is neither run nor logscript, so nobody reads what the service writes, and it stops when the pipe is full", "write log/run, such as: exec s6-log -- t n10 s1000000 /var/log/NAME"],
  "log-script-syntax": (what) => [what, "hexad help s6-log and s6-log --help tell the directives"],
  "logdir-missing": (path, parent) => [`the logger has no place to write: ${path} is not there, and neither is ${parent}`, `mkdir -p ${parent}, or make it in run`],
  "logdir-unwritable": (path, user) => [`the logger has no place to write: ${user} may not write in ${path}`, `chown ${user} ${path}`],
  "logdir-not-directory": (path) => [`the logger has no place to write: ${path} is no directory`, "name a directory"],
  "logdir-shared": (path, other) => [`${path} is the log directory of ${other} too, and only one logger can lock it`, "give each its own"],
  // names and places
  "no-such-directory": () => ["there is no such directory", "name a service directory, a scan directory, or the root of an image"],
  "unreadable": (reason) => [`it can't be read: ${reason}`, "look again as a user who may"],
  "twice": (other) => [`it is the same directory as ${other}, and a service has only one supervisor`, "remove one of the names"],
  "scandir-itself": () => ["it leads back to the scan directory or above it", "remove the link"],
  // definitions for s6-rc
  "rc-source": (cause, cure) => [cause, cure],
  "up-for-shell": (what) => [`it is one command line in execline, and this is written for a shell: ${what}`, "put the script into a file of its own, with #!/bin/sh, and name it here; --fix does it"],
  "fix-attrs": (what) => [what, "write five words: path, true or false, account, mode of files, mode of directories"],
} as const satisfies Readonly<Record<string, Say>>;

// deno-fmt-ignore
const WARNINGS = {
  "program-not-found": (program) => [`it becomes ${program}, which is in no directory of PATH`, "install it in the image"],
  "not-exec": (program) => [`the shell stays in front of ${program} and gets its signals`, `write exec before ${program}`],
  "shell-stays": () => ["a shell stays in front of what it has started, and gets the signals alone", "exec the last command, or write a file flag-kill-leftovers"],
  "own-supervisor": (program, cure) => [`${program} is a supervisor of its own, which stands between this one and the daemon`, cure],
  "user-cant-read": (user, path, mode) => [`${user} may not read ${path} (${mode})`, `chmod o+r ${path}, or give it to ${user}`],
  "anybody-writes": (mode) => [`anybody may change it (${mode}), and it runs with the rights of its supervisor`, "chmod o-w"],
  "late-lines": () => ["only the first line counts, and there are more", "remove the others"],
  "value-crlf": () => ["its line ends in CR LF, which C s6 does not understand", "save the file with LF line ends"],
  "perhaps-seconds": (text) => [`${text} milliseconds are next to nothing`, `write ${text}000 if seconds are meant`],
  "delay-order": (delay, max) => [`the longest delay, ${max}, is below restart-delay, ${delay}, and has no effect`, "write a larger number"],
  "no-effect": (why) => [`it has no effect: ${why}`, "remove it"],
  "second-check": (first) => [`${first} is the check, and this is passed over`, "remove one of them"],
  "misspelt-name": (meant) => [`nothing reads a file of that name; ${meant} is meant?`, `rename it ${meant}`],
  "logdir-later": (path, parent) => [`${path} can't be made unless something makes ${parent} before`, `mkdir -p ${parent} in run or in a script of cont-init.d`],
  "log-of-logger": () => ["a logger has no logger of its own", "remove it"],
  "run-and-logscript": () => ["there is a run, so nothing reads it", "remove one of them"],
  "misplaced": () => ["it stands in the scan directory, where nothing reads it", "move it into a service directory"],
  "name-too-long": (max) => [`s6-svscan passes over names of more than ${max} bytes`, "shorten it"],
  "too-many-entries": (max) => [`it has more than ${max} entries; the others were not looked at`, ""],
  "no-service": () => ["there is no service in it", "make a directory with a run in it: hexad new does"],
  "services-file-note": (what) => [what, ""],
  "rc-own-file": (cause, cure) => [cause, cure],
  "rc-elsewhere": (name) => [`nothing here defines ${name}`, "the base image has to"],
  "rc-not-started": (name, bundle) => ["it is in no bundle that a boot brings up, and nothing that is needs it", bundle === "user" ? `touch user/contents.d/${name}, unless it is started by hand` : "put it into a bundle, unless it is started by hand"],
  "rc-no-base": (name) => ["it has no way to base, so it starts beside the scripts of cont-init.d", `touch ${name}/dependencies.d/base`],
  "rc-not-ready": (needed) => [`it needs ${needed}, which does not tell when it is ready, and may be started too early`, `give ${needed} a notification-fd with s6-notifyoncheck, or a ready-tcp`],
  "rc-not-checked": (needed) => [`${needed} has no health-check, so it has to be ready`, `give ${needed} a health-check: hexad help health-check`],
  "rc-ignored": (name, type, cure) => [`nothing reads ${name} of a ${type}`, cure],
  "rc-log": () => ["a longrun of s6-rc has no logger of its own: nothing reads log", "make the logger a longrun with consumer-for, and name it in producer-for"],
  "rc-run-unused": () => ["it is a oneshot, and neither up nor down names this file", "name it in up by its whole path"],
  "no-contenv": (name, shebang) => [`it uses ${name}, and services have no variables of the container unless they ask for them`, `begin it with ${shebang}`],
} as const satisfies Readonly<Record<string, Say>>;

const TABLE = { ...ERRORS, ...WARNINGS };

export type DiagnosisId = keyof typeof TABLE;

/** A diagnosis, by its name in the table; `facts` are the parts that differ. */
export function diagnosis<Id extends DiagnosisId>(
  id: Id,
  ...facts: Parameters<(typeof TABLE)[Id]>
): Diagnosis {
  const say: Say = TABLE[id];
  const [cause, cure] = say(...facts);
  return { id, severity: Object.hasOwn(ERRORS, id) ? "error" : "warning", cause, cure };
}
