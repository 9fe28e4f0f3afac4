/**
 * examples/app-image: whatever CMD an image has becomes a supervised service with a logger, and the
 * container ends with its code.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { eventually } from "../fixture/deadline.ts";
import { makeTree, type Tree, type TreeSpec } from "../fixture/tree.ts";
import { runContainer, startContainer } from "./container.ts";
import { type BaseName, exampleImage, NO_TIMED_CHECKS } from "./example_images.ts";
import { addFiles } from "./images.ts";

const QUIET = ["--env", "S6_VERBOSITY=0"];
const UNCHECKED = [...QUIET, ...NO_TIMED_CHECKS];

/** The place of the logs on the host, as the company's platform mounts it. */
function logVolume(
  flags: readonly string[] = UNCHECKED,
): { readonly tree: Tree; readonly flags: string[] } & Disposable {
  const tree = makeTree();
  return {
    tree,
    flags: [...flags, "--volume", `${tree.root}:/lain/logs/default`],
    [Symbol.dispose]: () => tree[Symbol.dispose](),
  };
}

/**
 * Prints each of its words, and where it runs, in a form in which none can be mistaken for another.
 */
const SHOW = ["sh", "-c", 'printf "<%s>" "$@"; echo; pwd; exit 5', "sh"];
const WORDS = [
  "two words",
  "",
  "'single' \"double\"",
  "$HOME `id` $(id) \\ \\n",
  "a\nb",
  " leading",
  "*",
  "{ }",
  "#",
  "-n",
  "ü\t",
];

for (const base of ["debian", "centos", "alpine"] satisfies BaseName[]) {
  Deno.test(`app-image: on ${base}, each word of the CMD arrives as it was, its output is logged as nobody, its code is the container's`, async () => {
    using logs = logVolume();
    const image = await exampleImage("app-image", base);
    const { code, stdout, stderr } = await runContainer({
      image,
      flags: logs.flags,
      command: [...SHOW, ...WORDS],
    });
    assertEquals([code, stdout, stderr], [5, "", ""]);
    assertEquals(logs.tree.text("current"), `${WORDS.map((word) => `<${word}>`).join("")}\n/\n`);
    const nobody = base === "centos" ? [99, 99] : [65534, 65534];
    for (const path of [logs.tree.root, logs.tree.path("current")]) {
      const { uid, gid } = Deno.statSync(path);
      assertEquals([uid, gid], nobody, path);
    }
    assertEquals(Deno.statSync(logs.tree.root).mode! & 0o777, 0o700);
  });
}

/** What the CMD sees of the environment, in order. */
async function environmentOf(flags: readonly string[]): Promise<string[]> {
  using logs = logVolume();
  const { code } = await runContainer({
    image: await exampleImage("app-image", "debian"),
    flags: [...logs.flags, ...flags, "--env", "GREETING=good day"],
    command: ["env", "-u", "_"],
  });
  assertEquals(code, 0);
  return logs.tree.text("current").trimEnd().split("\n").sort();
}

