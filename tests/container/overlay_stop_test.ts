/** Every way in which a container of /init ends: by what, in which order, with which exit code. */
import { assertEquals, assertMatch } from "@std/assert";
import { eventually } from "../fixture/deadline.ts";
import { childrenOf } from "./host_processes.ts";
import { type OverlayContainer, runInit, script, startInit } from "./overlay_container.ts";

/** A shell hears a signal only between two commands, or in wait. */
const WAIT_FOR_EVER = "while :; do sleep 1000 & wait $!; done";
/** Whatever has the name CMD says this when it runs. */
const UP = "CMD: up\n";

/** Ends by SIGTERM as a program does that says goodbye. */
function polite(name: string, code = 0): string {
  return script(
    `trap 'kill $!; echo ${name}: last line; exit ${code}' TERM`,
    `echo ${name}: up`,
    WAIT_FOR_EVER,
  );
}

function deaf(name: string): string {
  return script("trap '' TERM", `echo ${name}: up`, WAIT_FOR_EVER);
}

function command(text: string): readonly string[] {
  return ["sh", "-c", text];
}

for (
  const [how, code] of [["exit 0", 0], ["exit 7", 7], ["exit 255", 255], ["kill -KILL $$", 137], [
    "kill -SEGV $$",
    139,
  ]] as const
) {
  Deno.test(`overlay stop: the CMD's end by '${how}' is the container's, with ${code}, and scripts can read it`, async () => {
    const { code: actual, stdout } = await runInit({
      files: {
        "services.d/web/run!": polite("web"),
        "cont-finish.d/a!": script("cat /run/s6-linux-init-container-results/exitcode"),
      },
      command: command(how),
    });
    assertEquals(actual, code);
    assertMatch(stdout, new RegExp(`(^|\\n)${code}\\n$`));
  });
}

Deno.test("overlay stop: services, their loggers, the scripts in their order, and then SIGTERM to the CMD, whose code it is", async () => {
  await using started = await startInit({
    files: {
      "services.d/web/run!": polite("web"),
      "services.d/web/log/run!": script("cat; echo log: end of file"),
      "cont-finish.d/1-a!": script("echo finish a"),
      "cont-finish.d/2-b!": script("echo finish b; exit 9"),
    },
    command: command(polite("CMD", 5)),
  });
  const { container } = started;
  await container.stdout.until("web: up\n");
  await container.stdout.until(UP);
  assertEquals(await container.stop(), 5);
  assertMatch(
    container.stdout.text,
    /web: last line\nlog: end of file\nfinish a\nfinish b\nCMD: last line\n$/,
  );
});

Deno.test("overlay stop: a CMD that does nothing about SIGTERM dies of it: 143", async () => {
  await using started = await startInit({ command: command("echo CMD: up; exec sleep 1000") });
  await started.container.stdout.until(UP);
  assertEquals(await started.container.stop(), 143);
});

Deno.test("overlay stop: without a CMD it is up until it is stopped, and ends with 0", async () => {
  await using started = await startInit({ files: { "services.d/web/run!": polite("web", 3) } });
  await started.container.stdout.until("web: up\n");
  assertEquals(await started.container.stop(), 0);
  assertEquals(started.container.stdout.text, "web: up\nweb: last line\n");
});

type Trigger = (started: OverlayContainer) => Promise<unknown>;

/** The container may end before the client does, which then is killed with everything else. */
function inside(...words: readonly string[]): Trigger {
  return ({ container }) => container.exec(words);
}

const TRIGGERS: readonly (readonly [how: string, trigger: Trigger])[] = [
  ...["TERM", "INT", "USR1", "USR2", "PWR"].map((signal): readonly [string, Trigger] => [
    `SIG${signal}`,
    ({ container }) => container.kill(signal),
  ]),
  ...["halt", "poweroff", "reboot"].map((
    name,
  ): readonly [string, Trigger] => [name, inside(`/run/s6/basedir/bin/${name}`)]),
  ["shutdown -h now", inside("/run/s6/basedir/bin/shutdown", "-h", "now")],
  ["s6-svscanctl -t", inside("s6-svscanctl", "-t", "/run/service")],
  [
    "s6-svscanctl -t by the name of version 2",
    inside("s6-svscanctl", "-t", "/var/run/s6/services"),
  ],
];

