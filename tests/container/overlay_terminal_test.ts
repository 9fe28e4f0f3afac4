/**
 * `docker run -it` and `docker attach`: the terminal is the CMD's, with everything that a shell
 * expects of one.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { script, startInit, startOnTerminal } from "./overlay_container.ts";
import { CTRL_C, CTRL_Z } from "./pseudo_terminal.ts";

/**
 * The numbers of a process that tell whose the terminal is: its own, its group, its session, the
 * foreground group.
 */
const NUMBERS = "set -- $(sed 's/^.*) //' /proc/$$/stat); echo \"$$ $3 $4 $6 on $(tty)\"";

Deno.test("overlay terminal: the CMD leads the terminal's session and is in its foreground; scripts and services are not", async () => {
  await using started = await startOnTerminal({
    files: {
      "cont-init.d/a!": script(`echo "script: $(${NUMBERS})"`),
      "services.d/web/run!": script("tty || true", "echo >&3", "exec sleep 1000"),
      "services.d/web/notification-fd": "3\n",
    },
    env: { S6_CMD_WAIT_FOR_SERVICES: "1" },
    command: ["sh", "-c", `echo "CMD: $(${NUMBERS})"; exit 5`],
  });
  const { terminal } = started;
  assertEquals(await terminal.ended(), 5);
  assertMatch(terminal.screen.text, /not a tty\r\n/, "a service reads from nowhere");
  const [, pid, group, session, foreground] = /CMD: (\d+) (\d+) (\d+) (\d+) on \/dev\/\S+\r\n/.exec(
    terminal.screen.text,
  )!;
  assertEquals([group, session, foreground], [pid, pid, pid]);
});

Deno.test("overlay terminal: ^C is the CMD's alone", async () => {
  await using started = await startOnTerminal({
    files: {
      "services.d/web/run!": script(
        "trap 'echo web: last line; exit' TERM",
        "echo web: up",
        "while :; do sleep 1000 & wait $!; done",
      ),
    },
    command: [
      "sh",
      "-c",
      "trap 'echo got it; exit 4' INT; echo CMD: up; while :; do sleep 1000 & wait $!; done",
    ],
  });
  const { terminal } = started;
  await terminal.screen.until("web: up");
  await terminal.screen.until("CMD: up");
  await terminal.type(CTRL_C);
  assertEquals(await terminal.ended(), 4);
  assertMatch(terminal.screen.text, /got it\r\n[^]*web: last line\r\n/);
});

Deno.test("overlay terminal: ^C kills a CMD that does nothing about it: 130", async () => {
  await using started = await startOnTerminal({
    command: ["sh", "-c", "echo CMD: up; exec sleep 1000"],
  });
  await started.terminal.screen.until("CMD: up");
  await started.terminal.type(CTRL_C);
  assertEquals(await started.terminal.ended(), 130);
});

Deno.test("overlay terminal: ^Z does not stop a CMD that no shell would wake", async () => {
  await using started = await startOnTerminal({
    command: ["sh", "-c", 'echo CMD: up; read line; echo "read $line"; exit 3'],
  });
  const { terminal } = started;
  await terminal.screen.until("CMD: up");
  await terminal.type(`${CTRL_Z}still here\n`);
  await terminal.screen.until("read still here");
  assertEquals(await terminal.ended(), 3);
});

Deno.test("overlay terminal: an interactive shell has job control: ^Z, jobs, fg, ^C", async () => {
  await using started = await startOnTerminal({ command: ["sh", "-i"] });
  const { terminal } = started;
  await terminal.type("echo shell: $((1 + 1))\n");
  await terminal.screen.until("shell: 2");
  await terminal.type("sh -c 'echo child: $((2 + 2)); exec sleep 1000'\n");
  await terminal.screen.until("child: 4");
  await terminal.type(CTRL_Z);
  await terminal.screen.until(/Stopped .*sleep 1000/);
  await terminal.type("fg\n");
  await terminal.screen.until(/\r\nsh -c .*exec sleep 1000"\r\n/);
  await terminal.type(CTRL_C);
  await terminal.type("echo back: $((3 + 4))\n");
  await terminal.screen.until("back: 7");
  await terminal.type("exit 9\n");
  assertEquals(await terminal.ended(), 9);
  assertEquals(
    /can't access tty|job control turned off/.test(terminal.screen.text),
    false,
    terminal.screen.text,
  );
});

Deno.test("overlay terminal: without a CMD, ^C stops the container; so it does during the boot", async () => {
  const service = script(
    "trap 'echo web: last line; exit' TERM",
    "echo up",
    "while :; do sleep 1000 & wait $!; done",
  );
  const hanging = script("echo up", "exec sleep 1000");
  for (const files of [{ "services.d/web/run!": service }, { "cont-init.d/a!": hanging }]) {
    await using started = await startOnTerminal({ files });
    await started.terminal.screen.until("up\r\n");
    await started.terminal.type(CTRL_C);
    assertEquals(await started.terminal.ended(), 0);
  }
});

Deno.test("overlay terminal: S6_CMD_USE_TERMINAL shows the CMD, though everything is logged", async () => {
  await using started = await startOnTerminal({
    files: { "/run/uncaught-logs/": "" },
    env: { S6_LOGGING: "2", S6_CMD_USE_TERMINAL: "1" },
    command: ["sh", "-c", "echo seen; test -t 1 && test -t 2 && echo a terminal"],
  });
  assertEquals(await started.terminal.ended(), 0);
  assertEquals(started.terminal.screen.text, "seen\r\na terminal\r\n");
  assertEquals(started.tree.text("run/uncaught-logs/current").includes("seen"), false);
});

Deno.test("overlay terminal: docker attach types to the CMD and sees what it says", async () => {
  await using started = await startInit({
    flags: ["--interactive", "--tty", "--detach"],
    command: [
      "sh",
      "-c",
      'while read line; do echo "CMD read $line"; test "$line" = end && exit 6; done',
    ],
  });
  await using terminal = await started.container.attach();
  await terminal.type("hello\n");
  await terminal.screen.until("CMD read hello");
  await terminal.type("end\n");
  await terminal.ended(); // with docker its exit code is the container's, with podman it is not
  assertEquals(await started.container.inspect(".State.ExitCode"), "6");
});
