/** `hexad help exit-codes`. Source: s6, doc/*.html; lib/overlay. Pure. */
export const text = `Of commands:

  0         done
  1         no, or not well: hexad status and health, s6-svok, s6-svstat
  99        the time was up: s6-svwait -t, s6-svc -T, hexad start --timeout
  100       wrong usage
  101       an error of hexad itself: please report it
  102       not supervised
  111       a system call failed; the message says which, and why
  126, 127  a program could not be executed, or not be found
  128 + N   died of signal N

In a service directory, of finish:

  125       the service has failed for good and is not started again

What finish is told: $1 the exit code, or 256 after a signal; $2 the signal; $3 the service's name;
$4 the process group.

Of a container under s6-svscan: 0 after SIGTERM, or the exit code of a service with flag-essential,
128 + N if it died of signal N.

Of a container under /init: that of its CMD, or what a finish script has written to
/run/s6-linux-init-container-results/exitcode.
`;
