/** cd, umask, posix-cd, posix-umask, homeof, wait, trap, and what a process is. */
import { type ChainCase, scripts } from "../chain_case.ts";

const DIRECTORIES = { "d/e/": "", "l=": "d/e", "cd/x/": "" };

function inDirectories(
  title: string,
  script: string,
  env: Readonly<Record<string, string>> = {},
): ChainCase {
  return { title, script, files: DIRECTORIES, env };
}

/** Of a handler: tells the program that waits for it, by a file. */
function told(text: string): string {
  return `sh -c "echo $0 >new; mv new done" "${text}"`;
}

/** A program that sends a signal to its parent, and waits for what the handler tells. */
function signalling(signal: string): string {
  return `sh -c "kill -${signal} $PPID; until test -e done; do sleep 0.01; done"`;
}

export const PROCESS_CASES: readonly ChainCase[] = [
  ...scripts({
    "probe": "probe",
    "cd": "cd / probe",
    "cd: not there": "cd nowhere probe",
    "cd: a file": "cd run probe",
    "cd: nothing": "cd /",
    "umask": "umask 027 probe",
    "umask 0": "umask 0 probe",
    "umask: no number": "umask x probe",
    "umask: digits and more": "umask 27x probe",
    "umask: large": "umask 1777 probe",
    "umask: files are made with it":
      "umask 077 foreground { redirfd -w 1 out true } stat -c %a out",
    "posix-umask": "umask 022 posix-umask",
    "posix-umask -S": "umask 027 posix-umask -S",
    "posix-umask: a number": "posix-umask 027 probe",
    "posix-umask: symbols": "umask 022 posix-umask g+w,o= probe",
    "posix-umask: symbols, minus": "umask 022 posix-umask u-w,o-rx probe",
    "posix-umask: symbols, copies": "umask 027 posix-umask o=u probe",
    "posix-umask: symbols, all": "umask 022 posix-umask a=rx probe",
    "posix-umask: symbols, nobody named": "umask 022 posix-umask =rwx probe",
    "posix-umask: symbols, several actions": "umask 077 posix-umask g+r+x,o=r probe",
    "posix-umask: wrong": "posix-umask u*w probe",
    "posix-umask: nothing behind": "posix-umask 022",
    "homeof": "homeof root",
    "homeof: nobody of that name": "homeof nosuchuser",
    "homeof: no name": "homeof",
    "wait: nobody": "wait { } probe",
    "wait: a pid that is no child": "wait { 1 } probe",
    "wait: no number": "wait { x } probe",
    "wait: all": "background { exit 1 } background { exit 2 } wait { } unexport ! probe",
    "wait: a child": "background { exit 3 } importas -u B ! wait { $B } probe",
    "wait -o": "background { exit 3 } wait -o { } unexport ! probe",
    "wait -o: of a list": "background { exit 3 } importas -u B ! wait -o { $B } unexport ! probe",
    "wait -o: nobody": "export ? x export ! y wait -o { } probe",
    "wait -t: done": "background { exit 3 } wait -t 10000 { } unexport ! probe",
    "wait -t: not done":
      "background { sleep 1000 } importas -u B ! wait -t 1 { $B } foreground { kill $B } wait { } probe",
    "wait -it: not done": "background { sleep 3 } importas -u B ! wait -i -t 1 { $B } probe",
    "wait -r": "wait -r { } probe",
    "wait without a block": "background { exit 3 } wait",
    "wait without a block: pids": "background { exit 3 } importas -u B ! wait $B",
    "wait without a block: no child": "wait 1",
    "wait: killed child":
      'background { sh -c "kill -9 $$" } importas -u B ! wait -o { $B } unexport ! probe',
    "wait: nothing behind": "background { exit 3 } wait { }",
    "trap: exit code": "trap { TERM { echo caught } } exit 7",
    "trap: a signal": `trap { TERM { ${told("caught")} } } ${signalling("TERM")}`,
    "trap: $SIGNAL": `trap { USR1 { importas -u S SIGNAL ${told("signal $S")} } } ${
      signalling("USR1")
    }`,
    "trap: default": `trap { default { importas -u S SIGNAL ${told("signal $S")} } } ${
      signalling("USR2")
    }`,
    "trap: what the program sees": "trap { USR1 { true } } probe",
    "trap: what a handler sees": `trap { USR1 { foreground { probe } ${told("seen")} } } ${
      signalling("USR1")
    }`,
    "trap -x":
      `trap -x { USR1 { true } } sh -c "trap \\"echo passed on; exit 3\\" USR2; kill -USR2 $PPID; while :; do sleep 0.01; done"`,
    "trap: killed program": 'trap { USR1 { true } } sh -c "kill -9 $$"',
    "trap: unknown signal": "trap { NOSUCH { true } } probe",
    "trap: KILL": "trap { KILL { true } } probe",
    "trap: CHLD": "trap { CHLD { true } } probe",
    "trap: twice": "trap { TERM { true } SIGTERM { true } } probe",
    "trap: empty": "trap { } probe",
    "trap: no program": "trap { TERM { true } }",
    "trap: program not there": "trap { TERM { true } } nothing",
    "trap: numbers and names": `trap { 15 { true } sighup { ${told("1")} } QUIT { true } } ${
      signalling("HUP")
    }`,
    "trap in a block": `foreground { trap { USR1 { ${told("caught")} } } ${
      signalling("USR1")
    } } probe`,
  }),
  inDirectories("posix-cd", "posix-cd d/e probe"),
  inDirectories("posix-cd: PWD and OLDPWD", "posix-cd d posix-cd e probe", { PWD: "/wrong" }),
  inDirectories("posix-cd: a symbolic link", "getcwd PWD posix-cd l probe"),
  inDirectories("posix-cd -P: a symbolic link", "getcwd PWD posix-cd -P l probe"),
  inDirectories("posix-cd: dots", "getcwd PWD posix-cd ./d/../d/./e/.. probe"),
  inDirectories("posix-cd: dots after a link", "getcwd PWD posix-cd l/.. probe"),
  inDirectories("posix-cd -P: dots after a link", "getcwd PWD posix-cd -P l/.. probe"),
  inDirectories("posix-cd: CDPATH", "getcwd PWD posix-cd x probe", { CDPATH: "/nowhere:cd" }),
  inDirectories("posix-cd: CDPATH, not for ./", "getcwd PWD posix-cd ./d probe", { CDPATH: "cd" }),
  inDirectories("posix-cd -", "export OLDPWD / posix-cd - probe"),
  inDirectories("posix-cd: HOME", "posix-cd", { HOME: "/" }),
  inDirectories("posix-cd: no HOME", "posix-cd"),
  inDirectories("posix-cd: not there", "posix-cd nowhere probe"),
  inDirectories("posix-cd: .. of what is not there", "posix-cd nowhere/.. probe"),
  inDirectories("cd and relative files", "cd d redirfd -w 1 out echo x"),
  inDirectories("cd and a relative program", "cd d ../run2 a", {}),
];
