/** What /init does before the CMD, and with what the CMD is started. */
import { assertEquals, assertMatch } from "@std/assert";
import { runInit, script, startInit, warningsIn } from "./overlay_container.ts";

const UNTIL_ASKED = "exec sleep 1000";

Deno.test("overlay boot: the hook, attributes, scripts in the order of their bytes, services, the CMD", async () => {
  const { code, stdout, stderr } = await runInit({
    files: {
      "fix-attrs.d/01-data": "/data true 33:34 0640 0750\n",
      "cont-init.d/10-b!": script("echo second; stat -c '%u:%g %a' /data /data/file"),
      "cont-init.d/01-a!": script("echo first"),
      "cont-init.d/Z!": script("echo third"),
      "cont-init.d/a!": script("echo fourth"),
      "cont-init.d/.hidden!": script("echo never"),
      "cont-init.d/directory/script!": script("echo never"),
      "services.d/web/run!": script("echo service >&3", UNTIL_ASKED),
      "services.d/web/notification-fd": "3\n",
      "/data/file": "",
    },
    env: { S6_STAGE2_HOOK: "echo hook", S6_CMD_WAIT_FOR_SERVICES: "1" },
    command: ["sh", "-c", "s6-svstat -o up,ready /run/service/web; exit 3"],
  });
  assertEquals(stdout, "hook\nfirst\nsecond\n33:34 750\n33:34 640\nthird\nfourth\ntrue true\n");
  assertEquals([code, warningsIn(stderr)], [3, []]);
});

