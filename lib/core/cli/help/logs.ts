/** `hexad help logs`. Source: docs/hexad.md, docs/differences.md, s6's s6-log page. Pure. */
export const text =
  `A service with a directory log beside its run has a logger: what it writes to its standard output is
the logger's input, and no line is lost when either of them is started again. What others write goes
where s6-svscan writes: to docker logs.

A logger that is a process, log/run:

  #!/bin/sh
  exec s6-setuidgid nobody s6-log t n20 s1000000 /var/log/web

A logger without a process, log/logscript, which holds what would stand behind s6-log:

  t n20 s1000000 /var/log/web

The directives: t a TAI64N stamp, T a readable one; n20 twenty archives; s1000000 a new file after
so many bytes; -REGEX and +REGEX leave out and take lines; 1 and 2 are standard output and error; a
directory is a log directory: its file current is the newest.

Reading them:

  hexad logs web                      the last 100 lines
  hexad logs -f                       what all services write, as they write it
  hexad logs --since 10m --grep error
  hexad logs --json -n all web        for programs

The error output of a service is in its log too if run says: exec 2>&1
`;
