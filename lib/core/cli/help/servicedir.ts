/** `hexad help servicedir`. Source: docs/servicedir.md. Pure. */
export const text =
  `A service is a directory with an executable run, in a scan directory such as /run/service.
Everything else is optional.

  run                  the service; it stays in the foreground and ends by exec of the daemon
  finish               runs after each death: $1 is the exit code, or 256 if it was the signal $2.
                       Exit code 125: not again
  down                 the service is not started by itself
  notification-fd      a descriptor; the service writes a newline there when it is ready
  log/                 a service directory: the logger, whose standard input is the service's
                       standard output
  down-signal          instead of SIGTERM; reload-signal instead of SIGHUP
  timeout-kill         milliseconds from the down-signal to SIGKILL; default 0: never
  timeout-finish       milliseconds that finish may take; default 5000
  max-death-tally      how many deaths are remembered; default 100

Files of hexad, which C s6 ignores:

  flag-essential       the end of this service is the end of all, with its exit code
  restart-policy       always, on-failure or never
  restart-delay        milliseconds before it is started again, doubled up to restart-delay-max
  max-restarts         N/SECONDS: more often, and it has failed for good
  timeout-drain        milliseconds between the wish to stop and the down-signal
  oom-score-adj        how soon the kernel kills it when memory is short: -1000 to 1000
  flag-kill-leftovers  what run leaves behind is killed
  log/logscript        directives of s6-log instead of log/run: a logger without a process

The smallest one:

  mkdir -p /run/service/web
  printf '#!/bin/sh\\nexec 2>&1\\nexec webserver --foreground\\n' >/run/service/web/run
  chmod +x /run/service/web/run
  s6-svscanctl -a /run/service

hexad check /run/service tells what is wrong with service directories.
`;
