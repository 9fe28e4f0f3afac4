import { assertEquals } from "@std/assert";
import { logdirsOf, logscriptLogdirs, wordsOf } from "../../../../lib/logdir/core/logger_words.ts";

// deno-fmt-ignore
const scripts: readonly (readonly [what: string, text: string, logdirs: readonly string[]])[] = [
  ["s6-log in sh", "#!/bin/sh\nexec s6-log -b -- n20 s1000000 T /var/log/web\n", ["/var/log/web"]],
  ["behind other programs, with options that have values", "#!/bin/execlineb -P\ns6-setuidgid log\n/bin/s6-log -bd3 -l 0 t !\"gzip -9\" ./main\n", ["./main"]],
  ["several actions, selections, a status file", "s6-log -d 3 1 =/run/last - +'^a b' /var/log/a f s5000 /var/log/b\n", ["/var/log/a", "/var/log/b"]],
  ["a selection that looks like an option", "s6-log -b -debug /var/log/a\n", ["/var/log/a"]],
  ["a directory in quotes", "exec s6-log 't' \"/var/log/my app\"\n", ["/var/log/my app"]],
  ["comments", "# s6-log /no\nexec s6-log t /yes # /neither\n", ["/yes"]],
  ["what a shell would still replace", "exec s6-log t \"$LOGDIR\" /var/log/x\n", ["/var/log/x"]],
  ["logutil-service", "exec logutil-service /var/log/x\n", ["/var/log/x"]],
  ["svlogd", "exec chpst -u log svlogd -tt /var/log/x\n", ["/var/log/x"]],
  ["multilog", "exec multilog t s1000 ./main\n", ["./main"]],
  ["no logger", "exec cat >>/var/log/x\n", []],
  ["nothing", "", []],
];

for (const [what, text, logdirs] of scripts) {
  Deno.test(`logdirsOf(): ${what}`, () => assertEquals(logdirsOf(wordsOf(text)), logdirs));
}

Deno.test("logdirsOf(): hexad that is told to be s6-log", () => {
  assertEquals(logdirsOf(["/usr/bin/hexad", "s6-log", "-b", "t", "/l"]), ["/l"]);
});

Deno.test("logscriptLogdirs(): with and without a user, and one that can't be read", () => {
  const logdirs = (text: string): string[] => logscriptLogdirs(new TextEncoder().encode(text));
  assertEquals(logdirs("user:log -b -- T n5\n  /var/log/a\n"), ["/var/log/a"]);
  assertEquals(logdirs("t ./b"), ["./b"]);
  assertEquals([logdirs(""), logdirs('"'), logdirs("\0")], [[], [], []]);
});
