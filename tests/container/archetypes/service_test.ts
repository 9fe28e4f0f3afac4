/**
 * Shapes of real trees of definitions, as images: services, when they are ready, where their lines
 * go, and how long they may take.
 */
import { assert, assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { eventually } from "../../fixture/deadline.ts";
import type { TreeSpec } from "../../fixture/tree.ts";
import {
  archetypeImage,
  assertClientsSee,
  assertStops,
  boot,
  booted,
  longrun,
  mark,
  oneshot,
  polite,
  scripted,
  user,
} from "./archetype.ts";
import type { Container } from "../container.ts";

/** Runs a line of bash in it that must succeed. */
function shell(container: Container, line: string): Promise<string> {
  return container.said("/bin/bash", "-c", line);
}

async function pidOf(container: Container, service: string): Promise<string> {
  return (await container.said("s6-svstat", "-o", "pid", `/run/service/${service}`)).trim();
}

Deno.test("archetype 4: a service as another user, in the container's environment, comes back when it is killed", async () => {
  const files: TreeSpec = {
    ...mark("init-services"),
    ...longrun("svc", ["exec s6-setuidgid nobody /app"], ["init-services"]),
    ...user("init-services", "svc"),
    "app!": ["#!/bin/bash", 'echo "uid $(id -u), $TOKEN"', ...polite("svc"), ""].join("\n"),
  };
  await using container = await boot(await archetypeImage("plain", files), {
    env: { TOKEN: "secret" },
  });
  await container.stdout.until("svc: up\n");
  await booted(container);
  await shell(container, `kill -9 ${await pidOf(container, "svc")}`);
  await container.stdout.until(/(uid 65534, secret\nsvc: up\n){2}/);
  await assertClientsSee(container, { up: ["svc"], longruns: ["svc"] });
  await assertStops(container, files);
});

/** Listens as soon as there is /tmp/go. */
const LISTENER = [
  "#!/bin/bash",
  "until test -e /tmp/go; do sleep 0.05; done",
  "exec busybox httpd -f -p 8080 -h /srv",
  "",
].join("\n");

const POLLED: TreeSpec = {
  ...longrun(
    "svc",
    [
      'exec s6-notifyoncheck -d -n 300 -w 100 -c "busybox wget -q -O /dev/null http://localhost:8080/" s6-setuidgid nobody /prog',
    ],
    [],
    { "notification-fd": "3" },
  ),
  ...longrun("checked", ["exec s6-notifyoncheck -d -n 0 -s 50 -w 100 /prog2"], ["svc"], {
    "notification-fd": "3",
    "data/check!": "#!/bin/bash\ntest -e /tmp/go2\n",
  }),
  ...oneshot("after", "echo after\n", ["checked"]),
  ...user("svc", "checked", "after"),
  "prog!": LISTENER,
  "prog2!": "#!/bin/bash\nexec sleep infinity\n",
  "srv/index.html": "hello\n",
  "tmp/": "",
};

Deno.test("archetype 5: readiness by polling, by a command and by data/check: what needs the service waits for the answer", async () => {
  await using container = await boot(await archetypeImage("polled", POLLED));
  await container.stderr.until("s6-rc: info: service svc: starting\n");
  assertNotMatch(container.stderr.text, /checked: starting/);
  await shell(container, "touch /tmp/go");
  await container.stderr.until("s6-rc: info: service checked: starting\n");
  assertEquals(container.stdout.text, "");
  await shell(container, "touch /tmp/go2");
  await container.stdout.until("after\n");
  await booted(container);
  await assertClientsSee(container, { up: ["svc", "checked"], longruns: ["svc", "checked"] });
  await assertStops(container, POLLED);
});

Deno.test("archetype 5: a check that never succeeds keeps nobody from stopping the container", async () => {
  await using container = await boot(await archetypeImage("polled", POLLED));
  await container.stderr.until("s6-rc: info: service svc: starting\n");
  assertEquals(await container.stop(), 0);
  assertEquals(container.stdout.text, "");
});

Deno.test("archetype 6: a service that disables itself by sleeping counts as up", async () => {
  const files: TreeSpec = {
    ...longrun("svc", [
      'if test -z "$TOKEN"; then echo disabled; exec sleep infinity; fi',
      "exec /not/there",
    ]),
    ...longrun("told", ['exec s6-notifyoncheck -c "true" sleep infinity'], ["svc"], {
      "notification-fd": "3\n",
    }),
    ...oneshot("after", "echo after\n", ["told"]),
    ...user("svc", "after"),
  };
  await using container = await boot(await archetypeImage("disabled", files));
  await container.stdout.until("disabled\n");
  await container.stdout.until("after\n");
  await booted(container);
  await assertClientsSee(container, { up: ["svc", "after"], longruns: ["svc", "told"] });
  await assertStops(container, files);
});

/** Says what is written into its FIFO. */
function echoes(name: string): readonly string[] {
  return [
    "exec 2>&1",
    `test -p /tmp/${name} || mkfifo /tmp/${name}`,
    `exec 4<>/tmp/${name}`,
    `trap 'echo "${name}: stopped"; exit 0' TERM`,
    `echo "${name}: up"`,
    `while :; do if read -t 1 -r word <&4; then echo "${name}: $word"; fi; done`,
  ];
}

function logger(name: string, producers: readonly string[], directory: string): TreeSpec {
  return longrun(name, [`exec logutil-service ${directory}`], ["log-prepare"], {
    "consumer-for": `${producers.join("\n")}\n`,
    "pipeline-name": `${producers[0]}-pipeline\n`,
  });
}

function prepared(directory: string): TreeSpec {
  return oneshot(
    "log-prepare",
    `if { mkdir -p ${directory} } chown nobody ${directory}\n`,
    ["base"],
  );
}

Deno.test("archetype 7: a pipeline into logutil-service: nothing on the container's output, and kill -9 of each loses nothing", async () => {
  const files: TreeSpec = {
    ...prepared("/logs/a"),
    ...longrun("a", echoes("a"), [], { "producer-for": "a-log\n" }),
    ...logger("a-log", ["a"], "/logs/a"),
    ...user("log-prepare", "a-pipeline"),
    "tmp/": "",
  };
  await using container = await boot(await archetypeImage("pipeline", files));
  await booted(container);
  const current = (): Promise<string> =>
    shell(container, "cat /logs/a/@* /logs/a/current 2>/dev/null || true");
  await eventually("the first line", async () => (await current()).includes("a: up\n"));
  await shell(
    container,
    `kill -9 ${await pidOf(container, "a-log")}; for n in 1 2 3; do echo line $n >/tmp/a; done`,
  );
  await eventually("three lines", async () => (await current()).includes("a: line 3\n"));
  await shell(container, `kill -9 ${await pidOf(container, "a")}`);
  await eventually("it to be up again", async () => (await current()).match(/a: up\n[^]*a: up\n/));
  assertMatch(
    (await current()).replace(/^.*?a: /gm, "a: "),
    /^a: up\na: line 1\na: line 2\na: line 3\na: up\n$/,
  );
  assertEquals(container.stdout.text, "");
  await assertClientsSee(container, { up: ["a", "a-log"], longruns: ["a", "a-log"] });
  assertEquals(await container.stop(), 0);
  assertMatch(container.stderr.text, /a successfully stopped\n[^]*service a-log: stopping\n/);
});

Deno.test("archetype 8: a funnel: two producers in one file, and a watchdog that restarts the other by its path in /var/run", async () => {
  const files: TreeSpec = {
    ...prepared("/logs/go"),
    ...longrun("go", ["exec 2>&1", ...polite("go")], [], { "producer-for": "go-log\n" }),
    ...longrun(
      "go-watch",
      [
        "until test -e /tmp/sick; do sleep 0.05; done",
        "rm /tmp/sick",
        "s6-svc -t /var/run/service/go",
        "echo go-watch: restarted",
      ],
      ["go"],
      { "producer-for": "go-log\n" },
    ),
    ...logger("go-log", ["go", "go-watch"], "/logs/go"),
    ...user("go-pipeline"),
    "tmp/": "",
  };
  await using container = await boot(await archetypeImage("funnel", files));
  await booted(container);
  await shell(container, "touch /tmp/sick");
  const stamped = (line: string): string => `^[0-9-]+ [0-9:.]+ +${line}\n`;
  await eventually(
    "both lives and the watchdog's word",
    async () => {
      const text = await shell(container, "cat /logs/go/current 2>/dev/null || true");
      return new RegExp(stamped("go: up"), "m").test(text) &&
        (text.match(/go: up\n/g)?.length ?? 0) >= 2 && text.includes("go: stopped\n") &&
        text.includes("go-watch: restarted\n");
    },
  );
  assertEquals(container.stdout.text, "");
  const all = ["go", "go-watch", "go-log"];
  await assertClientsSee(container, { up: all, longruns: ["go", "go-log"] });
  await assertStops(container, files);
});

Deno.test("archetype 9: a logger that a variable chooses: the container's output, or a directory with a processor", async () => {
  const files: TreeSpec = {
    ...prepared("/config/logs/x"),
    ...longrun("x", echoes("x"), [], { "producer-for": "x-log\n" }),
    ...longrun(
      "x-log",
      [
        'if test "$LOG_STDOUT" = true; then exec s6-log +.* 1; fi',
        'exec s6-log n30 s10000000 S30000000 T !"gzip -nq9" /config/logs/x',
      ],
      ["log-prepare"],
      { "consumer-for": "x", "pipeline-name": "x-pipeline" },
    ),
    ...user("x-pipeline"),
    "tmp/": "",
  };
  const image = await archetypeImage("chosen-logger", files);
  await using shown = await boot(image, { env: { LOG_STDOUT: "true" } });
  await shown.stdout.until("x: up\n");
  await booted(shown);
  assertEquals(await shown.stop(), 0);
  await using stored = await boot(image);
  await booted(stored);
  await eventually(
    "the first line",
    async () => / x: up\n$/.test(await shell(stored, "cat /config/logs/x/current || true")),
  );
  assertEquals(stored.stdout.text, "");
  await assertStops(stored, files);
});

Deno.test("archetype 12: a oneshot after readiness, whose up begins with a shebang, and what needs both", async () => {
  const files: TreeSpec = {
    ...longrun("agent", ["exec s6-notifyoncheck -d -n 300 -w 50 /agent"], [], {
      "notification-fd": "3\n",
      "data/check!": "#!/bin/bash\ntest -e /tmp/agent\n",
    }),
    ...oneshot(
      "agent-configure",
      "#!/command/execlineb -S0\nwith-contenv\nbash /configure\n",
      ["agent"],
    ),
    ...longrun("web", polite("web"), ["agent", "agent-configure"]),
    ...user("agent", "agent-configure", "web"),
    "agent!": "#!/bin/bash\ntouch /tmp/agent\nexec sleep infinity\n",
    "configure": 'test -e /tmp/agent && echo "configured for $NAME"\n',
    "tmp/": "",
  };
  await using container = await boot(await archetypeImage("discovery", files), {
    env: { NAME: "me" },
  });
  await container.stdout.until("web: up\n");
  await booted(container);
  assertMatch(container.stdout.text, /^configured for me\nweb: up\n$/);
  await assertClientsSee(container, {
    up: ["agent", "agent-configure", "web"],
    longruns: ["agent", "web"],
  });
  await assertStops(container, files);
});

Deno.test("archetype 16: timeouts as images have them are no limits that hurt, and each service gets its own signal", async () => {
  const asked = (name: string, signal: string): readonly string[] => [
    `trap 'echo "${name}: ${signal}"; kill $!; exit 0' ${signal}`,
    "trap '' TERM",
    "sleep infinity &",
    `echo "${name}: up"`,
    "while :; do wait; done",
  ];
  const files: TreeSpec = {
    ...scripted("init-chown", ["echo init-chown"], [], { "timeout-up": "0" }),
    ...longrun("php-fpm", asked("php-fpm", "QUIT"), ["init-chown"], { "down-signal": "SIGQUIT" }),
    ...longrun("scanner", asked("scanner", "INT"), ["init-chown"], { "down-signal": "SIGINT\n" }),
    ...longrun("recorder", polite("recorder"), ["php-fpm"], { "timeout-kill": "120000\n" }),
    ...user("init-chown", "php-fpm", "scanner", "recorder"),
  };
  await using container = await boot(await archetypeImage("timeouts", files));
  const all = ["php-fpm", "scanner", "recorder"];
  for (const name of all) await container.stdout.until(`${name}: up\n`);
  await booted(container);
  await assertClientsSee(container, { up: all, longruns: all });
  await assertStops(container, files);
  for (const line of ["php-fpm: QUIT", "scanner: INT", "recorder: stopped"]) {
    assert(container.stdout.text.includes(`${line}\n`), container.stdout.text);
  }
});
