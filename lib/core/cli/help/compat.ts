/** `hexad help compat`. Source: docs/commands.md. Pure. */
export const text =
  `Names of other suites, for scripts that call them. Nobody has them who has not asked for them, so
that no program of yours is hidden:
  hexad --install --compat baseimage DIR
  hexad --install --compat runit DIR
  hexad --install --compat daemontools DIR
  hexad --install --compat supervisor DIR
  hexad --install --compat dockerfiles DIR
  ADD hexad-compat-noarch.tar.gz /usr    (all but dockerfiles, beside hexad in /usr/bin)
hexad --compat runit --list names the commands of a suite. hexad sv, hexad chpst and so on run
without a link.

baseimage (phusion's base image)
  my_init   boots the container: /etc/my_init.d, /etc/rc.local, the services of /etc/service, a main
            command, /etc/my_init.pre_shutdown.d, /etc/my_init.post_shutdown.d; keeps
            /etc/container_environment, .sh and .json. --enable-insecure-key is refused.
  setuser   another user, with its groups, USER, HOME and UID

runit
  sv      all commands, -w, -v, SVDIR, SVWAIT, ./check. Without SVDIR it looks in the scan directory
          that is running. A service that tells its readiness is checked by that if it has no check.
  chpst   all options
  svlogd   all options but -b; of config all lines but u, U and N
  runsvdir, runsv   supervise a directory of services, or one and its logger, in one process

daemontools
  svc, svok, svstat, setuidgid, envuidgid, envdir, softlimit, setlock, fghack, pgrphack
  svscan, supervise      supervise a directory of services, or one
  multilog               all actions
  tai64n, tai64nlocal    stamps without leap seconds

supervisor
  supervisorctl   status, start, stop, restart, signal, pid, tail, clear, update, reread, add, remove,
                  avail, shutdown, and a prompt. For the services of $S6_SCANDIR, or of the scan
                  directory that is running; those of hexad import keep their groups.

dockerfiles (laincloud/dockerfiles)
  dockerfiles   hexad images under its old name, for the machine where images are built

Those of runit, daemontools and supervisor say what the originals say, with their exit codes, about
services that hexad supervises.

Not here, because their work is done otherwise
  svscanboot                s6-svscanboot
  readproctitle             s6-svscan's own messages are on its standard error
  runsvchdir                s6-rc-update, or another link and hexad rescan
  utmpset, runit, runit-init   nothing: a container has no utmp and no stages; /init boots it
`;
