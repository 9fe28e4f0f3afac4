/** Programs of supervisord, as they are written in the wild, none copied. */
import type { Input } from "./input.ts";

const HERE = /it runs in \/, and ran where supervisord was started/;

export const SUPERVISORD_INPUTS: readonly Input[] = [
  { name: "s-plain", text: "command=PROBE one two" },
  { name: "s-quotes", text: `command=PROBE "two words" 'it''s' a\\ b "q\\"r" '' "\\x"` },
  { name: "s-dollar", text: "command=PROBE $HOME `id` * ~ ${X} 'a;b' a&b" },
  { name: "s-percent", text: "command=PROBE 100%% %%(x)s" },
  { name: "s-comment", text: "command=PROBE a;b c ; a comment\nautostart=true # too" },
  { name: "s-lines", text: "command=PROBE a\n  b\n  c" },
  { name: "s-here", text: "command=PROBE %(here)s %(program_name)s %(group_name)s" },
  {
    name: "s-env",
    text: 'command=PROBE\nenvironment=A="b c",B=\'d,e\',C=f,D="g=h",E="",F=/a.b+c-d:(e)',
  },
  { name: "s-env-percent", text: 'command=PROBE %(ENV_A)s\nenvironment=A="50%%"' },
  { name: "s-env-outer", text: 'command=PROBE\nenvironment=A="%(ENV_GREETING)s!",B="x"' },
  { name: "s-env-command", text: "command=PROBE --greeting=%(ENV_WORD)s %(ENV_OPTIONS)s" },
  { name: "s-env-quoted", text: 'command=PROBE "--greeting=%(ENV_GREETING)s" "%(ENV_OPTIONS)s"' },
  { name: "s-env-lines", text: 'command=PROBE\nenvironment=\n  A="1",\n  B="2"' },
  { name: "s-env-slash", text: 'command=PROBE\nenvironment=PATH="/opt/bin:%(ENV_PATH)s"' },
  { name: "s-directory", text: "command=PROBE\ndirectory=/usr" },
  { name: "s-user", text: "command=PROBE\nuser=nobody", note: HERE },
  { name: "s-user-number", text: "command=PROBE\nuser=1" },
  { name: "s-user-groups", text: "command=PROBE\nuser=hexadtest" },
  { name: "s-user-env", text: 'command=PROBE\nuser=nobody\nenvironment=UID="7",GID="8",HOME="/x"' },
  { name: "s-umask", text: "command=PROBE\numask=077" },
  { name: "s-umask-short", text: "command=PROBE\numask=2" },
  {
    name: "s-all",
    text:
      'command=PROBE "a b"\nuser=daemon\ndirectory=/tmp\numask=027\nenvironment=X="y z"\nredirect_stderr=true\nstopsignal=INT',
  },
  { name: "s-stderr", text: "command=PROBE\nredirect_stderr=true" },
  { name: "s-none", text: "command=PROBE\nstdout_logfile=NONE\nstderr_logfile=none" },
  { name: "s-file", text: "command=PROBE\nstderr_logfile=ROOT/logs/s-file.err" },
  { name: "s-shell", text: `command=/bin/sh -c "exec PROBE '$WORD' \\"$WORD\\""` },
  { name: "s-utf8", text: 'command=PROBE grüß\nenvironment=NAME="ä b"' },
  { name: "s-number", text: "command=PROBE %(process_num)02d %(numprocs)d\nprocess_name=s-number" },
  { name: "s-spaces", text: "command =   PROBE   x  \nenvironment =  A = 1 , B = 2" },
  {
    name: "s-stop",
    text: "command=PROBE\nstopasgroup=true\nkillasgroup=true\nstopwaitsecs=3",
    note: /stopasgroup=true/,
  },
  {
    name: "s-autorestart",
    text: "command=PROBE\nautorestart=true\nstartretries=10\nexitcodes=0",
    note: /exitcodes=0/,
  },
];

/** Programs of which there are several. */
export const SUPERVISORD_SEVERAL = `[program:s-many]
command=ROOT/bin/s-many_%(process_num)02d --n=%(process_num)d
process_name=%(program_name)s_%(process_num)02d
numprocs=3
numprocs_start=7
stdout_logfile=ROOT/logs/many.log
[group:s-group]
programs=s-member
[program:s-member]
command=PROBE %(group_name)s
stdout_logfile=ROOT/logs/s-member.log
`;

/** What supervisord does not start with, and where import says that the fault is. */
export const SUPERVISORD_REFUSED: readonly (readonly [text: string, place: string])[] = [
  ['command=/bin/true\nenvironment=A="1" B="2"', "3:19"],
  ['command=/bin/true\nenvironment=A="open', "3:15"],
  ["command=/bin/true\nenvironment=A=a@b", "3:16"],
  ["command=/bin/true %(nothing)s", "2:19"],
  ["command=/bin/true 100%", "2:22"],
  ["command=/bin/true\nnumprocs=many", "3:10"],
  ["command=/bin/true\nnumprocs=2", "1"],
  ["command=/bin/true\nstopsignal=NOPE", "3:12"],
  ["command=/bin/true\nautorestart=maybe", "3:13"],
  ["command=/bin/true\nstdout_logfile_maxbytes=lots", "3:25"],
  ["command=/bin/true\nexitcodes=0,300", "3:11"],
  ["user=nobody", "1"],
  ["command=/bin/true\nnonsense", "3"],
];
