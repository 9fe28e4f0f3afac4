/** `hexad help execline`. Source: docs/execline.md, docs/chain.md. Pure. */
export const text =
  `execline is a language for scripts in images that have no shell. A script is one command line; each
command does its part and becomes the rest of it.

  #!/usr/bin/execlineb -P
  fdmove -c 2 1
  s6-envdir ./env
  s6-setuidgid www
  webserver --foreground

What is written in braces is a block:

  #!/usr/bin/execlineb -S1
  foreground { s6-echo "ended: \${1}" }
  if { eltest \${1} -eq 0 }
  s6-rmrf /run/web

  foreground { } if { } ifelse { } { } ifte { } { } ifthenelse { } { } { }    conditions
  backtick VAR { } importas VAR NAME define VAR VALUE                         variables
  redirfd -w 1 FILE  fdmove -c 2 1  pipeline { }                              descriptors
  forx VAR { }  loopwhilex { }  trap { }  wait { }                            loops, signals, children
  cd DIR  umask 022  export VAR VALUE  unexport VAR  exec  exit               what a shell has too

All links are found though they are not in PATH. hexad check-script FILE looks at scripts without
running them; hexad help NAME shows the options of a command.
`;
