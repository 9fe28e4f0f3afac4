/** The CMD's further lives, its drain and what it leaves, as S6_CMD_* variables ask for. */
import { assertEquals, assertMatch } from "@std/assert";
import { runInit, script, startInit, startOnTerminal, warningsIn } from "./overlay_container.ts";

/** Counts the lives in a file, and says which one this is. */
const COUNT = 'echo x >>/lives; n=$(wc -l </lives); echo "life $n"';
const SOON = { S6_CMD_RESTART_DELAY: "20", S6_CMD_RESTART_DELAY_MAX: "20" };

Deno.test("overlay CMD: S6_CMD_RESTART_POLICY=on-failure: it lives until it ends well, with services beside it and the scripts after it", async () => {
  const { code, stdout, stderr } = await runInit({
    files: { "cont-finish.d/a!": script("cat /run/s6-linux-init-container-results/exitcode") },
    env: { S6_CMD_RESTART_POLICY: "on-failure", ...SOON },
    command: ["sh", "-c", `${COUNT}; test "$n" = 3 || exit 7`],
  });
  assertEquals([code, stdout, warningsIn(stderr)], [0, "life 1\nlife 2\nlife 3\n0\n", []]);
});

Deno.test("overlay CMD: what ends more often than S6_CMD_MAX_RESTARTS allows ends the container, with its last code", async () => {
  const { code, stdout, stderr } = await runInit({
    env: { S6_CMD_RESTART_POLICY: "always", S6_CMD_MAX_RESTARTS: "2/600", ...SOON },
    command: ["sh", "-c", `${COUNT}; exit "$n"`],
  });
  assertEquals([code, stdout], [3, "life 1\nlife 2\nlife 3\n"]);
  assertEquals(warningsIn(stderr), [
    "init: warning: the CMD has ended too often (S6_CMD_MAX_RESTARTS): not starting it again",
  ]);
});

Deno.test("overlay CMD: docker stop while the next life is waited for: the code is that of the last one", async () => {
  await using started = await startInit({
    env: {
      S6_CMD_RESTART_POLICY: "always",
      S6_CMD_RESTART_DELAY: "3600000",
      S6_CMD_RESTART_DELAY_MAX: "3600000",
    },
    command: ["sh", "-c", "exit 9"],
  });
  await started.container.stderr.until(
    /init: info: the CMD has exited with 9: starting it again in \d+ ms\n/,
  );
  assertEquals(await started.container.stop(), 9);
});

Deno.test("overlay CMD: S6_CMD_KILL_LEFTOVERS: what a life has left in its session has ended before the next begins", async () => {
  const child =
    "trap 'echo child: last line; exit' TERM; : >/up; while :; do sleep 1000 & wait $!; done";
  const { code, stdout } = await runInit({
    files: { "child/run!": script(child) },
    env: { S6_CMD_RESTART_POLICY: "on-failure", S6_CMD_KILL_LEFTOVERS: "1", ...SOON },
    command: [
      "sh",
      "-c",
      `${COUNT}; test "$n" = 2 && exit 0; /etc/child/run & until test -e /up; do sleep 0.01; done; exit 1`,
    ],
  });
  assertEquals([code, stdout], [0, "life 1\nchild: last line\nlife 2\n"]);
});

Deno.test("overlay CMD: S6_CMD_TIMEOUT_DRAIN: nothing is stopped meanwhile; asked for once more, all is", async () => {
  const polite = (name: string): string =>
    script(
      `trap 'kill $!; echo ${name}: last line; exit 0' TERM`,
      `echo ${name}: up`,
      "while :; do sleep 1000 & wait $!; done",
    );
  await using started = await startInit({
    files: { "services.d/web/run!": polite("web"), "cmd/run!": polite("CMD") },
    env: { S6_CMD_TIMEOUT_DRAIN: "3600000" },
    command: ["/etc/cmd/run"],
  });
  const { container } = started;
  await container.stdout.until("web: up\n");
  await container.stdout.until("CMD: up\n");
  await container.kill("TERM");
  await container.stderr.until(
    "init: info: the CMD runs on for 3600000 ms (S6_CMD_TIMEOUT_DRAIN)\n",
  );
  assertEquals(
    await container.said("s6-svstat", "-o", "up,wantedup", "/run/service/web"),
    "true true\n",
  );
  assertEquals(await container.stop(), 0);
  assertMatch(container.stdout.text, /up\nweb: last line\nCMD: last line\n$/);
});

Deno.test("overlay CMD: the terminal is that of each of its lives", async () => {
  await using started = await startOnTerminal({
    env: { S6_CMD_RESTART_POLICY: "on-failure", ...SOON },
    command: [
      "sh",
      "-c",
      `${COUNT}; read line </dev/tty; echo "read $line"; test "$n" = 2 || exit 1`,
    ],
  });
  const { terminal } = started;
  for (const life of [1, 2]) {
    await terminal.screen.until(`life ${life}\r\n`);
    await terminal.type(`word ${life}\n`);
    await terminal.screen.until(`read word ${life}\r\n`);
  }
  assertEquals(await terminal.ended(), 0);
});
