/**
 * Shapes of real trees of definitions, as images: what ends the container, what is brought up and
 * down by hand, and which mistakes boot.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { eventually } from "../../fixture/deadline.ts";
import type { TreeSpec } from "../../fixture/tree.ts";
import {
  archetypeImage,
  assertClientsSee,
  assertStops,
  boot,
  booted,
  bundle,
  longrun,
  mark,
  oneshot,
  polite,
  RC,
  scripted,
  user,
} from "./archetype.ts";
import { type Container, runContainer } from "../container.ts";

function shell(container: Container, line: string): Promise<string> {
  return container.said("/bin/bash", "-c", line);
}

/** What nearly all add-ons of Home Assistant have as their finish. */
const HALTING_FINISH = `#!/usr/bin/with-contenv bash
readonly exitcode=/run/s6-linux-init-container-results/exitcode
if test "$1" -eq 256; then
  if test "$(cat $exitcode)" -eq 0; then echo $((128 + $2)) >$exitcode; fi
elif test "$1" -ne 0; then
  if test "$(cat $exitcode)" -eq 0; then echo "$1" >$exitcode; fi
fi
exec /run/s6/basedir/bin/halt
`;

const ESSENTIAL: TreeSpec = {
  ...mark("init-services"),
  ...longrun(
    "main",
    [
      'test "$MODE" = early && exit 9',
      "echo >&3",
      'test "$MODE" = late && { until test -e /tmp/end; do sleep 0.05; done; exit 7; }',
      "echo main: up",
      "exec sleep infinity",
    ],
    ["init-services"],
    { "finish!": HALTING_FINISH, "notification-fd": "3" },
  ),
  ...longrun("other", polite("other"), ["init-services"]),
  ...user("init-services", "main", "other"),
  "tmp/": "",
};

Deno.test("archetype 10: the main service's end is the container's: its code, 128 and the signal, and in the middle of the boot too", async () => {
  const image = await archetypeImage("essential", ESSENTIAL);
  await using late = await boot(image, { env: { MODE: "late" } });
  await booted(late);
  await assertClientsSee(late, { up: ["main", "other"], longruns: ["main", "other"] });
  await shell(late, "touch /tmp/end");
  assertEquals(await late.ended(), 7, late.stderr.text);
  assertMatch(late.stdout.text, /other: stopped\n/);
  await using killed = await boot(image);
  await booted(killed);
  await shell(killed, "kill -9 $(s6-svstat -o pid /run/service/main)");
  assertEquals(await killed.ended(), 137, killed.stderr.text);
  await using early = await boot(image, { env: { MODE: "early" } });
  assertEquals(await early.ended(), 9, early.stderr.text);
});

Deno.test("archetype 11: a service that runs once, and ends the container with its code", async () => {
  const files: TreeSpec = {
    ...longrun("job", ["s6-svc -O .", "echo job: runs", "exit 4"], [], {
      "finish!": HALTING_FINISH,
    }),
    ...user("job"),
  };
  const image = await archetypeImage("once", files);
  const { code, stdout, stderr } = await runContainer({ image });
  assertEquals([code, stdout], [4, "job: runs\n"], stderr);
});

Deno.test("archetype 15: bundles for a backup, brought up and down by hand, with what is to be done before and after", async () => {
  const toldBy = (name: string): TreeSpec => ({
    "down": `/${RC}/${name}/finish\n`,
    "finish!": `#!/bin/bash\necho "${name}: undone"\n`,
  });
  const files: TreeSpec = {
    ...scripted("db-pre", ["echo db-pre"], ["base"], toldBy("db-pre")),
    ...longrun("db-core", polite("db-core"), ["db-pre"]),
    ...scripted("db-post", ["echo db-post"], ["db-core"], toldBy("db-post")),
    ...bundle("db", ["db-pre", "db-core", "db-post"]),
    ...longrun("db-lock-core", ["echo >&3", ...polite("db-lock-core")], ["db"], {
      "notification-fd": "3",
    }),
    ...scripted("db-lock-post", ["echo db-lock-post"], ["db-lock-core"], toldBy("db-lock-post")),
    ...bundle("db-lock", ["db-lock-core", "db-lock-post"]),
    ...user("db"),
  };
  await using container = await boot(await archetypeImage("transaction", files));
  await booted(container);
  await assertClientsSee(container, {
    up: ["db-pre", "db-core", "db-post"],
    longruns: ["db-core"],
    absent: ["db-lock-core", "db-lock-post"],
  });
  // a oneshot's words are on the terminal of who has asked for it
  assertEquals(await shell(container, "s6-rc -u change db-lock"), "db-lock-post\n");
  await assertClientsSee(container, {
    up: ["db-core", "db-lock-core", "db-lock-post"],
    longruns: ["db-core", "db-lock-core"],
  });
  assertEquals(await shell(container, "s6-rc -d change db-lock"), "db-lock-post: undone\n");
  await container.stdout.until("db-lock-core: stopped\n");
  assertEquals((await shell(container, "s6-rc -a list | grep -c db-lock || true")).trim(), "0");
  await assertStops(container, files);
  assertMatch(
    container.stdout.text,
    /db-post: undone\n[^]*db-core: stopped\n[^]*db-pre: undone\n/,
  );
});

