/**
 * Shapes of real trees of definitions, as images: what is done before the services, in which order,
 * and who may change it.
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { TreeSpec } from "../../fixture/tree.ts";
import {
  archetypeImage,
  assertClientsSee,
  assertStops,
  bash,
  boot,
  booted,
  longrun,
  mark,
  oneshot,
  polite,
  RC,
  scripted,
  user,
} from "./archetype.ts";

/** The tree of linuxserver's base image, with as many scripts. */
const CHAIN = ["os", "folders", "user", "perms", "envs", "keys", "custom", "certs"].map((name) =>
  `init-${name}`
);
const INIT_CHAIN: TreeSpec = {
  ...mark("init-start"),
  ...Object.assign(
    {},
    ...CHAIN.map((name, index) =>
      scripted(name, [`echo "${name} for $PUID"`], [CHAIN[index - 1] ?? "init-start"])
    ),
  ),
  ...mark("init-config", [CHAIN.at(-1)!]),
  ...scripted("init-app", ['echo "init-app in $PWD"'], ["init-config"]),
  ...mark("init-config-end", ["init-config", "init-app"]),
  ...mark("init-services", ["init-config-end"]),
  ...longrun("svc-app", polite("svc-app"), ["init-services"]),
  ...user("init-start", ...CHAIN, "init-config", "init-app", "init-config-end", "init-services"),
  [`${RC}/user/contents.d/svc-app`]: "",
};

const SITUATIONS: readonly (readonly [title: string, flags: readonly string[]])[] = [
  ["as it is", []],
  ["on a read-only root", ["--read-only", "--tmpfs", "/run:exec"]],
  ["as any user", ["--user", "12345:12345"]],
  ["where nothing under /run can be executed", ["--tmpfs", "/run:noexec"]],
];

for (const [title, flags] of SITUATIONS) {
  Deno.test(`archetype 1: an init chain with marks, ${title}: one after the other, then the service; all of it back`, async () => {
    const image = await archetypeImage("init-chain", INIT_CHAIN);
    await using container = await boot(image, { env: { PUID: "911" }, flags });
    await container.stdout.until("svc-app: up\n");
    await booted(container);
    assertMatch(
      container.stdout.text,
      new RegExp(
        `^${CHAIN.map((name) => `${name} for 911\n`).join("")}init-app in .*\nsvc-app: up\n$`,
      ),
    );
    await assertClientsSee(container, {
      up: ["init-start", ...CHAIN, "init-services", "svc-app", "legacy-services"],
      longruns: ["svc-app"],
    });
    await assertStops(container, INIT_CHAIN);
    assertMatch(container.stdout.text, /svc-app: stopped\n$/);
  });
}

Deno.test("archetype 2: a derived image inserts a step: it runs between those of the base image", async () => {
  const derived: TreeSpec = {
    ...scripted("init-mine", ["echo mine"], ["init-config"]),
    [`${RC}/init-config-end/dependencies.d/init-mine`]: "",
    [`${RC}/user/contents.d/init-mine`]: "",
  };
  await archetypeImage("init-chain", INIT_CHAIN);
  const image = await archetypeImage("derived", derived, { from: "archetype-init-chain" });
  await using container = await boot(image, { env: { PUID: "911" } });
  await booted(container);
  const files = { ...INIT_CHAIN, ...derived };
  assertStringIncludes(container.stdout.text, "\nmine\n");
  await assertClientsSee(container, { up: ["init-mine", "init-app"], longruns: ["svc-app"] });
  await assertStops(container, files);
});

