/**
 * Logs under /init that need no process of their own: the catch-all logger, log services that only
 * become logutil-service, lines with names.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { logFiles } from "../fault/log_lines.ts";
import { runInit, script, startInit, startOnTerminal } from "./overlay_container.ts";

const UNTIL_ASKED = "exec sleep 1000";
const SPEAKS = script("echo hello", "echo worse >&2", "echo >&3", UNTIL_ASKED);
/** The command line of the process that runs a log. */
const COMMAND_OF = (service: string): string =>
  `tr '\\0' ' ' </proc/$(s6-svstat -o pid ${service})/cmdline; echo`;

Deno.test("overlay logging: a log/run that only becomes logutil-service is a log of nobody's log host: same user, directives and directory", async () => {
  await using started = await startInit({
    files: {
      // as scripts may change it
      "cont-init.d/a!": script(
        "mkdir /logs/dir; chown 65534:65534 /logs/dir; printf 't n5' >/run/s6/container_environment/S6_LOGGING_SCRIPT",
      ),
      "services.d/web/run!": SPEAKS,
      "services.d/web/notification-fd": "3\n",
      "services.d/web/log/run!": script("# our own comment", "exec logutil-service /logs/dir/web"),
      "services.d/db/run!": script("echo of db", UNTIL_ASKED),
      "services.d/db/log/run!": script("mkdir -p /logs/db", "exec s6-log /logs/db"),
      "/logs/": "",
    },
    env: { S6_CMD_WAIT_FOR_SERVICES: "1" },
    command: [
      "sh",
      "-c",
      `s6-svwait -U -t 15000 /run/service/web/log; ${
        COMMAND_OF("/run/service/web/log")
      }; ls /run/service/*/log | grep -v -e event -e supervise`,
    ],
  });
  const { container, tree } = started;
  assertEquals(await container.ended(), 0);
  const [command, ...files] = container.stdout.text.split("\n");
  // the scores are those of oom_score_adj
  assertMatch(command!, /^s6-log --as-log-host (-?\d+,-?\d+ )?65534 65534 /);
  assertEquals(files, [
    "/run/service/db/log:",
    "run",
    "",
    "/run/service/web/log:",
    "logscript",
    "",
  ]);
  const { uid } = Deno.statSync(tree.path("logs/dir/web/current"));
  assertEquals(uid, 65534);
  assertMatch(tree.text("logs/dir/web/current"), /^@[0-9a-f]{24} hello\n$/);
  assertEquals(tree.text("logs/db/current"), "of db\n");
});

Deno.test("overlay logging: without the right to become nobody, logutil-service runs as a process, and says as whom it logs", async () => {
  await using started = await startInit({
    files: {
      "services.d/web/run!": SPEAKS,
      "services.d/web/notification-fd": "3\n",
      "services.d/web/log/run!": script("exec logutil-service /logs/web"),
      "/logs/": "",
    },
    flags: ["--cap-drop", "SETUID"],
    env: { S6_CMD_WAIT_FOR_SERVICES: "1", S6_LOGGING_SCRIPT: "n5" },
    command: [
      "sh",
      "-c",
      "until test -s /logs/web/current; do sleep 0.01; done; ls /run/service/web/log/run",
    ],
  });
  assertEquals(await started.container.ended(), 0);
  assertEquals(started.container.stdout.text, "/run/service/web/log/run\n");
  assertMatch(
    started.container.stderr.text,
    /^logutil-service: warning: unable to become nobody: .*; logging as root/m,
  );
  assertEquals(started.tree.text("logs/web/current"), "hello\n");
});

Deno.test("overlay logging: the catch-all logger is a log of a log host; that is killed, and what comes then is logged", async () => {
  const log = "/run/uncaught-logs/current";
  await using started = await startInit({
    files: { "/run/uncaught-logs/": "" },
    env: { S6_LOGGING: "2", S6_LOGGING_SCRIPT: "n5" },
    command: [
      "sh",
      "-c",
      [
        `echo before; until grep -qs before ${log}; do sleep 0.01; done`,
        COMMAND_OF("/run/service/s6-svscan-log"),
        `until grep -qs as-log-host ${log}; do sleep 0.01; done`,
        "kill -9 $(s6-svstat -o pid /run/service/s6-svscan-log); echo after",
        `until grep -qs after ${log}; do sleep 0.01; done`,
      ].join("\n"),
    ],
  });
  const { container, tree } = started;
  assertEquals(await container.ended(), 0);
  const lines = logFiles(tree.path("run/uncaught-logs")).join("").split("\n").filter((line) =>
    line !== "" && !line.includes(": info: ")
  );
  assertEquals([lines[0], lines[2], lines.length], ["before", "after", 3]);
  assertMatch(lines[1]!, /^s6-log --as-log-host (-?\d+,-?\d+ )?$/);
});

