/** `hexad help logs`: its list of directives is made of their table. Pure. */
import { LOG_DIRECTIVES } from "./log_directives.ts";

const FORM_WIDTH = 10;

const directives = [...new Set(Object.values(LOG_DIRECTIVES))]
  .map(({ form, text }) => `  ${form.padEnd(FORM_WIDTH)}${text}`)
  .join("\n");

export const text =
  `A service with a directory log beside its run has a logger: what it writes to its standard output is
the logger's input, and no line is lost when either of them is started again. What others write goes
where s6-svscan writes: to docker logs. With names before their lines, their last lines are kept in
memory as well:

  S6_LOGGING_PREFIX=name              of all services, for /init
  s6-svscan --logging-prefix=name     the same, for s6-svscan
  hexad new --prefix                  of one service, by log/logscript with the one word: o

A logger that is a process, log/run:

  #!/bin/sh
  exec s6-setuidgid nobody s6-log t n20 s1000000 /var/log/web

A logger without a process, log/logscript, which holds what would stand behind s6-log:

  t n20 s1000000 /var/log/web

The directives; selections come before the actions (1, 2, o, =FILE, DIR) that they are for:

${directives}

Reading them:

  hexad logs web                      the last 100 lines
  hexad logs -f                       what all services write, as they write it
  hexad logs --since 10m --grep error
  hexad logs --json -n all web        for programs

The error output of a service is in its log too if run says: exec 2>&1
`;