for (const [how, trigger] of TRIGGERS) {
  Deno.test(`overlay stop: ${how} stops everything in order`, async () => {
    const files = {
      "services.d/web/run!": polite("web"),
      "cont-finish.d/a!": script("echo finish"),
    };
    await using started = await startInit({ files, command: command(polite("CMD", 4)) });
    const { container } = started;
    await container.stdout.until("web: up\n");
    await container.stdout.until(UP);
    await trigger(started);
    assertEquals(await container.ended(), 4);
    assertMatch(container.stdout.text, /web: last line\nfinish\nCMD: last line\n$/);
  });
}

Deno.test("overlay stop: QUIT, WINCH, HUP, ALRM and CHLD stop nothing", async () => {
  await using started = await startInit({
    files: { "services.d/web/run!": polite("web") },
    command: command(polite("CMD")),
  });
  const { container } = started;
  await container.stdout.until("web: up\n");
  await container.stdout.until(UP);
  for (const signal of ["QUIT", "WINCH", "HUP", "ALRM", "CHLD"]) await container.kill(signal);
  assertEquals(await container.said("s6-svstat", "-o", "up", "/run/service/web"), "true\n");
  assertEquals(container.stdout.text.split("\n").sort(), ["", "CMD: up", "web: up"]);
  assertEquals(await container.stop(), 0);
});

for (const how of ["halt -f", "SIGABRT"]) {
  Deno.test(`overlay stop: ${how} waits for nobody`, async () => {
    await using started = await startInit({
      files: { "services.d/web/run!": deaf("web") },
      env: { S6_SERVICES_GRACETIME: "0", S6_KILL_GRACETIME: "300000" },
      command: command(deaf("CMD")),
    });
    const { container } = started;
    await container.stdout.until("web: up\n");
    await container.stdout.until(UP);
    if (how === "SIGABRT") await container.kill("ABRT");
    else await container.exec(["/run/s6/basedir/bin/halt", "-f"]);
    assertEquals(await container.ended(), 137);
  });
}

Deno.test("overlay stop: a service's finish decides the exit code, and stops the container", async () => {
  const finish = script(
    'echo "$1" >/run/s6-linux-init-container-results/exitcode',
    "exec /run/s6/basedir/bin/halt",
  );
  const files = { "services.d/web/run!": script("exit 42"), "services.d/web/finish!": finish };
  assertEquals((await runInit({ files })).code, 42);
});

Deno.test("overlay stop: so it does in the words of version 2", async () => {
  const finish = script(
    "mkdir -p /var/run/s6/env-stage3",
    'printf %s "$1" >/var/run/s6/env-stage3/S6_STAGE2_EXITED',
    "exec s6-svscanctl -t /var/run/s6/services",
  );
  const files = { "services.d/web/run!": script("exit 43"), "services.d/web/finish!": finish };
  assertEquals((await runInit({ files })).code, 43);
});

Deno.test("overlay stop: the end for good of an essential service is the container's, with its code, in order", async () => {
  await using started = await startInit({
    files: {
      "services.d/main/run!": script("while ! test -e /tmp/go; do sleep 0.01; done", "exit 12"),
      "services.d/main/flag-essential": "",
      "services.d/main/restart-policy": "never\n",
      "services.d/web/run!": polite("web"),
      "cont-finish.d/a!": script("echo finish"),
      "/tmp/": "",
    },
    command: command(polite("CMD")),
  });
  const { container, tree } = started;
  await container.stdout.until("web: up\n");
  await container.stdout.until(UP);
  tree.add({ "tmp/go": "" });
  assertEquals(await container.ended(), 12);
  assertMatch(container.stdout.text, /web: last line\nfinish\nCMD: last line\n$/);
});

Deno.test("overlay stop: while a script of the boot runs: it gets SIGTERM, nothing else of the boot is run, cont-finish.d is", async () => {
  await using started = await startInit({
    files: {
      "cont-init.d/a!": polite("script"),
      "cont-init.d/b!": script("echo never"),
      "services.d/web/run!": script("echo never"),
      "cont-finish.d/a!": script("echo finish"),
    },
    command: ["echo", "never"],
  });
  const { container } = started;
  await container.stdout.until("script: up\n");
  assertEquals(await container.stop(), 0);
  assertEquals(container.stdout.text, "script: up\nscript: last line\nfinish\n");
});

