/** `hexad help migration`. Source: docs/migration.md. Pure. */
export const text = `From s6-overlay
  ADD hexad-overlay-x86_64.tar.gz / in place of its tarballs. ENTRYPOINT ["/init"], what is under
  /etc, and scripts stay: cont-init.d, services.d, and the services of s6-rc.d with their order.

From s6
  ADD hexad-x86_64.tar.gz /usr in place of its package. Service directories and scripts stay.

From runit
  Service directories stay: run, down, log/run, and finish, whose arguments differ. runsvdir becomes
  s6-svscan, sv becomes hexad, svlogd becomes s6-log, chpst becomes s6-setuidgid and s6-softlimit.
  Scripts that call sv and chpst can stay: hexad help compat.

From supervisord
  A [program:x] becomes a directory x with run: exec COMMAND. autostart=false: a file down.
  autorestart: restart-policy. stopsignal: down-signal. stopwaitsecs: timeout-kill, in milliseconds.
  user: s6-setuidgid. environment: s6-envdir. startretries: max-restarts. stdout_logfile: log/run
  with s6-log.

From tini and dumb-init
  s6-svscan reaps and stops without being told how. One program alone is a service directory with
  flag-essential and restart-policy never: its exit code is the container's. Or /init PROGRAM ARGS.

From my_init
  /etc/service/x/run becomes /etc/services.d/x/run, /etc/my_init.d becomes /etc/cont-init.d,
  /etc/my_init.post_shutdown.d becomes /etc/cont-finish.d, setuser becomes s6-setuidgid, and
  with-contenv gives a script the container's environment.

hexad import writes service directories out of supervisord.conf, a Procfile, runit directories and
systemd units, and lists what it can't carry over. docs/migration.md has tables of what becomes what.
`;
