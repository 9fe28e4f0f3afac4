/**
 * An image with nothing but hexad in it, whose run scripts, finish scripts and loggers are all
 * execline: no shell, no C library, no other program anywhere, so every chain runs within hexad up
 * to its end.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { makeTree, type TreeSpec } from "../fixture/tree.ts";
import { type ContainerOptions, startContainer } from "./container.ts";
import { image } from "./images.ts";

function script(...lines: readonly string[]): string {
  return ["#!/usr/bin/execlineb -P", ...lines, ""].join("\n");
}

/** Tells what it is, becomes ready, waits; its finish tells how it ended. */
const WEB: TreeSpec = {
  "web/notification-fd": "3",
  "web/conf": '# settings\nGREETING = good day\nWHO="the \\x77orld"\n',
  "web/run!": script(
    "fdmove -c 2 1",
    "envfile conf",
    "importas -i -u GREETING GREETING",
    "backtick -E HERE { s6-basename . } # a tool",
    "umask 027 cd /",
    "foreground { umask 077 cd /run s6-true }",
    "if { eltest -d proc -a ! -e web }",
    "ifelse { eltest -e nowhere } { s6-false }",
    'foreground { importas WHO WHO s6-echo "web: ${GREETING}, ${WHO}" }',
    "foreground { fdmove 1 3 s6-echo }",
    "fdclose 3",
    "unexport WHO",
    "s6-pause",
  ),
  "web/finish!": '#!/usr/bin/execlineb -S2\ns6-echo "web: finish ${1} ${2}"\n',
};

/**
 * Writes to a logger that is a loop over lines; a pipeline, a loop, a heredoc and a background
 * process inside.
 */
const JOB: TreeSpec = {
  "job/run!": script(
    "fdmove -c 2 1",
    "foreground { pipeline { forx -E I { 1 2 3 } s6-echo line $I } s6-grep -v 2 }",
    'foreground { heredoc 0 "from a heredoc\\n" s6-cat }',
    "background { s6-echo beside } importas -i B ! wait { $B }",
    "trap -x { USR1 { s6-echo trapped } } s6-sleep 86400",
  ),
  "job/finish!": script("s6-echo over"),
  "job/log/run!": script(
    "fdmove -c 2 1",
    "foreground { s6-echo log: up }",
    'forstdin -E LINE s6-echo "log: ${LINE}"',
  ),
};

/** Gives up its rights, and tells who it is. */
const USER: TreeSpec = {
  "user/run!": script(
    "fdmove -c 2 1",
    "s6-setuidgid 1234:1235",
    "foreground { pipeline { redirfd -r 0 /proc/self/status s6-grep ^[UG]id: } forstdin -E LINE s6-echo user: $LINE }",
    "tryexec { /no/such/program } s6-pause",
  ),
};

const FINISH: TreeSpec = {
  ".s6-svscan/finish!": script("foreground { s6-echo all is over } exit 42"),
};

const ORDINARY: readonly (readonly [title: string, options: Omit<ContainerOptions, "image">])[] = [
  ["as root", {}],
  ["with a read-only root and no rights", {
    flags: [
      "--read-only",
      "--read-only-tmpfs=false",
      "--cap-drop",
      "all",
      "--security-opt",
      "no-new-privileges",
    ],
  }],
];

for (const [title, options] of ORDINARY) {
  Deno.test(`execline in an empty image: a service, its readiness, its end, ${title}`, async () => {
    using tree = makeTree({ ...WEB, ...FINISH });
    await using container = await startContainer({ image: await image("hexad"), tree, ...options });
    await container.stdout.until("web: good day");
    await container.said("/usr/bin/s6-svwait", "-U", "-t", "60000", "/service/web");
    assertEquals(container.stdout.text, "web: good day, the world\n");
    assertEquals(container.stderr.text, "");
    await container.kill("TERM");
    assertEquals(await container.ended(), 42);
    assertEquals(
      container.stdout.text,
      "web: good day, the world\nweb: finish 256 15\nall is over\n",
    );
    assertEquals(container.stderr.text, "");
  });
}

Deno.test("execline in an empty image: loops, pipelines and a logger that reads the last line", async () => {
  using tree = makeTree(JOB);
  await using container = await startContainer({ image: await image("hexad"), tree });
  await container.stdout.until("log: beside\n");
  assertEquals(
    container.stdout.text,
    ["up", "line 1", "line 3", "from a heredoc", "beside"].map((line) => `log: ${line}\n`).join(""),
  );
  await container.said("/usr/bin/s6-svc", "-1", "/service/job");
  await container.stdout.until("log: trapped\n");
  assertEquals(await container.stop(), 0);
  assertMatch(container.stdout.text, /log: trapped\nlog: over\n$/);
});

Deno.test("execline in an empty image: another user, as whom what follows runs", async () => {
  using tree = makeTree(USER);
  await using container = await startContainer({ image: await image("hexad"), tree });
  await container.stdout.until(/user: Gid:.*\n/);
  assertEquals(container.stdout.text.match(/\d+/g), [
    "1234",
    "1234",
    "1234",
    "1234",
    "1235",
    "1235",
    "1235",
    "1235",
  ]);
  assertEquals(await container.stop(), 0);
});

Deno.test("execline in an empty image: what is wrong with a script is told by line, column and link", async () => {
  using tree = makeTree({
    "one/run!": script("foreground { s6-echo a }", "if { eltest -z x", "s6-pause"),
    "two/run!": script("cd /", "  importas -i X NOTHING s6-pause"),
    "three/run!": script("background {", "  cd nowhere s6-true }", "s6-pause"),
    "one/down-signal": "KILL",
  });
  await using container = await startContainer({ image: await image("hexad"), tree });
  await container.stderr.until(/execlineb: fatal: unmatched \{ at \.\/run:3:4\n/);
  await container.stderr.until(/importas: fatal: NOTHING not set \(\.\/run:3:3\)\n/);
  await container.stderr.until(
    /cd: fatal: unable to chdir to nowhere: No such file or directory \(\.\/run:3:3\)\n/,
  );
  const { code, stdout } = await container.exec([
    "/usr/bin/hexad",
    "check-script",
    "/service/one/run",
    "/service/two/run",
  ]);
  assertEquals([code, stdout], [1, "/service/one/run:3:4: error: unmatched {\n"]);
});
