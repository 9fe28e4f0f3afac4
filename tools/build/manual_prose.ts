/** The text of the manual pages of `hexad` and its own commands, in addition to their tables. */

const SCANDIR =
  "Without -S, the scan directory is that in the environment variable S6_SCANDIR, the one in or below which hexad is called, that of process 1, /run/service or /service: " +
  "the first that is there. A service is named as it is called there; web/log is the logger of web. A word that begins with / or ./ is the " +
  "path of a service directory.";

const WAITING =
  "With --wait, or with --timeout, the services are followed until they are where they should be. Deaths on the way are told, " +
  "and for a service that does not come up the last lines of its log.";

export const PROSE: Readonly<Record<string, readonly string[]>> = {
  "hexad": [
    "Called by the name of one of its links, such as s6-svscan, it is that command of the s6 supervision suite, of execline or of " +
    "s6-overlay. Called as hexad, its first argument is the command: one of its own below, or the name of such a link.",
    "The files on disk are those of s6, so its own commands work on trees that are supervised by C s6 too.",
    "The command hexad help shows texts about service directories, the overlay, logs, scripts, exit codes and migration.",
  ],
  "status": [
    SCANDIR,
    "The states: ready, it runs and has told so; up, it runs; finishing, it has died and its finish script runs; backing off, it does not " +
    "run though it is wanted up; failed, it has died too often or for good; down; not supervised; unknown.",
    "On a terminal that is too narrow, the last log line is cut, and then columns are left out. Colours are for terminals; the environment " +
    "variable NO_COLOR turns them off.",
  ],
  "top": [
    SCANDIR,
    "Keys: Up, Down, j and k select a service; Enter or l follows its log, and q goes back; r restarts, s stops after a question, u starts, R " +
    "reloads, p pauses, c continues, K sends a signal; / filters, o sorts, a shows all loggers, ? shows all keys, q quits.",
    "The terminal is given back as it was, however it ends. It needs no terminal description; TERM=dumb is refused.",
  ],
  "health": [SCANDIR, "For the HEALTHCHECK of an image, and for probes."],
  "logs": [
    SCANDIR,
    "The log directories of a service are found through its logger. Archives of s6-log, svlogd and multilog are read, also compressed by gzip.",
  ],
  "events": [SCANDIR],
  "start": [SCANDIR, WAITING],
  "stop": [SCANDIR, WAITING],
  "restart": [SCANDIR, WAITING],
  "once": [SCANDIR, WAITING],
  "reload": [SCANDIR],
  "pause": [SCANDIR],
  "continue": [SCANDIR],
  "kill": [SCANDIR],
  "check": [
    "Nothing is run. An operand is a service directory, a scan directory, or the root of an image, where programs, users and links are those of " +
    "the image.",
  ],
  "images": [
    "The image A has its Dockerfile in A/B, for each of its variants B. Its tags are those of a first line # TAGS t1 t2, else B. FROM, COPY --from and " +
    "RUN --mount tell what it is built on; FROM lines also tell the registry and the organization.",
    "It is called in any directory of a git repository. Without --from, --to, --worktree, --all and names, it looks at what has changed since the last " +
    "commit that HEAD has in common with the upstream branch, or with origin/HEAD, origin/main or origin/master.",
  ],
  "new": ["What is there already is never touched."],
  "import": [
    "Every key and every line that can't be carried over is listed, with its place and what to do instead.",
  ],
};

/** The text for the commands of s6. */
export const S6_PROSE: readonly string[] = [
  "It does what the command of the same name does in the software of skarnet.org, on the same files. Where it does more, the documents of " +
  "hexad say so.",
];
