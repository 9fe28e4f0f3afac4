import { assertEquals } from "@std/assert";
import {
  fileKind,
  meantFileName,
  SERVICEDIR_FILES,
} from "../../../../lib/servicedir/core/servicedir_files.ts";
import { checkTogether, checkValue } from "../../../../lib/check/core/small_file_check.ts";

/** The name, what is meant, and whether that is sure. */
const misspelt: readonly (readonly [name: string, meant: string | undefined, sure?: boolean])[] = [
  ["notification_fd", "notification-fd", true],
  ["Notification-FD", "notification-fd", true],
  ["notificationfd", "notification-fd", true],
  ["notification-df", "notification-fd", true],
  ["timeoutkill", "timeout-kill", true],
  ["timeout-finsh", "timeout-finish", true],
  ["RUN", "run", true],
  ["run.sh", "run", true],
  ["finish.sh", "finish", true],
  ["finsh", "finish", true],
  ["logs", "log", false],
  ["rn", "run", false],
  ["README", undefined],
  ["config", undefined],
  ["server.ts", undefined],
  ["check", undefined],
  ["type", undefined],
  [".hidden", undefined],
  ["x".repeat(60), undefined],
];
for (const [name, meant, sure] of misspelt) {
  Deno.test(`meantFileName(): ${name}`, () => {
    assertEquals(
      meantFileName(name),
      meant === undefined ? undefined : { name: meant, sure: sure! },
    );
  });
}

Deno.test("meantFileName(): a name that is right means nothing else", () => {
  for (const name of Object.keys(SERVICEDIR_FILES)) assertEquals(meantFileName(name), undefined);
});

const values: readonly (readonly [name: string, text: string, found: readonly string[]])[] = [
  ["timeout-kill", "5000\n", []],
  ["timeout-kill", "0", []],
  ["timeout-kill", "4294967295", []],
  ["timeout-kill", "4294967296", ["not-a-number"]],
  ["timeout-kill", " 5000", ["not-a-number"]],
  ["timeout-kill", "0x10", ["not-a-number"]],
  ["timeout-kill", "99", ["perhaps-seconds"]],
  ["timeout-kill", "100", []],
  ["restart-delay", "99", []],
  ["timeout-kill", "5000\r\n", ["value-crlf"]],
  ["timeout-kill", "", ["no-value"]],
  ["timeout-kill", "\n\n", ["no-value"]],
  ["timeout-kill", "5000\n# a comment\n", ["late-lines"]],
  ["timeout-kill", "5000\n\n", []],
  ["notification-fd", "1", []],
  ["notification-fd", "0", ["not-a-descriptor"]],
  ["notification-fd", "1024", ["not-a-descriptor"]],
  ["max-death-tally", "4096", []],
  ["max-death-tally", "4097", ["too-many"]],
  ["down-signal", "TERM", []],
  ["down-signal", "SIGQUIT ", []],
  ["down-signal", "15", []],
  ["down-signal", "0", ["not-a-signal"]],
  ["down-signal", "65", ["not-a-signal"]],
  ["restart-policy", "on-failure\n", []],
  ["restart-policy", "On-Failure", ["not-a-policy"]],
  ["max-restarts", "0/1", []],
  ["max-restarts", "5/0", ["not-max-restarts"]],
  ["max-restarts", "4097/1", ["not-max-restarts"]],
  ["oom-score-adj", "-500\n", []],
  ["oom-score-adj", "+1000", []],
  ["oom-score-adj", "-1001", ["not-an-oom-score-adj"]],
  ["oom-score-adj", "high", ["not-an-oom-score-adj"]],
  ["oom-score-adj", "", ["no-value"]],
  ["down", "whatever", []],
];
for (const [name, text, found] of values) {
  Deno.test(`checkValue(): ${name} with ${JSON.stringify(text)}`, () => {
    assertEquals(
      checkValue(fileKind(name)!, name, new TextEncoder().encode(text)).map(({ id }) => id),
      found,
    );
  });
}

const together:
  readonly (readonly [values: Readonly<Record<string, string>>, found: readonly string[]])[] = [
    [{ "notification-fd": "3", "lock-fd": "4" }, []],
    [{ "notification-fd": "3", "lock-fd": "3" }, ["lock-fd descriptor-taken"]],
    [{ "restart-delay": "100", "restart-delay-max": "100" }, []],
    [{ "restart-delay": "100", "restart-delay-max": "0" }, []],
    [{ "restart-delay": "100", "restart-delay-max": "99" }, ["restart-delay-max delay-order"]],
    [{ "restart-policy": "never", "max-restarts": "1/1" }, ["max-restarts no-effect"]],
    [{ "flag-timeout-killpg": "" }, ["flag-timeout-killpg no-effect"]],
    [{ "flag-timeout-killpg": "", "timeout-kill": "100" }, []],
  ];
for (const [given, found] of together) {
  Deno.test(`checkTogether(): ${JSON.stringify(given)}`, () => {
    assertEquals(
      checkTogether(new Map(Object.entries(given))).map(({ name, found: { id } }) =>
        `${name} ${id}`
      ),
      found,
    );
  });
}
