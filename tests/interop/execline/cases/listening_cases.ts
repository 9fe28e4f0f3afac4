/**
 * Links that have a process beside the program: s6-svlisten, s6-svlisten1, s6-notifyoncheck,
 * s6-fghack.
 *
 * ROOTS stands for a directory with two supervised services: `db`, which ends when something is
 * written into its FIFO `go`, and `polled`. A chain ends the service only when its probe has run,
 * so that nothing is missing when the link that waits for that is done.
 */
import type { ChainCase, Difference } from "../chain_case.ts";

const DB = "ROOTS/db";
/** Behind a probe: ends the service that is waited for. */
const GO = `redirfd -w 1 ${DB}/go echo go`;
const PROBE_AND_GO = `foreground { probe } ${GO}`;
const CHILD =
  `sh -c "test $PPID = $TOP && echo child; test $$ = $TOP || echo another; echo >${DB}/go"`;
const ENVDIR = { "env/A": "a b\n" };

const LISTENING: Readonly<Record<string, string>> = {
  "s6-svlisten1": `s6-svlisten1 -d ${DB} ${PROBE_AND_GO}`,
  "s6-svlisten1 -D": `s6-svlisten1 -D ${DB} ${PROBE_AND_GO}`,
  "s6-svlisten": `s6-svlisten -d { ${DB} } ${PROBE_AND_GO}`,
  "s6-svlisten -o": `s6-svlisten -o -d { ${DB} ROOTS/polled } ${PROBE_AND_GO}`,
  "s6-svlisten1: the program is its child": `getpid -E TOP s6-svlisten1 -d ${DB} ${CHILD}`,
  "s6-svlisten: the program is its child": `getpid -E TOP s6-svlisten -d { ${DB} } ${CHILD}`,
  "s6-envdir, s6-svlisten1": `s6-envdir env s6-svlisten1 -d ${DB} ${PROBE_AND_GO}`,
  "s6-svlisten1, s6-envdir": `s6-svlisten1 -d ${DB} s6-envdir env ${PROBE_AND_GO}`,
  "s6-svlisten, s6-envdir": `s6-svlisten -d { ${DB} } s6-envdir env ${PROBE_AND_GO}`,
  "s6-svlisten1, s6-setuidgid":
    `s6-svlisten1 -d ${DB} s6-setuidgid nobody sh -c "id -u; id -g; echo >${DB}/go"`,
  "s6-setuidgid, s6-svlisten1": `s6-setuidgid nobody s6-svlisten1 -d ${DB} sh -c "echo >${DB}/go"`,
  "s6-setuidgid, s6-svlisten":
    `s6-setuidgid nobody s6-svlisten -d { ${DB} } sh -c "echo >${DB}/go"`,
  "s6-svlisten1 in foreground": `foreground { s6-svlisten1 -d ${DB} ${GO} } probe`,
  "s6-svlisten in foreground": `foreground { s6-svlisten -d { ${DB} } ${PROBE_AND_GO} } probe`,
  "s6-svlisten1 in background":
    `background { s6-svlisten1 -d ${DB} ${PROBE_AND_GO} } wait { } true`,
  "s6-svlisten1 in if": `if { s6-svlisten1 -d ${DB} ${GO} } probe`,
  "s6-svlisten1 in a pipeline":
    `pipeline { s6-svlisten1 -d ${DB} foreground { echo text } ${GO} } cat`,
  "s6-svlisten1 in backtick":
    `backtick -E X { s6-svlisten1 -d ${DB} foreground { echo text } ${GO} } probe $X`,
  "s6-svlisten1: descriptors":
    `redirfd -w 1 out redirfd -r 7 /dev/null fdclose 0 s6-svlisten1 -d ${DB} ${PROBE_AND_GO}`,
  "s6-svlisten1: directory, umask, variables":
    `cd / umask 027 export X y s6-svlisten1 -d ${DB} ${PROBE_AND_GO}`,
  "s6-svlisten1: program not there": `s6-svlisten1 -d ${DB} no-such-program`,
  "s6-svlisten: program not there": `s6-svlisten -d { ${DB} } no-such-program`,
  "s6-svlisten1: no program": `s6-svlisten1 -d ${DB}`,
  "s6-svlisten1: nothing": "s6-svlisten1",
  "s6-svlisten1: unknown option": `s6-svlisten1 -x ${DB} probe`,
  "s6-svlisten1 -t: no number": `s6-svlisten1 -t x ${DB} probe`,
  "s6-svlisten1: no such service": "s6-svlisten1 -d ROOTS/none probe",
  "s6-svlisten: no such service": "s6-svlisten -d { ROOTS/none } probe",
  "s6-svlisten: no program": `s6-svlisten -d { ${DB} }`,
  "s6-svlisten: an empty block, a word": "s6-svlisten { } probe",
};

/** The notification is read from the FIFO `gate`, which stays open as 6 whatever becomes of 5. */
const READ_GATE = "fdmove 0 6 head -c 1";
const IN_SERVICE = "getcwd -E HERE foreground { true } cd ROOTS/polled";