Deno.test("overlay stop: S6_SCRIPT_TIMEOUT_DRAIN: a script of the boot comes to its end, nothing else of the boot is run, cont-finish.d is", async () => {
  await using started = await startInit({
    files: {
      "cont-init.d/a!": script(
        "echo script: up",
        "until test -e /go; do sleep 0.01; done",
        "echo script: migrated",
      ),
      "cont-init.d/b!": script("echo never"),
      "cont-finish.d/a!": script("echo finish"),
    },
    env: { S6_SCRIPT_TIMEOUT_DRAIN: "3600000" },
    command: command("echo never"),
  });
  const { container } = started;
  await container.stdout.until("script: up\n");
  await container.kill("TERM");
  await eventually("the drain", () => container.stderr.text.includes("S6_SCRIPT_TIMEOUT_DRAIN"));
  await container.said("touch", "/go");
  assertEquals(await container.ended(), 0);
  assertEquals(container.stdout.text, "script: up\nscript: migrated\nfinish\n");
});

Deno.test("overlay stop: while a script of the boot hangs that is deaf: it is killed after S6_KILL_GRACETIME, its child too", async () => {
  await using started = await startInit({
    files: { "cont-init.d/a!": deaf("script") },
    env: { S6_KILL_GRACETIME: "200" },
    command: ["echo", "never"],
  });
  const { container } = started;
  await container.stdout.until("script: up\n");
  assertEquals(await container.stop(), 0);
  assertEquals(container.stdout.text, "script: up\n");
});

Deno.test("overlay stop: while the boot waits for a service that never is ready", async () => {
  await using started = await startInit({
    files: { "services.d/web/run!": polite("web"), "services.d/web/notification-fd": "3\n" },
    env: { S6_CMD_WAIT_FOR_SERVICES: "1" },
    command: ["echo", "never"],
  });
  const { container } = started;
  await container.stdout.until("web: up\n");
  assertEquals(await container.stop(), 0);
  assertEquals(container.stdout.text, "web: up\nweb: last line\n");
});

Deno.test("overlay stop: orphans get SIGTERM and their time, stopped ones too; a deaf one is killed after the grace time", async () => {
  await using started = await startInit({
    files: {
      "cont-init.d/a!": script("for i in orphan deaf frozen; do setsid /etc/strays/$i & done"),
      "strays/orphan!": polite("orphan"),
      "strays/deaf!": deaf("deaf"),
      "strays/frozen!": script(
        "trap 'echo frozen: last line; exit' TERM",
        "echo frozen: up",
        "kill -STOP $$",
        WAIT_FOR_EVER,
      ),
    },
    env: { S6_KILL_GRACETIME: "500" },
    command: command(polite("CMD", 6)),
  });
  const { container } = started;
  for (const line of ["orphan: up\n", "deaf: up\n", "frozen: up\n", UP]) {
    await container.stdout.until(line);
  }
  const init = await container.hostPid();
  await eventually("the strays to be PID 1's", () => childrenOf(init).length === 4);
  assertEquals(await container.stop(), 6);
  for (const name of ["orphan", "frozen", "CMD"]) {
    assertMatch(container.stdout.text, new RegExp(`${name}: last line\\n`));
  }
});

Deno.test("overlay stop: what docker exec has started gets SIGTERM, and is waited for", async () => {
  await using started = await startInit({ command: command(polite("CMD")) });
  const { container } = started;
  await container.stdout.until(UP);
  const slow =
    `trap 'sleep 0.3; echo exec: last line; exit 8' TERM; echo exec: up; ${WAIT_FOR_EVER}`;
  await using guest = container.startExec(["sh", "-c", slow]);
  await guest.stdout.until("exec: up\n");
  assertEquals(await container.stop(), 0);
  await guest.stdout.until("exec: last line\n");
});

Deno.test("overlay stop: a service that is deaf is killed after the services' and the grace time, and its logger ends after it", async () => {
  await using started = await startInit({
    files: {
      "services.d/deaf/run!": deaf("deaf"),
      "services.d/deaf/log/run!": script("cat; echo log: end of file"),
      "cont-finish.d/a!": script("echo finish"),
    },
    env: { S6_SERVICES_GRACETIME: "200", S6_KILL_GRACETIME: "200" },
    command: command(polite("CMD")),
  });
  const { container } = started;
  await container.stdout.until("deaf: up\n");
  await container.stdout.until(UP);
  assertEquals(await container.stop(), 0);
  assertMatch(container.stdout.text, /finish\n(.*\n)*log: end of file\n$/);
  assertMatch(
    container.stderr.text,
    /init: warning: some services have not ended within 200 ms \(S6_SERVICES_GRACETIME\): going on/,
  );
});

