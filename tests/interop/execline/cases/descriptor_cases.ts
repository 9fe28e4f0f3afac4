/** Descriptors. */
import { type ChainCase, scripts } from "../chain_case.ts";

const THREE = { redirections: "3<file 4>out 5>>log", files: { file: "content\n" } };

export const DESCRIPTOR_CASES: readonly ChainCase[] = [
  ...scripts({
    "fdmove": "fdmove 5 1 probe",
    "fdmove -c": "fdmove -c 2 1 probe",
    "fdmove: what is closed": "fdmove 5 9 probe",
    "fdmove: to itself": "fdmove 1 1 probe",
    "fdmove: to itself, closed": "fdmove 9 9 probe",
    "fdmove -c: to itself": "fdmove -c 1 1 probe",
    "fdmove: no number": "fdmove x 1 probe",
    "fdmove: a high number": "fdmove 1000 1 probe",
    "fdmove: too high a number": "fdmove 2000000000 1 probe",
    "fdmove: no program": "fdmove 5 1",
    "fdmove: where the runtime has its own":
      "fdmove -c 3 1 fdmove -c 4 1 fdmove -c 5 2 fdmove -c 6 0 fdmove -c 7 1 fdmove -c 8 1 fdmove -c 9 1 fdmove -c 10 1 probe",
    "fdclose": "fdclose 0 probe",
    "fdclose: what is closed": "fdclose 9 probe",
    "fdclose: all": "fdclose 0 fdclose 1 fdclose 2 probe",
    "fdclose: no number": "fdclose x probe",
    "fdswap": "fdswap 1 2 probe",
    "fdswap: one closed": "fdswap 1 9 probe",
    "fdswap: with itself": "fdswap 1 1 probe",
    "fdswap: twice": "fdswap 0 1 fdswap 1 2 probe",
    "fdblock": "fdblock 0 probe",
    "fdblock: closed": "fdblock 9 probe",
    "fdreserve 1": "fdreserve 1 probe",
    "fdreserve 2": "fdreserve 2 probe",
    "fdreserve 3": "fdreserve 3 probe",
    "fdreserve 0": "fdreserve 0 probe",
    "fdreserve: with a hole": "fdclose 0 fdreserve 3 probe",
    "fdreserve: no number": "fdreserve x probe",
    "piperw": "piperw 3 4 probe",
    "piperw: over standard ones": "piperw 0 1 probe",
    "piperw: reversed": "piperw 4 3 probe",
    "piperw: twice": "piperw 3 4 piperw 5 6 probe",
    "piperw: the same number": "piperw 3 3 probe",
    "redirfd -r": "redirfd -r 0 run probe",
    "redirfd -w": "redirfd -w 1 out probe",
    "redirfd -w: truncates":
      "foreground { redirfd -w 1 out echo long text } redirfd -w 1 out echo short",
    "redirfd -a":
      "foreground { redirfd -a 1 out echo one } foreground { redirfd -a 1 out echo two } redirfd -a 5 out probe",
    "redirfd -u": "redirfd -u 3 run probe",
    "redirfd -u: not there": "redirfd -u 3 nothing probe",
    "redirfd -x": "foreground { redirfd -x 1 out echo one } redirfd -x 1 out echo two",
    "redirfd -r: not there": "redirfd -r 3 nothing probe",
    "redirfd: no mode": "redirfd 3 run probe",
    "redirfd -r -w: the last one counts": "redirfd -r -w 3 out probe",
    "redirfd -rn": "redirfd -rn 3 run probe",
    "redirfd -rnb": "redirfd -rnb 3 run probe",
    "redirfd -rb": "redirfd -rb 3 run probe",
    "redirfd: a FIFO without a writer": "foreground { mkfifo fifo } redirfd -rnb 3 fifo probe",
    "redirfd: a FIFO without a reader": "foreground { mkfifo fifo } redirfd -wnb 3 fifo probe",
    "redirfd: of /dev/null": "redirfd -w 1 /dev/null redirfd -r 0 /dev/null probe",
    "redirfd: /dev/fd after a move":
      "redirfd -w 7 out fdmove 3 1 redirfd -w 1 /dev/fd/7 echo through",
    "redirfd: /proc/self/fd": "redirfd -w 7 out redirfd -w 1 /proc/self/fd/7 echo through",
    "redirfd: /dev/stdout":
      "fdmove -c 5 1 redirfd -w 1 out redirfd -w 6 /dev/stdout fdclose 1 fdmove 1 6 echo x",
    "redirfd: a descriptor that is none": "redirfd -w x out probe",
    "redirfd: many":
      "redirfd -w 3 a redirfd -w 4 b redirfd -w 5 c redirfd -w 6 d redirfd -w 7 e redirfd -w 8 f redirfd -w 9 g redirfd -w 20 h redirfd -w 21 i redirfd -w 22 j probe",
    "a cycle of descriptors":
      "redirfd -w 3 a redirfd -w 4 b redirfd -w 5 c fdmove 6 3 fdmove 3 4 fdmove 4 5 fdmove 5 6 probe",
    "descriptors in a block come back":
      "foreground { fdmove 1 2 fdclose 0 redirfd -w 5 in probe } probe",
    "a block gets the descriptors of its chain":
      "redirfd -w 3 out fdmove 1 3 foreground { probe } foreground { echo x } probe",
    "heredoc": 'heredoc 0 "text" cat',
    "heredoc: another descriptor": 'heredoc 5 "text" fdmove 0 5 cat',
    "heredoc: empty": 'heredoc 0 "" cat',
    "heredoc: no number": 'heredoc x "text" cat',
    "heredoc: no program": 'heredoc 0 "text"',
    "heredoc -d": 'heredoc -d 0 "text" cat',
    // a pipe holds 64 KiB; what is more needs a process that writes
    "heredoc: more than a pipe holds": `heredoc 0 ${"x".repeat(100_000)} wc -c`,
    "heredoc -d: more than a pipe holds": `heredoc -d 0 ${"x".repeat(100_000)} wc -c`,
    "standard error of a link is the chain's": "fdmove -c 2 1 fdmove 9 99 probe",
    "standard error of a link is where it was moved": "redirfd -w 2 err cd nowhere probe",
    "standard descriptors closed for a block with a process of its own":
      "fdclose 0 fdclose 1 background { foreground { probe a } probe b } wait { } unexport ! probe c",
    "errors of a link whose standard error is closed": "fdclose 2 cd nowhere probe",
  }),
  { title: "inherited descriptors", script: "probe", ...THREE },
  {
    title: "inherited descriptors: moved",
    script: "fdmove 7 3 fdmove -c 8 4 fdclose 5 probe",
    ...THREE,
  },
  { title: "inherited descriptors: swapped", script: "fdswap 3 4 fdswap 4 5 probe", ...THREE },
  {
    title: "inherited descriptors: in blocks",
    script: "foreground { fdclose 3 fdmove 9 4 probe } fdclose 5 foreground { probe } probe",
    ...THREE,
  },
  {
    title: "inherited descriptors: a background block",
    script: "background { fdclose 3 probe } wait { } probe",
    ...THREE,
  },
  { title: "inherited descriptors: reading", script: "fdmove 0 3 cat", ...THREE },
  {
    title: "inherited descriptors: overwritten",
    script: "redirfd -w 3 new redirfd -r 4 file probe",
    ...THREE,
  },
  { title: "inherited descriptors: fdreserve knows them", script: "fdreserve 4 probe", ...THREE },
  { title: "standard input closed", script: "fdmove 5 1 probe", redirections: "3<run" },
  { title: "fdblock -n", script: "redirfd -r 3 fifo fdblock -n 3 probe", files: { "fifo": "x" } },
  {
    title: "fdblock undoes it",
    script: "redirfd -rn 3 file fdblock 3 probe",
    files: { file: "x" },
  },
];