const NOTIFYING: Readonly<Record<string, string>> = {
  "s6-notifyoncheck":
    `${IN_SERVICE} s6-notifyoncheck -3 5 -c "true" foreground { probe } ${READ_GATE}`,
  "s6-notifyoncheck -d":
    `${IN_SERVICE} s6-notifyoncheck -d -3 5 -c "true" foreground { probe } ${READ_GATE}`,
  "s6-notifyoncheck: ./data/check":
    `${IN_SERVICE} s6-notifyoncheck -3 5 foreground { probe } ${READ_GATE}`,
  "s6-notifyoncheck: ./notification-fd":
    `${IN_SERVICE} s6-notifyoncheck foreground { probe } ${READ_GATE}`,
  "s6-notifyoncheck: the pid stays":
    `getpid -E TOP ${IN_SERVICE} s6-notifyoncheck -3 5 foreground { true } sh -c "test $$ = $TOP && echo same; head -c 1 <&6"`,
  "s6-notifyoncheck: a descriptor that was moved":
    `fdmove 8 5 ${IN_SERVICE} s6-notifyoncheck -3 8 foreground { probe } ${READ_GATE}`,
  "s6-envdir, s6-notifyoncheck: the check has it, too":
    `s6-envdir env ${IN_SERVICE} s6-notifyoncheck -3 5 -c "importas X A eltest $X = \\"a b\\"" foreground { probe } ${READ_GATE}`,
  "s6-notifyoncheck, s6-envdir":
    `${IN_SERVICE} s6-notifyoncheck -3 5 s6-envdir $HERE/env foreground { probe } ${READ_GATE}`,
  "s6-notifyoncheck, s6-setuidgid":
    `${IN_SERVICE} s6-notifyoncheck -3 5 s6-setuidgid nobody sh -c "id -u; head -c 1 <&6"`,
  "s6-notifyoncheck in foreground":
    `foreground { ${IN_SERVICE} s6-notifyoncheck -3 5 probe } ${READ_GATE}`,
  "s6-notifyoncheck in background":
    `background { ${IN_SERVICE} s6-notifyoncheck -3 5 probe } wait { } ${READ_GATE}`,
  "s6-notifyoncheck: program not there": `${IN_SERVICE} s6-notifyoncheck -3 5 -n 1 no-such-program`,
  "s6-notifyoncheck: no supervisor": "s6-notifyoncheck -3 5 probe",
  "s6-notifyoncheck: no program": `${IN_SERVICE} s6-notifyoncheck -3 5`,
  "s6-notifyoncheck: unknown option": `${IN_SERVICE} s6-notifyoncheck -x probe`,
  "s6-notifyoncheck -3: no number": `${IN_SERVICE} s6-notifyoncheck -3 x probe`,
  "s6-notifyoncheck -s: no number": `${IN_SERVICE} s6-notifyoncheck -3 5 -s x probe`,
  "s6-notifyoncheck -3: closed": `fdclose 5 ${IN_SERVICE} s6-notifyoncheck -3 5 probe`,
};

const HACKED: Readonly<Record<string, string>> = {
  "s6-fghack: the program is its child":
    'getpid -E TOP s6-fghack sh -c "test $PPID = $TOP && echo child"',
  "s6-fghack: waits for who has inherited":
    'foreground { s6-fghack sh -c "{ sleep 0.1; echo over; } &" } echo after',
  "s6-envdir, s6-fghack": 's6-envdir env s6-fghack sh -c "echo $A"',
  "s6-fghack, s6-envdir": 's6-fghack s6-envdir env sh -c "echo $A"',
  "s6-fghack, s6-setuidgid": 's6-fghack s6-setuidgid nobody sh -c "id -u"',
  "s6-setuidgid, s6-fghack": 's6-setuidgid nobody s6-fghack sh -c "id -u"',
  "s6-fghack: somebody writes": 's6-fghack sh -c "echo >&9"',
  "s6-fghack in foreground": 'foreground { s6-fghack sh -c "exit 5" } probe',
  "s6-fghack: a signal": 'foreground { s6-fghack sh -c "exec sh -c \\"kill -9 $$\\"" } probe',
  "s6-fghack in backtick": "backtick -E X { s6-fghack echo text } probe $X",
  "s6-fghack in a pipeline": "pipeline { s6-fghack echo text } cat",
  "s6-fghack: program not there": "s6-fghack no-such-program",
  "s6-fghack: a link of the program fails": "s6-fghack s6-envdir none probe",
};

function all(table: Readonly<Record<string, string>>, more: Partial<ChainCase> = {}): ChainCase[] {
  return Object.entries(table).map(([title, script]) => ({
    title,
    script,
    files: ENVDIR,
    ...more,
  }));
}

export const LISTENING_CASES: readonly ChainCase[] = [
  ...all(LISTENING),
  ...all(NOTIFYING, { files: { ...ENVDIR, "gate|": "" }, redirections: "5<>gate 6<>gate" }),
  ...all(HACKED),
];

/** Debian's are of 2.11.3, ours as 2.15.1. */
export const LISTENING_DIFFERENCES: Readonly<Record<string, Difference>> = {
  ...Object.fromEntries(
    Object.keys(HACKED).map((title) => [title, { ours: ["stderr s6-fghack: warning:"] }]),
  ),
  "s6-fghack: a signal": {
    ours: ["env ?=137", "stderr s6-fghack: warning:"],
    theirs: ["env ?=111", "stderr s6-fghack: fatal:"],
  },
  "s6-notifyoncheck -3: no number": {
    ours: ["stderr s6-notifyoncheck: fatal:"],
    theirs: ["stderr s6-notifyoncheck: usage:"],
  },
  "s6-notifyoncheck -s: no number": {
    ours: ["stderr s6-notifyoncheck: fatal:"],
    theirs: ["stderr s6-notifyoncheck: usage:"],
  },
};