Deno.test("overlay stop: a logger whose pipe is held open by what a service has left ends when that has ended, not by a signal", async () => {
  await using started = await startInit({
    files: {
      "services.d/web/run!": script(
        "setsid sh -c 'trap \"echo child: last line; exit\" TERM; echo child: up; while :; do sleep 1; done' &",
        polite("web"),
      ),
      "services.d/web/log/run!": script("cat; echo log: end of file"),
    },
    env: { S6_SERVICES_GRACETIME: "200" },
  });
  const { container } = started;
  await container.stdout.until("child: up\n");
  await container.stdout.until("web: up\n");
  assertEquals(await container.stop(), 0);
  assertMatch(container.stdout.text, /web: last line\nchild: last line\nlog: end of file\n$/);
});

Deno.test("overlay stop: a cont-finish script that hangs is killed after S6_KILL_FINISH_MAXTIME, and the next one runs", async () => {
  const { code, stdout, stderr } = await runInit({
    files: {
      "cont-finish.d/a!": script("exec sleep 1000"),
      "cont-finish.d/b!": script("echo finish"),
    },
    env: { S6_KILL_FINISH_MAXTIME: "200" },
    command: ["true"],
  });
  assertEquals([code, stdout], [0, "finish\n"]);
  assertMatch(stderr, /a has not ended within 200 ms \(S6_KILL_FINISH_MAXTIME\): killing it/);
});

Deno.test("overlay stop: S6_CMD_RECEIVE_SIGNALS: the CMD gets the signal, and everything else stops when it has ended", async () => {
  await using started = await startInit({
    files: { "services.d/web/run!": polite("web") },
    env: { S6_CMD_RECEIVE_SIGNALS: "1" },
    command: command(`trap 'echo CMD: usr1' USR1; ${polite("CMD", 3)}`),
  });
  const { container } = started;
  await container.stdout.until("web: up\n");
  await container.stdout.until(UP);
  await container.kill("USR1");
  await container.stdout.until("CMD: usr1\n");
  assertEquals(await container.stop(), 3);
  assertMatch(container.stdout.text, /CMD: last line\nweb: last line\n$/);
});

Deno.test("overlay stop: a .s6-svscan/SIGUSR1 that a script puts into the scan directory takes the signal over", async () => {
  await using started = await startInit({
    files: {
      "cont-init.d/a!": script("cp /etc/handlers/usr1 /run/service/.s6-svscan/SIGUSR1"),
      "handlers/usr1!": script("echo handled"),
    },
    command: command(polite("CMD")),
  });
  const { container } = started;
  await container.stdout.until(UP);
  await container.kill("USR1");
  await container.stdout.until("handled\n");
  assertEquals(await container.stop(), 0);
});

Deno.test("overlay stop: below another first process all is the same, and nothing is signalled that is not ours", async () => {
  const stray =
    "setsid sh -c 'trap \"echo stray: last line\" TERM; echo stray: up; : >/up; sleep 1000 & wait'";
  const inner = `${stray} & until test -e /up; do sleep 0.01; done; exit 7`;
  await using started = await startInit({
    files: {
      "services.d/web/run!": polite("web"),
      "cont-finish.d/a!": script("echo finish"),
      "inner/run!": script(inner),
    },
    flags: ["--entrypoint", "/bin/sh"],
    command: ["-c", "sleep 1000 & /init /etc/inner/run; echo code $?; kill $! && echo other lives"],
  });
  assertEquals(await started.container.ended(), 0);
  assertMatch(started.container.stdout.text, /finish\nstray: last line\ncode 7\nother lives\n$/);
});

Deno.test("overlay stop: in another container's PID namespace its processes are left alone", async () => {
  await using host = await startInit({ command: command(polite("CMD", 5)) });
  await host.container.stdout.until(UP);
  const flags = ["--pid", `container:${host.container.name}`];
  const { code, stdout } = await runInit({
    flags,
    command: command("setsid sleep 2000 & echo guest; exit 3"),
  });
  assertEquals([code, stdout], [3, "guest\n"]);
  assertEquals(
    await host.container.said("sh", "-c", "ps -o args | grep -c '^sleep [12]000'"),
    "1\n",
    "only the host's is left",
  );
  assertEquals(await host.container.stop(), 5);
});
