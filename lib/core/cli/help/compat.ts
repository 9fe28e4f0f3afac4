/** `hexad help compat`. Source: docs/commands.md. Pure. */
export const text =
  `Names of other suites, for scripts that call them. Nobody has them who has not asked for them, so
that no program of yours is hidden:
  hexad --install --compat baseimage DIR
  hexad --install --compat runit DIR
  hexad --install --compat daemontools DIR
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

daemontools
  svc, svok, svstat, setuidgid, envuidgid, envdir, softlimit, setlock, fghack, pgrphack

dockerfiles (laincloud/dockerfiles)
  dockerfiles   hexad images under its old name, for the machine where images are built

Those of runit and daemontools say what the originals say, with their exit codes, about services
that hexad supervises.

Not here, because their work is done otherwise
  runsvdir, svscan          s6-svscan
  runsv, supervise          s6-supervise
  svlogd, multilog          s6-log; hexad import translates the config of svlogd
  tai64n, tai64nlocal       s6-tai64n and s6-tai64nlocal, which count leap seconds
  svscanboot                s6-svscanboot
  readproctitle             s6-svscan's own messages are on its standard error
  runsvchdir                s6-rc-update, or another link and hexad rescan
  utmpset, runit, runit-init   nothing: a container has no utmp and no stages; /init boots it
`;