Deno.test("archetype 3: S6_STAGE2_HOOK unpacks a mod: what it defines is part of the same boot", async () => {
  const files: TreeSpec = {
    ...mark("init-mods"),
    ...mark("init-mods-end", ["init-mods"]),
    ...longrun("svc-app", polite("svc-app"), ["init-mods-end"]),
    ...user("init-mods", "init-mods-end", "svc-app"),
    "docker-mods!": bash(
      `cd /${RC}`,
      "mkdir -p init-mod-x/dependencies.d",
      "echo oneshot >init-mod-x/type",
      `echo "/${RC}/init-mod-x/run" >init-mod-x/up`,
      "printf '#!/usr/bin/with-contenv bash\\necho \"mod x: $DOCKER_MODS\"\\n' >init-mod-x/run",
      "chmod +x init-mod-x/run",
      "touch init-mod-x/dependencies.d/init-mods init-mods-end/dependencies.d/init-mod-x",
      "touch user/contents.d/init-mod-x",
    ),
  };
  await using container = await boot(await archetypeImage("mods", files), {
    env: { S6_STAGE2_HOOK: "/docker-mods", DOCKER_MODS: "x" },
  });
  await container.stdout.until("svc-app: up\n");
  await booted(container);
  assertEquals(container.stdout.text, "mod x: x\nsvc-app: up\n");
  await assertClientsSee(container, { up: ["init-mod-x", "svc-app"], longruns: ["svc-app"] });
  await assertStops(container, {
    ...files,
    [`${RC}/init-mod-x/dependencies.d/init-mods`]: "",
    [`${RC}/init-mods-end/dependencies.d/init-mod-x`]: "",
  });
});

Deno.test("archetype 13: S6_STAGE2_HOOK leaves a service out, or puts one before another", async () => {
  const files: TreeSpec = {
    ...mark("init"),
    ...longrun("web", polite("web"), ["init"]),
    ...longrun("app", polite("app"), ["init"]),
    ...longrun("socat", polite("socat"), ["init"]),
    ...user("init", "web", "app"),
    "choose!": bash(
      `cd /${RC}`,
      'test "$WEB" = yes || rm user/contents.d/web',
      'if test -n "$PORT"; then',
      "  touch user/contents.d/socat app/dependencies.d/socat",
      "fi",
    ),
  };
  const image = await archetypeImage("enable-check", files);
  const env = { S6_STAGE2_HOOK: "/choose" };
  await using without = await boot(image, { env });
  await booted(without);
  await assertClientsSee(without, { up: ["app"], longruns: ["app"], absent: ["web", "socat"] });
  await assertStops(without, files);
  await using forwarded = await boot(image, { env: { ...env, WEB: "yes", PORT: "80" } });
  await booted(forwarded);
  const all = ["app", "socat", "web"];
  await assertClientsSee(forwarded, { up: all, longruns: all });
  await assertStops(forwarded, { ...files, [`${RC}/app/dependencies.d/socat`]: "" });
});

Deno.test("archetype 14: what is in no bundle is started if somebody needs it, and else not", async () => {
  const files: TreeSpec = {
    ...longrun("needed", polite("needed")),
    ...longrun("forgotten", polite("forgotten")),
    ...longrun("app", polite("app"), ["needed"]),
    ...user("app"),
  };
  await using container = await boot(await archetypeImage("dead-entries", files));
  await booted(container);
  await assertClientsSee(container, {
    up: ["needed", "app"],
    longruns: ["needed", "app"],
    absent: ["forgotten"],
  });
  await assertStops(container, files);
});