Deno.test("archetype 22: mistakes that boot today go on to boot", async () => {
  const files: TreeSpec = {
    ...oneshot("both", "echo both\n", [], { "run!": "#!/bin/sh\necho never\n" }),
    ...oneshot("crlf", "/bin/echo hi\r\n"),
    ...mark("no-newline"),
    [`${RC}/no-newline/type`]: "oneshot",
    ...mark("empty"),
    [`${RC}/empty/dependencies`]: "",
    ...longrun("svc", polite("svc"), ["both", "crlf", "no-newline", "empty"], {
      "README": "read me\n",
      "log/run!": "#!/bin/sh\necho never\n",
      "down": "echo never\n",
    }),
    ...user("both", "crlf", "no-newline", "empty", "svc"),
    [`${RC}/user/dependencies.d/base`]: "",
  };
  await using container = await boot(await archetypeImage("harmless", files));
  await container.stdout.until("svc: up\n");
  await booted(container);
  assertStringIncludes(container.stdout.text, "both\n");
  assertStringIncludes(container.stdout.text, "hi\n");
  assert(!container.stdout.text.includes("never"), container.stdout.text);
  await assertClientsSee(container, {
    up: ["both", "crlf", "no-newline", "empty", "svc"],
    longruns: ["svc"],
  });
  await assertStops(container, files);
});

/** A definition with a mistake, and what has to be told of it. */
const MISTAKES: Readonly<Record<string, { readonly files: TreeSpec; readonly told: RegExp }>> = {
  "no-type": { files: { "up": "true\n" }, told: /no-type\/type: / },
  "blank-type": {
    files: { "type": "oneshot \n", "up": "true\n" },
    told: /blank-type\/type:1: /,
  },
  "crlf-type": {
    files: { "type": "oneshot\r\n", "up": "true\n" },
    told: /crlf-type\/type:1: .*CR LF/,
  },
  "no-up": { files: { "type": "oneshot\n" }, told: /no-up\/up: / },
  "misspelt": {
    files: { "type": "oneshot\n", "up": "true\n", "dependencies.d/init-confg": "" },
    told: /misspelt\/dependencies\.d\/init-confg: .*init-config/,
  },
  "cycle-a": {
    files: { "type": "oneshot\n", "up": "true\n", "dependencies.d/cycle-b": "" },
    told: /cycle-b -> cycle-a \(dependencies\.d\/cycle-a\) -> cycle-b/,
  },
  "cycle-b": {
    files: { "type": "oneshot\n", "up": "true\n", "dependencies.d/cycle-a": "" },
    told: /not started because of cycle-b: cycle-b/,
  },
  "no-x": {
    files: { "type": "oneshot\n", "up": `/${RC}/no-x/run\n`, "run": "#!/bin/sh\n" },
    told: /unable to exec \/etc\/s6-overlay\/s6-rc\.d\/no-x\/run: Permission denied/,
  },
  "no-interpreter": {
    files: { "type": "longrun\n", "run!": "#!/not/there\n" },
    told: /service no-interpreter: unable to spawn \.\/run: interpreter \/not\/there not found/,
  },
  "shell-up": {
    files: { "type": "oneshot\n", "up": "mkdir -p /data && chown nobody /data\n" },
    told: /shell-up/,
  },
};

