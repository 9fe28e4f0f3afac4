/**
 * Units of systemd. There is no systemd to run here: what is expected is taken from
 * systemd.service(5), systemd.exec(5) and systemd.unit(5) of version 252.
 */
import type { Input } from "./input.ts";

const ROOT_CWD = { cwd: "/", ignored: [13] } as const;

function unit(
  name: string,
  text: string,
  expected: Input["expected"],
  more: Partial<Input> = {},
): Input {
  return { name, text, expected: { ...ROOT_CWD, ...expected }, ...more };
}

export const SYSTEMD_INPUTS: readonly Input[] = [
  unit("u-plain", "ExecStart=PROBE one 'two words'", {
    argv: ["PROBE", "one", "two words"],
    uid: [0, 0, 0],
    umask: 0o022,
  }),
  unit("u-semicolon", `ExecStart=PROBE 'echo "a;b" ; exec sleep 9' \\; x "a ; b"`, {
    argv: ["PROBE", 'echo "a;b" ; exec sleep 9', ";", "x", "a ; b"],
  }),
  unit("u-quotes", `ExecStart=PROBE 'it'\\''s' foo"b c" "a\\tb" \\x41 \\d`, {
    argv: ["PROBE", "it's", "foob c", "a\tb", "A", "\\d"],
  }),
  unit("u-specifiers", "ExecStart=PROBE %n %N %p %u %h %U %t %S %% %T", {
    argv: [
      "PROBE",
      "u-specifiers.service",
      "u-specifiers",
      "u-specifiers",
      "root",
      "/root",
      "0",
      "/run",
      "/var/lib",
      "%",
      "/tmp",
    ],
  }),
  unit("u-specifier-blank", "Environment=A=%N\nExecStart=PROBE a%%b '%N c'", {
    argv: ["PROBE", "a%b", "u-specifier-blank c"],
    variables: { A: "u-specifier-blank" },
  }),
  unit(
    "u-variables",
    `Environment="X=a  b" 'Y=c "d e"'\nExecStart=PROBE $X \${X} "$X" -\${X}- -$X $Y 5$$ $NONE \${NONE}`,
    { argv: ["PROBE", "a", "b", "a  b", "a", "b", "-a  b-", "-$X", "c", "d e", "5$", ""] },
  ),
  unit("u-outer", "ExecStart=PROBE ${GREETING} x${GREETING}y", {
    argv: ["PROBE", "hello world", "xhello worldy"],
  }),
  unit("u-outer-list", "ExecStart=PROBE $OPTIONS", { argv: ["PROBE", "-a", "-b"] }),
  unit("u-colon", "Environment=X=1\nExecStart=:PROBE $X ${X}", { argv: ["PROBE", "$X", "${X}"] }),
  unit("u-environment", `Environment="A=b c" D=e\nEnvironment=D=f "G='h'"\nExecStart=PROBE`, {
    variables: { A: "b c", D: "f", G: "'h'" },
  }),
  unit(
    "u-files",
    "Environment=A=0\nEnvironmentFile=ROOT/units/env\nEnvironmentFile=-ROOT/units/none\nExecStart=PROBE $OPTS ${D} -$A",
    {
      argv: ["PROBE", "-u", "named", "-4", "$(touch ROOT/pwned)", "-$A"],
      variables: {
        A: "b c",
        B: "x y",
        C: 'q"r',
        D: "$(touch ROOT/pwned)",
        E: "a#b",
        F: "one   two",
        OPTS: "-u named -4",
        G: "`id`",
      },
    },
    {
      files: {
        "units/env":
          'A=b c\nB=\'x y\'\nC="q\\"r"\nD=$(touch ROOT/pwned)\nE=a#b\n# x\n; y\nF=one \\\n  two\nOPTS=-u named -4\nG=`id`\n',
      },
    },
  ),
  unit("u-files-glob", "EnvironmentFile=ROOT/units/glob*.env\nExecStart=PROBE", {
    variables: { ONE: "1", TWO: "2", LAST: "2" },
  }, { files: { "units/glob1.env": "ONE=1\nLAST=1\n", "units/glob2.env": "TWO=2\nLAST=2\n" } }),
  unit("u-user", "User=nobody\nExecStart=PROBE", {
    uid: [65534, 65534, 65534],
    gid: [65534, 65534, 65534],
    variables: { USER: "nobody", LOGNAME: "nobody", HOME: "/nonexistent" },
  }),
  unit("u-user-group", "User=nobody\nGroup=daemon\nExecStart=PROBE", {
    uid: [65534, 65534, 65534],
    gid: [1, 1, 1],
    groups: [1],
  }),
  unit("u-user-groups", "User=hexadtest\nExecStart=PROBE", {
    uid: [4242, 4242, 4242],
    gid: [4242, 4242, 4242],
    groups: [4, 8, 4242],
  }),
  unit(
    "u-supplementary",
    "User=hexadtest\nGroup=1\nSupplementaryGroups=mail 10\nSupplementaryGroups=news\nExecStart=PROBE",
    { uid: [4242, 4242, 4242], gid: [1, 1, 1], groups: [1, 4, 8, 9, 10] },
  ),
  unit("u-number", "User=1234\nGroup=1235\nExecStart=PROBE", {
    uid: [1234, 1234, 1234],
    gid: [1235, 1235, 1235],
  }),
  unit("u-number-known", "User=4242\nExecStart=PROBE", {
    uid: [4242, 4242, 4242],
    gid: [4242, 4242, 4242],
    groups: [4, 8, 4242],
  }),
  unit("u-group", "Group=mail\nExecStart=PROBE", { uid: [0, 0, 0], gid: [8, 8, 8] }),
  unit("u-dynamic", "DynamicUser=yes\nExecStart=PROBE", {}, {
    note: /DynamicUser=yes: it runs as 6\d{4}:6\d{4}, a number of its own/,
  }),
  unit("u-own-home", "User=nobody\nEnvironment=HOME=/srv USER=me\nExecStart=PROBE ${HOME}", {
    argv: ["PROBE", "/srv"],
    variables: { HOME: "/srv", USER: "me", LOGNAME: "nobody" },
  }),
  unit(
    "u-directories",
    "User=nobody\nStateDirectory=hexad-test-u a/b\nRuntimeDirectory=hexad-test-u\nExecStart=PROBE",
    {
      variables: {
        STATE_DIRECTORY: "/var/lib/hexad-test-u:/var/lib/a/b",
        RUNTIME_DIRECTORY: "/run/hexad-test-u",
      },
    },
    { note: /it is not removed when the service ends/ },
  ),
  unit("u-limits", "LimitNOFILE=300\nNice=3\nUMask=0027\nExecStart=PROBE", {
    umask: 0o027,
    priority: 3,
  }),
  unit("u-directory", "WorkingDirectory=/usr\nExecStart=PROBE", { cwd: "/usr" }),
  unit("u-sigpipe", "IgnoreSIGPIPE=no\nExecStart=PROBE", { ignored: [] }),
  unit(
    "u-steps",
    'Type=oneshot\nUser=nobody\nEnvironmentFile=ROOT/units/env\nExecStartPre=/bin/sh -c \'test "$$A" = "b c"\'\nExecStartPre=-/bin/false\nExecStart=/bin/true ; PROBE a',
    { argv: ["PROBE", "a"] },
  ),
  unit("u-dropin", "Environment=A=1\nExecStart=/bin/false", {
    argv: ["PROBE", "dropped"],
    variables: { A: "2", B: "3" },
  }, {
    files: {
      "units/u-dropin.service.d/20-b.conf":
        "[Service]\nExecStart=\nExecStart=PROBE dropped\nEnvironment=A=2\n",
      "units/u-.service.d/10-a.conf": "[Service]\nEnvironment=B=3\n",
    },
  }),
];

/** What systemd does not load, and where the fault is. */
export const SYSTEMD_REFUSED: readonly (readonly [text: string, place: string])[] = [
  ['ExecStart=/bin/echo "open', "2:21"],
  ["ExecStart=/bin/echo it's", "2:23"],
  ["ExecStart=/bin/true a \\\n  'open", "3:3"],
  ["ExecStart=/bin/true ; /bin/false", "2"],
];