Deno.test("app-image: the CMD has the container's environment and nothing of how it came there, with S6_KEEP_ENV and without", async () => {
  for (const flags of [[], ["--env", "S6_KEEP_ENV=0"]]) {
    const names = (await environmentOf(flags)).map((line) => line.slice(0, line.indexOf("=")));
    assert(
      ["GREETING", "PATH", "S6_LOGGING_SCRIPT", "HOSTNAME"].every((name) => names.includes(name)),
      names.join(" "),
    );
    assertEquals(
      names.filter((name) => /^(#|[0-9]+|APP_DIRECTORY|EXECLINE_.*|GID.*|UID|\?|!)$/.test(name)),
      [],
    );
  }
});

Deno.test("app-image: standard error is logged too, and a CMD that a signal kills ends the container with 128 and its number", async () => {
  using logs = logVolume();
  const command = ["sh", "-c", "echo out; echo err >&2; kill -9 $$"];
  const { code } = await runContainer({
    image: await exampleImage("app-image", "debian"),
    flags: logs.flags,
    command,
  });
  assertEquals(code, 137);
  assertEquals(logs.tree.text("current"), "out\nerr\n");
});

Deno.test("app-image: a program that is not there ends the container with 127, and the log says why", async () => {
  using logs = logVolume();
  const { code } = await runContainer({
    image: await exampleImage("app-image", "debian"),
    flags: logs.flags,
    command: ["no-such-program"],
  });
  assertEquals(code, 127);
  assertStringIncludes(logs.tree.text("current"), "no-such-program");
});

Deno.test("app-image: without a CMD the container says what is missing", async () => {
  const { code, stderr } = await runContainer({
    image: await exampleImage("app-image", "debian"),
    flags: UNCHECKED,
  });
  assertEquals([code, stderr], [
    100,
    "app-init: fatal: no command; give the image a CMD, or docker run one\n",
  ]);
});

const UNTIL_TERM = [
  "sh",
  "-c",
  'trap "echo bye; exit 9" TERM; echo up; while :; do sleep 1000 & wait; done',
];

Deno.test("app-image: docker stop lets the CMD end, logs its last line, and has its code; it is one service that is well meanwhile", async () => {
  using logs = logVolume(QUIET);
  await using container = await startContainer({
    image: await exampleImage("app-image", "debian"),
    flags: logs.flags,
    command: UNTIL_TERM,
  });
  await eventually(
    "its first line",
    () => logs.tree.exists("current") && logs.tree.text("current") === "up\n",
  );
  assertEquals(await container.health(), 0);
  assertMatch(await container.said("/command/s6-svstat", "/run/service/app"), /^up \(pid \d+/);
  assertEquals(await container.stop(), 9);
  assertEquals(logs.tree.text("current"), "up\nbye\n");
});

Deno.test("app-image: --entrypoint is the way out: nothing of it runs, and docker logs has the output", async () => {
  const options = {
    image: await exampleImage("app-image", "debian"),
    flags: [...UNCHECKED, "--entrypoint", "sh"],
    command: ["-c", 'echo "$$ $1"; exit 4', "sh", "a b"],
  };
  assertEquals(await runContainer(options), { code: 4, stdout: "1 a b\n", stderr: "" });
});

Deno.test("app-image: a user, a read-only root, no capability: the log is the user's, all else is the same", async () => {
  using logs = logVolume();
  Deno.chownSync(logs.tree.root, 1000, 1000);
  using run = makeTree();
  Deno.chownSync(run.root, 1000, 1000);
  const rights = [
    "--user",
    "1000:1000",
    "--read-only",
    "--read-only-tmpfs=false",
    "--cap-drop",
    "all",
    "--volume",
    `${run.root}:/run`,
  ];
  const { code, stdout, stderr } = await runContainer({
    image: await exampleImage("app-image", "debian"),
    flags: [...logs.flags, ...rights, "--workdir", "/usr"],
    command: [...SHOW, ...WORDS],
  });
  assertEquals([code, stdout, stderr], [5, "", ""]);
  assertEquals(logs.tree.text("current"), `${WORDS.map((word) => `<${word}>`).join("")}\n/usr\n`);
  assertEquals(Deno.statSync(logs.tree.path("current")).uid, 1000);
});

/**
 * Scripts as the company has written them for version 1: a shell's for the logger, execline for the
 * end of everything.
 */
const THEIR_SCRIPTS: TreeSpec = {
  "etc/services.d/app/log/run!": `#!/bin/bash

PRE_HOOK_SCRIPT=\${PRE_HOOK}
if [ -n "\${PRE_HOOK_SCRIPT}" ]; then
    eval \${PRE_HOOK_SCRIPT}
fi

mkdir -p /lain/logs/default
chown -R nobody:nogroup /lain/logs/default
chmod 700 /lain/logs/default

exec logutil-service /lain/logs/default
`,
  "lain/app/": "",
  "etc/services.d/app/finish!": "#!/usr/bin/execlineb -S0\n\ns6-svscanctl -t /var/run/s6/services",
};

Deno.test("app-image: scripts that were written for version 1, in bash and execline, work in it, in /lain/app", async () => {
  using logs = logVolume();
  await addFiles("app-image-theirs", await exampleImage("app-image", "debian"), THEIR_SCRIPTS);
  const hook = ["--env", "PRE_HOOK=mkdir -p /lain/logs/default/hooked"];
  const { code, stdout, stderr } = await runContainer({
    image: "app-image-theirs",
    flags: [...logs.flags, ...hook],
    command: [...SHOW, ...WORDS],
  });
  assertEquals([code, stdout, stderr], [5, "", ""]);
  assertEquals(
    logs.tree.text("current"),
    `${WORDS.map((word) => `<${word}>`).join("")}\n/lain/app\n`,
  );
  assert(
    logs.tree.exists("hooked"),
    "the hook of the log script ran with the container's environment",
  );
  assertEquals(Deno.statSync(logs.tree.path("current")).uid, 65534);
});