const MISTAKEN: TreeSpec = {
  ...mark("init-config"),
  ...oneshot("sound", "echo sound\n", ["init-config"]),
  ...Object.assign(
    {},
    ...Object.entries(MISTAKES).map(([name, { files }]) =>
      Object.fromEntries(
        Object.entries(files).map(([path, text]) => [`${RC}/${name}/${path}`, text]),
      )
    ),
  ),
  ...user("init-config", "sound", ...Object.keys(MISTAKES)),
};

Deno.test("archetype 23: mistakes are told, each by its name, and the rest boots; with =2 they are the end", async () => {
  const image = await archetypeImage("mistaken", MISTAKEN);
  const run = (behaviour: string) =>
    runContainer({
      image,
      flags: ["--env", `S6_BEHAVIOUR_IF_STAGE2_FAILS=${behaviour}`],
      command: ["echo", "CMD"],
    });
  const lax = await run("0");
  assertEquals([lax.code, lax.stdout], [0, "sound\nCMD\n"], lax.stderr);
  for (const [name, { told }] of Object.entries(MISTAKES)) {
    assertMatch(lax.stderr, told, `of ${name}`);
  }
  const strict = await run("2");
  assertEquals([strict.code, strict.stdout], [1, "sound\n"], strict.stderr);
});

Deno.test("archetype 24: control from outside, by every path that scripts know; a oneshot's words are on the terminal of the exec", async () => {
  const files: TreeSpec = {
    ...scripted("init-x", ["echo init-x: up"], [], { "down": "echo init-x: down\n" }),
    ...longrun("x", polite("x"), ["init-x"]),
    ...user("init-x", "x"),
  };
  await using container = await boot(await archetypeImage("control", files));
  await booted(container);
  await shell(container, "s6-svc -wR -r /run/service/x || s6-svc -r /run/service/x");
  await container.stdout.until(/x: up\n[^]*x: up\n/);
  assertEquals(
    await shell(
      container,
      "s6-svstat -o up /run/s6-rc/servicedirs/x; s6-svstat -o up /var/run/service/x; s6-svstat /run/service/x | grep -c '^up '",
    ),
    "true\ntrue\n1\n",
  );
  assertEquals(
    await shell(
      container,
      "s6-rc -d change x; s6-svstat -o up /run/service/x; s6-rc -u change x; s6-svstat -o up /run/service/x",
    ),
    "false\ntrue\n",
  );
  assertEquals(
    await shell(container, "s6-rc -d change init-x; s6-rc -u change init-x"),
    "init-x: down\ninit-x: up\n",
  );
  assertEquals((await container.exec(["s6-rc", "-u", "change", "nothing"])).code, 3);
  await shell(container, "s6-rc -u change x");
  await eventually(
    "x to be up",
    async () => (await shell(container, "s6-svstat -o up /run/service/x")) === "true\n",
  );
  await assertStops(container, files);
});

const PLAIN: TreeSpec = {
  ...scripted("init", ["echo init as $(id -u)"], ["base"]),
  ...longrun("svc", ["echo >&3", ...polite("svc")], ["init"], { "notification-fd": "3" }),
  ...user("init", "svc"),
};

const PLACES: readonly (readonly [title: string, flags: readonly string[], uid: string])[] = [
  [
    "a read-only root, as S6_READ_ONLY_ROOT says",
    ["--read-only", "--tmpfs", "/run:exec", "--env", "S6_READ_ONLY_ROOT=1"],
    "0",
  ],
  ["an ordinary user", ["--user", "1000:1000"], "1000"],
  ["a /run where nothing can be executed", ["--tmpfs", "/run:noexec"], "0"],
  [
    "all three of them",
    ["--read-only", "--tmpfs", "/run:noexec,U", "--user", "1000:1000"],
    "1000",
  ],
];

for (const [title, flags, uid] of PLACES) {
  Deno.test(`archetype 25: ${title}: boots, is controlled, and stops in order`, async () => {
    await using container = await boot(await archetypeImage("places", PLAIN), { flags });
    await booted(container);
    await container.stdout.until("svc: up\n");
    assertStringIncludes(container.stdout.text, `init as ${uid}\n`);
    await assertClientsSee(container, { up: ["init", "svc"], longruns: ["svc"] });
    await assertStops(container, PLAIN);
    assertMatch(container.stdout.text, /svc: stopped\n$/);
  });
}