Deno.test("overlay boot: the CMD runs in the image's directory, with its words as they are and PATH alone", async () => {
  const { code, stdout } = await runInit({
    env: { SECRET: "x" },
    flags: ["--workdir", "/bin"],
    command: [
      "sh",
      "-c",
      'pwd; env | grep -v "^PWD=\\|^SHLVL=\\|^OLDPWD="; for i; do echo "<$i>"; done',
      "sh",
      "a b",
      "",
      "'$HOME'",
      "*",
    ],
  });
  assertEquals(stdout.split("\n").slice(0, 2), [
    "/bin",
    "PATH=/command:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  ]);
  assertEquals([code, stdout.split("\n").slice(2)], [0, ["<a b>", "<>", "<'$HOME'>", "<*>", ""]]);
});

for (const name of ["S6_KEEP_ENV", "S6_CMD_WITH_CONTENV"]) {
  Deno.test(`overlay boot: with ${name} the CMD has the container's environment, with what scripts have added to its files`, async () => {
    const { stdout } = await runInit({
      files: {
        "cont-init.d/a!": script(
          "printf later >/run/s6/container_environment/ADDED",
          'echo "${SECRET-none}"',
        ),
      },
      env: { SECRET: "a\nb", [name]: "1" },
      command: ["sh", "-c", 'echo "$SECRET ${ADDED-none}"'],
    });
    assertEquals(stdout, name === "S6_KEEP_ENV" ? "a\nb\na\nb none\n" : "none\na\nb later\n");
  });
}

Deno.test("overlay boot: by the name of version 2, the CMD has the container's environment", async () => {
  const flags = ["--entrypoint", "/etc/s6/init/init-stage1"];
  assertEquals(
    (await runInit({ env: { SECRET: "x" }, flags, command: ["sh", "-c", "echo $SECRET"] })).stdout,
    "x\n",
  );
});

Deno.test("overlay boot: with-contenv of both versions finds the environment, in scripts and in services", async () => {
  const { stdout } = await runInit({
    files: {
      "cont-init.d/1!": "#!/command/with-contenv sh\necho 3: $SECRET\n",
      "cont-init.d/2!":
        "#!/usr/bin/with-contenv sh\necho 2: $SECRET; cat /var/run/s6/container_environment/SECRET; echo\n",
      "services.d/web/run!":
        `#!/usr/bin/with-contenv sh\necho service: $SECRET\necho >&3; ${UNTIL_ASKED}\n`,
      "services.d/web/notification-fd": "3\n",
    },
    env: { SECRET: "x", S6_CMD_WAIT_FOR_SERVICES: "1" },
    command: ["true"],
  });
  assertEquals(stdout, "3: x\n2: x\nx\nservice: x\n");
});

Deno.test("overlay boot: a script without the execute bit is run by its interpreter, one without #! by the shell, with a warning each", async () => {
  const { stdout, stderr } = await runInit({
    files: {
      "cont-init.d/1": script("echo no bit"),
      "cont-init.d/2!": "echo no interpreter\n",
      "services.d/web/run": script(UNTIL_ASKED),
    },
    env: { S6_CMD_WAIT_FOR_SERVICES: "1" },
    command: ["s6-svstat", "-o", "up", "/run/service/web"],
  });
  assertEquals(stdout, "no bit\nno interpreter\ntrue\n");
  assertEquals(warningsIn(stderr), [
    "init: warning: /etc/cont-init.d/1 can't be executed (no execute bit, or a noexec mount): running it with /bin/sh",
    "init: warning: /etc/cont-init.d/2 has no #! line: running it with /bin/sh",
    "services-up: warning: /etc/services.d/web/run has no execute bit: its copy gets one; chmod +x it in the image",
  ]);
});

const BEHAVIOURS = [
  { value: "0", code: 0, stdout: "a\nb\nCMD\n", warnings: [] },
  {
    value: "1",
    code: 0,
    stdout: "a\nb\nCMD\n",
    warnings: [
      /^cont-init: warning: 1 of 2 scripts failed: \/etc\/cont-init.d\/a \(7\)$/,
      /going on/,
    ],
  },
  {
    value: "2",
    code: 1,
    stdout: "a\nb\nfinish\n",
    warnings: [/^cont-init: warning: 1 of 2 scripts/, /^init: fatal: .*stopping the container$/],
  },
];

for (const { value, code, stdout, warnings } of BEHAVIOURS) {
  Deno.test(`overlay boot: a script fails, S6_BEHAVIOUR_IF_STAGE2_FAILS=${value}: exit code ${code}`, async () => {
    const result = await runInit({
      files: {
        "cont-init.d/a!": script("echo a; exit 7"),
        "cont-init.d/b!": script("echo b"),
        ...(value === "2" ? { "cont-finish.d/a!": script("echo finish") } : {}),
      },
      env: { S6_BEHAVIOUR_IF_STAGE2_FAILS: value },
      command: ["echo", "CMD"],
    });
    assertEquals([result.code, result.stdout], [code, stdout]);
    const said = warningsIn(result.stderr);
    assertEquals(said.length, warnings.length, result.stderr);
    warnings.forEach((pattern, i) => assertMatch(said[i]!, pattern));
  });
}

Deno.test("overlay boot: a hook that fails, S6_BEHAVIOUR_IF_STAGE2_FAILS=2: its exit code, and nothing was run", async () => {
  const { code, stdout } = await runInit({
    files: { "cont-init.d/a!": script("echo a") },
    env: { S6_BEHAVIOUR_IF_STAGE2_FAILS: "2", S6_STAGE2_HOOK: "echo 'the hook'; exit 9" },
    command: ["echo", "CMD"],
  });
  assertEquals([code, stdout], [9, "the hook\n"]);
});

Deno.test("overlay boot: a script whose interpreter is not in the image says so, and the boot goes on", async () => {
  const { code, stdout, stderr } = await runInit({
    files: { "cont-init.d/a!": "#!/bin/bash\n" },
    command: ["echo", "CMD"],
  });
  assertEquals([code, stdout], [0, "CMD\n"]);
  assertMatch(
    stderr,
    /^cont-init: warning: unable to spawn \/etc\/cont-init.d\/a: interpreter \/bin\/bash not found; install it/m,
  );
});

Deno.test("overlay boot: services are where scripts look for them, and the image's files stay as they are", async () => {
  await using started = await startInit({
    files: {
      "services.d/web/run!": script('echo "$(pwd) $1"', UNTIL_ASKED),
      "services.d/web/log/run!": script("exec cat >/tmp/log"),
      "services.d/web/data/file": "content",
      "services.d/web/env/NAME": "value",
      "services.d/linked=": "/srv/linked",
      "/srv/linked/run!": script("exec sleep 1000"),
      "services.d/no-directory": "",
      "/tmp/": "",
    },
    env: { S6_CMD_WAIT_FOR_SERVICES: "1" },
    command: ["sh", "-c", "echo booted; exec sleep 1000"],
  });
  const { container, tree } = started;
  await container.stdout.until("booted\n");
  for (const scandir of ["/run/service", "/var/run/s6/services", "/run/s6/services"]) {
    assertEquals(await container.said("s6-svstat", "-o", "up", `${scandir}/web`), "true\n");
  }
  assertEquals(await container.said("s6-svstat", "-o", "up", "/run/service/linked"), "true\n");
  assertEquals(
    await container.said("cat", "/run/service/web/data/file", "/run/service/web/env/NAME"),
    "contentvalue",
  );
  assertEquals(await container.stop(), 143);
  assertEquals(tree.text("tmp/log"), "/run/service/web web\n");
  assertEquals(tree.exists("services.d/web/supervise"), false);
});

Deno.test("overlay boot: a noexec /run: services run from where they are in the image, loggers too", async () => {
  await using started = await startInit({
    files: {
      "services.d/web/run!": script("echo line", "echo >&3", UNTIL_ASKED),
      "services.d/web/notification-fd": "3\n",
      "services.d/web/log/run!": script("exec cat >/tmp/log"),
      "/tmp/": "",
    },
    flags: ["--tmpfs", "/run:rw,noexec"],
    env: { S6_CMD_WAIT_FOR_SERVICES: "1" },
    command: ["sh", "-c", "for i in run log/run; do readlink /run/service/web/$i; done"],
  });
  assertEquals(await started.container.ended(), 0);
  assertEquals(
    started.container.stdout.text,
    "/etc/services.d/web/run\n/etc/services.d/web/log/run\n",
  );
  assertEquals(started.tree.text("tmp/log"), "line\n");
});

Deno.test("overlay boot: the CMD waits for readiness, and for no service that is down", async () => {
  const { stdout } = await runInit({
    files: {
      "services.d/slow/run!": script(
        "while ! test -e /tmp/go; do sleep 0.01; done",
        "echo ready; echo >&3",
        UNTIL_ASKED,
      ),
      "services.d/slow/notification-fd": "3\n",
      "services.d/down/run!": script(UNTIL_ASKED),
      "services.d/down/down": "",
      "services.d/quick/run!": script("touch /tmp/go", UNTIL_ASKED),
      "/tmp/": "",
    },
    env: { S6_CMD_WAIT_FOR_SERVICES: "1" },
    command: ["echo", "CMD"],
  });
  assertEquals(stdout, "ready\nCMD\n");
});

Deno.test("overlay boot: after S6_CMD_WAIT_FOR_SERVICES_MAXTIME nobody waits any longer, for a script or a service", async () => {
  const slow = {
    "services.d/web/run!": script(UNTIL_ASKED),
    "services.d/web/notification-fd": "3\n",
  };
  for (const files of [slow, { "cont-init.d/a!": script(UNTIL_ASKED) }]) {
    const env = {
      S6_CMD_WAIT_FOR_SERVICES: "1",
      S6_CMD_WAIT_FOR_SERVICES_MAXTIME: "300",
      S6_BEHAVIOUR_IF_STAGE2_FAILS: "1",
    };
    const { code, stdout, stderr } = await runInit({ files, env, command: ["echo", "CMD"] });
    assertEquals([code, stdout], [0, "CMD\n"]);
    assertMatch(
      stderr,
      /init: warning: the boot took 300 ms \(S6_CMD_WAIT_FOR_SERVICES_MAXTIME\): waiting no longer/,
    );
  }
});

Deno.test("overlay boot: S6_RUNTIME_PROFILE takes another directory for /etc", async () => {
  const { stdout } = await runInit({
    files: {
      "cont-init.d/a!": script("echo of /etc"),
      "cont-profile.d/small/cont-init.d/a!": script("echo of the profile"),
      "cont-profile.d/small/cont-finish.d/a!": script("echo finish"),
    },
    env: { S6_RUNTIME_PROFILE: "small" },
    command: ["echo", "CMD"],
  });
  assertEquals(stdout, "of the profile\nCMD\nfinish\n");
});

const LOGGINGS = [
  {
    logging: "1",
    stdout: "CMD out\n",
    stderr: ["1 script", "2 service", "last words", "CMD err"],
    file: ["1 script", "2 service"],
  },
  { logging: "2", stdout: "", stderr: [], file: ["1 script", "2 service", "CMD out", "CMD err"] },
];

const STAMP = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{9} {2}/;

for (const { logging, stdout, stderr, file } of LOGGINGS) {
  Deno.test(`overlay boot: S6_LOGGING=${logging}: what is logged is complete and stamped, what is the console's is on it`, async () => {
    await using started = await startInit({
      files: {
        "cont-init.d/a!": script("echo 1 script"),
        "cont-finish.d/a!": script("echo last words"),
        "services.d/web/run!": script("echo 2 service", "echo >&3", UNTIL_ASKED),
        "services.d/web/notification-fd": "3\n",
        "/run/uncaught-logs/": "",
      },
      env: { S6_LOGGING: logging, S6_CMD_WAIT_FOR_SERVICES: "1" },
      command: ["sh", "-c", "echo CMD out; echo CMD err >&2; exit 6"],
    });
    const { container, tree } = started;
    assertEquals(await container.ended(), 6);
    const lines = tree.text("run/uncaught-logs/current").split("\n").slice(0, -1);
    assertEquals(lines.filter((line) => !STAMP.test(line)), []);
    const texts = lines.map((line) => line.replace(STAMP, ""));
    assertEquals(texts.filter((text) => !text.includes(": info: ")), [...file, "last words"]);
    assertEquals(container.stdout.text, stdout);
    const shown = container.stderr.text.split("\n").filter((line) =>
      line !== "" && !line.includes(": info: ")
    );
    assertEquals(shown.sort(), [...stderr].sort());
  });
}

Deno.test("overlay boot: S6_CATCHALL_USER is who writes the log", async () => {
  await using started = await startInit({
    files: {
      "passwd": "root:x:0:0::/:/bin/sh\nlogger:x:4242:4243::/:/bin/sh\n",
      "/run/uncaught-logs/": "",
    },
    flags: [],
    env: { S6_LOGGING: "2", S6_CATCHALL_USER: "logger" },
    command: ["echo", "CMD"],
  });
  assertEquals(await started.container.ended(), 0);
  const { uid, gid } = Deno.statSync(started.tree.path("run/uncaught-logs/current"));
  assertEquals([uid, gid], [4242, 4243]);
  assertMatch(started.tree.text("run/uncaught-logs/current"), /CMD/);
});

Deno.test("overlay boot: an S6_CATCHALL_USER that is not there is refused, with the cure", async () => {
  const { code, stderr } = await runInit({
    env: { S6_LOGGING: "1", S6_CATCHALL_USER: "ghost" },
    command: ["true"],
  });
  assertEquals([code, stderr], [
    100,
    "init: fatal: S6_CATCHALL_USER is ghost, who is not in /etc/passwd: add that user to the image\n",
  ]);
});

Deno.test("overlay boot: S6_CMD_ARG0 is put before the CMD, a --help too", async () => {
  const { stdout } = await runInit({ env: { S6_CMD_ARG0: "echo entry" }, command: ["--help"] });
  assertEquals(stdout, "entry --help\n");
});

Deno.test("overlay boot: --help by itself tells what /init is", async () => {
  const { code, stdout } = await runInit({ command: ["--help"] });
  assertMatch(stdout, /^Boots a container as s6-overlay does/m);
  assertEquals(code, 0);
});

Deno.test("overlay boot: misspelt names and malformed values are warned about", async () => {
  const env = { S6_KILL_GRACE_TIME: "1", S6_LOGGING: "yes", S6_OVERLAY_VERSION: "3" };
  assertEquals(warningsIn((await runInit({ env, command: ["true"] })).stderr), [
    "init: warning: S6_KILL_GRACE_TIME is no variable of this overlay: is S6_KILL_GRACETIME meant? (ignoring it)",
    "init: warning: S6_LOGGING: not an unsigned number: yes (using 0)",
  ]);
});

for (
  const [verbosity, pattern] of [["0", /^$/], ["1", /^init: warning: [^\n]*\n$/], [
    "2",
    /info: running \/etc\/cont-init.d\/a/,
  ]] as const
) {
  Deno.test(`overlay boot: S6_VERBOSITY=${verbosity} says no more than that`, async () => {
    const files = { "cont-init.d/a": script("true") };
    assertMatch(
      (await runInit({ files, env: { S6_VERBOSITY: verbosity }, command: ["true"] })).stderr,
      pattern,
    );
  });
}

Deno.test("overlay boot: a CMD that is not there is 127, one that can't be executed is 126, and the container stops in order", async () => {
  for (
    const [command, code] of [["nowhere", 127], ["/no/where", 127], ["/etc/passwd", 126]] as const
  ) {
    const files = { "passwd": "", "cont-finish.d/a!": script("echo finish") };
    const result = await runInit({ files, command: [command] });
    assertEquals([result.code, result.stdout], [code, "finish\n"]);
    assertMatch(result.stderr, /^init: fatal: unable to (run|spawn) /m);
  }
});

Deno.test("overlay boot: standard input is the CMD's, and the services' is empty", async () => {
  await using started = await startInit({
    files: { "services.d/web/run!": script("cat; echo no input >&2", UNTIL_ASKED) },
    flags: ["--interactive"],
    command: ["sh", "-c", 'read line; echo "got $line"'],
  });
  const { container } = started;
  await container.stderr.until("no input\n");
  await container.type("a line\n");
  assertEquals(await container.ended(), 0);
  assertEquals(container.stdout.text, "got a line\n");
});