Deno.test("archetypes 17, 18: three generations in one image, and a check that is last of all before the CMD", async () => {
  const files: TreeSpec = {
    ...scripted("init-late", ["echo init-late"], ["base"]),
    ...longrun("late", polite("late"), ["base"]),
    ...longrun("early", polite("early")),
    ...oneshot("ci-check", 'echo "all is up"\n', ["legacy-services"]),
    ...user("init-late", "late", "early"),
    [`${RC}/user2/type`]: "bundle",
    [`${RC}/user2/contents.d/ci-check`]: "",
    "etc/cont-init.d/10-first!": bash("echo cont-init"),
    "etc/services.d/old/run!": bash(...polite("old")),
    "etc/cont-finish.d/99-last!": bash("echo cont-finish"),
  };
  await using container = await boot(await archetypeImage("generations", files), {
    command: ["bash", "-c", "echo CMD; exec sleep infinity"],
  });
  await container.stdout.until("CMD\n");
  for (const name of ["late", "early", "old"]) await container.stdout.until(`${name}: up\n`);
  const { text } = container.stdout;
  assertMatch(text, /cont-init\n[^]*init-late\n/);
  assertMatch(text, /all is up\n[^]*CMD\n/);
  await assertClientsSee(container, {
    up: ["ci-check", "late", "early", "init-late"],
    longruns: ["late", "early"],
  });
  await assertStops(container, files, 143);
  assertMatch(container.stdout.text, /late: stopped\n[^]*cont-finish\n/);
});

Deno.test("archetypes 19, 20: values for later scripts, by either path, of several lines and empty; a script that runs another's", async () => {
  const values = "/run/s6/container_environment";
  const files: TreeSpec = {
    ...scripted("init-values", [
      `printf 'http://localhost' >${values}/URL`,
      `printf 'one\ntwo' >/var${values}/LINES`,
      `echo >${values}/EMPTY`,
      `: >${values}/NOTHING`,
    ]),
    ...scripted("init-other", ['echo "other: $URL"'], ["init-values"]),
    ...scripted(
      "init-reader",
      [
        'echo "url: $URL"',
        'echo "lines: ${LINES@Q}"',
        'echo "empty: ${EMPTY-unset}."',
        'echo "nothing: ${NOTHING-unset}."',
        `exec /${RC}/init-other/run`,
      ],
      ["init-values", "init-other"],
    ),
    ...longrun("svc", ['echo "svc: $URL"', ...polite("svc")], ["init-reader"]),
    ...user("init-values", "init-reader", "svc"),
  };
  await using container = await boot(await archetypeImage("values", files));
  await container.stdout.until("svc: up\n");
  await booted(container);
  assertEquals(container.stdout.text.split("\n"), [
    "other: http://localhost",
    "url: http://localhost",
    "lines: $'one\\ntwo'",
    "empty: .",
    // as s6-envdir takes a file without a newline
    "nothing: unset.",
    "other: http://localhost",
    "svc: http://localhost",
    "svc: up",
    "",
  ]);
  await assertStops(container, files);
});

Deno.test("archetype 21: definitions that a build step makes of scripts: names that begin with digits, old files without a newline", async () => {
  const files: TreeSpec = {
    "etc/entrypoint.d/10-first.sh!": bash("echo first"),
    "etc/entrypoint.d/20-second.sh!": bash("echo second"),
    "etc/entrypoint.d/30-third.sh!": bash("echo third"),
    ...user(),
    "generate!": [
      "#!/bin/bash -e",
      "last=",
      "for file in /etc/entrypoint.d/*.sh; do",
      "  name=${file##*/}; name=${name%.sh}",
      `  mkdir -p /${RC}/$name /${RC}/user/contents.d; cd /${RC}/$name`,
      '  printf oneshot >type; printf %s $file >up; printf %s "$last" >dependencies',
      `  : >/${RC}/user/contents.d/$name; last=$name`,
      "done",
      "",
    ].join("\n"),
  };
  const image = await archetypeImage("generated", files, { lines: "RUN /generate\n" });
  await using container = await boot(image);
  await booted(container);
  assertEquals(container.stdout.text, "first\nsecond\nthird\n");
  await assertClientsSee(container, {
    up: ["10-first", "20-second", "30-third"],
    longruns: [],
  });
  const order = ["10-first", "20-second", "30-third"];
  await assertStops(container, {
    [`${RC}/${order[1]}/dependencies.d/${order[0]}`]: "",
    [`${RC}/${order[2]}/dependencies.d/${order[1]}`]: "",
  });
});