Deno.test("overlay logging: S6_LOGGING_PREFIX=name: services are told apart, scripts and the CMD are as ever; nothing else has colours", async () => {
  const { code, stdout } = await runInit({
    files: {
      "cont-init.d/a!": script("echo script"),
      "services.d/web/run!": SPEAKS,
      "services.d/web/notification-fd": "3\n",
      "services.d/db/run!": script("echo to the log", "echo >&3", UNTIL_ASKED),
      "services.d/db/notification-fd": "3\n",
      "services.d/db/log/logscript": "/logs/db\n",
      "/logs/": "",
    },
    env: { S6_LOGGING_PREFIX: "name", S6_CMD_WAIT_FOR_SERVICES: "1" },
    command: ["echo", "CMD"],
  });
  assertEquals([code, stdout.split("\n").sort()], [0, [
    "",
    "CMD",
    "script",
    "web | hello",
    "web | worse",
  ]]);
});

Deno.test("overlay logging: S6_LOGGING_PREFIX: the last lines of a service are kept for hexad logs and status", async () => {
  const { code, stdout } = await runInit({
    files: {
      "services.d/web/run!": SPEAKS,
      "services.d/web/notification-fd": "3\n",
    },
    env: { S6_LOGGING_PREFIX: "json", S6_CMD_WAIT_FOR_SERVICES: "1" },
    command: [
      "sh",
      "-c",
      "until hexad logs -t none web | grep worse >/dev/null; do sleep 0.1; done; hexad logs -t none; hexad status web | tail -n 1",
    ],
  });
  const lines = stdout.split("\n").filter((line) => line !== "" && !line.startsWith("{"));
  assertEquals([code, lines.slice(0, 2).sort()], [0, ["hello", "worse"]]);
  assertMatch(lines.at(-1)!, /^web .* (?:hello|worse)$/);
});

Deno.test("overlay logging: S6_LOGGING_PREFIX=json: one object a line, whatever bytes the line has", async () => {
  const { code, stdout } = await runInit({
    files: {
      "services.d/web/run!": script(
        `printf 'a\\0b "c" \\\\ \\377\\303 \\033[1m\\n'; echo >&3`,
        UNTIL_ASKED,
      ),
      "services.d/web/notification-fd": "3\n",
    },
    env: { S6_LOGGING_PREFIX: "json", S6_CMD_WAIT_FOR_SERVICES: "1" },
    command: ["true"],
  });
  assertEquals(code, 0);
  const objects = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  // a NUL ends a line, as it does for s6-log
  assertEquals(objects.map(({ service, message }) => [service, message]), [["web", "a"], [
    "web",
    'b "c" \\ \ufffd\ufffd \x1b[1m',
  ]]);
  for (const { time } of objects) assertMatch(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
});

for (
  const [what, env, head] of [["a colour", {}, "\x1b[95mweb |\x1b[0m "], ["none with NO_COLOR", {
    NO_COLOR: "1",
  }, "web | "]] as const
) {
  Deno.test(`overlay logging: the name of a service on a terminal: ${what}`, async () => {
    await using started = await startOnTerminal({
      files: { "services.d/web/run!": SPEAKS, "services.d/web/notification-fd": "3\n" },
      env: { S6_LOGGING_PREFIX: "name", S6_CMD_WAIT_FOR_SERVICES: "1", ...env },
      command: ["echo", "CMD"],
    });
    const { terminal } = started;
    assertEquals(await terminal.ended(), 0);
    const lines = terminal.screen.text.split("\r\n").filter((line) => /hello|worse/.test(line));
    assertEquals(lines.sort(), [`${head}hello`, `${head}worse`]);
  });
}
