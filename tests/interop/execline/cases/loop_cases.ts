/** Loops. */
import { type ChainCase, scripts } from "../chain_case.ts";

function stdin(title: string, script: string, text: string): ChainCase {
  return { title, script, stdin: text };
}

export const LOOP_CASES: readonly ChainCase[] = [
  ...scripts({
    "forx": 'forx X { a b "c d" "" } probe',
    "forx -E": "forx -E X { a b } probe $X ${X}x",
    "forx: empty": "forx X { } probe",
    "forx: nothing behind": "forx X { a }",
    "forx: invalid name": "forx a=b { c } probe",
    "forx: exit codes go on": "forx X { 1 2 } exit 3",
    "forx -x": "forx -x 3,4 X { 2 3 5 } importas Y X foreground { probe $Y } exit $Y",
    "forx -o": "forx -o 2,3 X { 2 3 5 6 } importas Y X foreground { probe $Y } exit $Y",
    "forx -x: no list": "forx -x z X { 2 } probe",
    "forx: killed": 'forx -o 0 X { 1 2 } sh -c "echo $X; kill -9 $$"',
    "forx: program not there": "forx X { a b } nothing",
    "forx: program not there, behind a link": "forx X { a b } export A b nothing",
    "forx -E: program not there": "forx -E X { a b } nothing",
    "forx: nested": "forx -E X { 1 2 } forx -E Y { a b } probe $X$Y",
    "forx: links": "forx -E X { a b } redirfd -w 1 $X cd / probe",
    "forx in a block": "foreground { forx -E X { a b } echo $X } probe",
    "loopwhilex": 'loopwhilex sh -c "echo x >>count; test $(wc -l <count) -lt 3"',
    "loopwhilex -n": 'loopwhilex -n sh -c "echo x >>count; test $(wc -l <count) -ge 3"',
    "loopwhilex -x": 'loopwhilex -x 4 sh -c "echo x >>count; exit $(wc -l <count)"',
    "loopwhilex -o": 'loopwhilex -o 1,2 sh -c "echo x >>count; exit $(wc -l <count)"',
    "loopwhilex -no": 'loopwhilex -n -o 2 sh -c "echo x >>count; exit $(wc -l <count)"',
    "loopwhilex: not there": "loopwhilex nothing",
    "loopwhilex: a block": "loopwhilex { true }",
    "loopwhilex: nothing": "loopwhilex",
    "loopwhilex: killed": 'loopwhilex sh -c "kill -9 $$"',
    "forbacktickx": 'forbacktickx X { printf "a\\nb c\\n" } echo x',
    "forbacktickx -E": 'forbacktickx -E X { printf "a\\nb c\\n" } echo $X',
    "forbacktickx: standard input is the chain's":
      'heredoc 0 "in\\n" forbacktickx -E X { printf "a\\n" } cat',
    "forbacktickx: no output": "forbacktickx X { true } echo x",
    "forbacktickx: program not there": "forbacktickx X { nothing } echo x",
    "forbacktickx: body not there": "forbacktickx X { echo a } nothing",
    "forbacktickx -d": 'forbacktickx -d : -E X { printf "a:b:" } echo $X',
    "forbacktickx -x":
      'forbacktickx -x 3 -E X { printf "1\\n3\\n5\\n" } foreground { echo $X } exit $X',
    "forbacktickx: empty": "forbacktickx X { } echo x",
    "forbacktickx in a block":
      'foreground { forbacktickx -E X { printf "a\\nb\\n" } echo $X } echo end',
    "forstdin: nothing": "forstdin",
    "forstdin: invalid name": "forstdin a=b echo",
  }),
  { title: "forx -p", script: "forx -p X { a b c } probe", unordered: true },
  {
    title: "forx -p in a block",
    script: "foreground { forx -p X { a b c } probe } echo end",
    unordered: true,
  },
  stdin("forstdin", "forstdin X probe", "a\nb c\n\nd\n"),
  stdin("forstdin -E", "forstdin -E X echo $X", "a\nb c\n"),
  stdin("forstdin: no input", "forstdin X probe", ""),
  stdin("forstdin: a last line without a newline", "forstdin -E X echo $X", "a\nb"),
  stdin("forstdin -N", "forstdin -N X probe", "a\nb"),
  stdin("forstdin -C", "forstdin -C -E X echo $X", "a\n\n\nb\n\n"),
  stdin("forstdin -0", "forstdin -0 -E X echo $X", "a\0b\nc\0"),
  stdin("forstdin -d", "forstdin -d :, -E X echo $X", "a:b,c:"),
  stdin("forstdin -d '': netstrings", 'forstdin -d "" -E X echo $X', "1:a,3:b c,0:,"),
  stdin("forstdin -d '': no netstrings", 'forstdin -d "" -E X echo $X', "1:a,zz"),
  stdin("forstdin: a NUL in a line", "forstdin -E X echo <$X>", "a\0b\nc\n"),
  stdin("forstdin -x", "forstdin -x 3 -E X foreground { echo $X } exit $X", "1\n3\n5\n"),
  stdin("forstdin -o", "forstdin -o 0 -E X foreground { echo $X } exit $X", "0\n3\n5\n"),
  stdin("forstdin: program not there", "forstdin X nothing", "a\n"),
  stdin("forstdin: the rest of the input", "forstdin -E X foreground { echo $X } cat", "a\nb\n"),
  stdin("forstdin: bytes", "forstdin X probe", "é\n"),
  stdin("forstdin: long lines", 'forstdin -E X sh -c "echo ${#0}" $X', `${"x".repeat(20000)}\ny\n`),
];
