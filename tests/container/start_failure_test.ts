/**
 * What can't be started says why and what to do about it, in one line; the classic mistakes in
 * images are here.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { makeTree, type TreeSpec } from "../fixture/tree.ts";
import { runContainer, startContainer } from "./container.ts";
import { image } from "./images.ts";
import { probeService, under } from "./service_tree.ts";

const ORDINARY_USER = ["--user", "1000:1000"];
const SYSTEM_FAILURE = 111;

Deno.test("start failure: a scan directory on a read-only file system names the cure", async () => {
  using tree = makeTree(probeService("db"));
  const { code, stdout, stderr } = await runContainer({
    image: await image("probe"),
    tree,
    readOnlyTree: true,
  });
  assertEquals([code, stdout], [SYSTEM_FAILURE, ""]);
  assertMatch(
    stderr,
    /^s6-svscan: fatal: unable to create directory .s6-svscan: Read-only file system; .*tmpfs.*\n$/,
  );
});

Deno.test("start failure: a scan directory that the container's user may not write to names the cure", async () => {
  using tree = makeTree(probeService("db"));
  const { code, stdout, stderr } = await runContainer({
    image: await image("probe"),
    tree,
    flags: ORDINARY_USER,
  });
  assertEquals([code, stdout], [SYSTEM_FAILURE, ""]);
  assertMatch(
    stderr,
    /^s6-svscan: fatal: unable to create directory .s6-svscan: Permission denied; .*uid 1000.*\n$/,
  );
});

Deno.test("start failure: an image without the scan directory", async () => {
  const { code, stdout, stderr } = await runContainer({ image: await image("probe") });
  assertEquals([code, stdout], [SYSTEM_FAILURE, ""]);
  assertEquals(
    stderr,
    "s6-svscan: fatal: unable to chdir to /service: No such file or directory\n",
  );
});

Deno.test("start failure: a service directory that the container's user may not write to is named with the cure, the others are up", async () => {
  using tree = makeTree({ ...probeService("mine"), ...probeService("foreign") });
  Deno.chmodSync(tree.root, 0o777);
  Deno.chmodSync(tree.path("mine"), 0o777);
  await using container = await startContainer({
    image: await image("probe"),
    tree,
    flags: ORDINARY_USER,
  });
  await container.stdout.until("mine: up\n");
  const line = await container.stderr.until(/.*foreign.*\n/);
  assertMatch(
    line,
    /^s6-svscan: warning: unable to supervise foreign: unable to create directory \w+: Permission denied; .*uid 1000.*\n$/,
  );
  assertEquals((await container.exec(["/usr/bin/s6-svok", "/service/foreign"])).code, 1);
  assertEquals(await container.stop(), 0);
});

Deno.test("start failure: a service on a noexec mount names the mount and the cure", async () => {
  using tree = makeTree({ "db/": "" });
  // a program, not a link to one: that would be on the image's file system
  const fill = "cp -R /service/. /scan && cp /bin/probe /scan/db/run && exec s6-svscan /scan";
  const flags = ["--tmpfs", "/scan:rw,noexec"];
  await using container = await startContainer({
    image: await image("shell"),
    tree,
    flags,
    command: ["/bin/sh", "-c", fill],
  });
  const line = await container.stderr.until(/.*\n/);
  assertMatch(
    line,
    /^s6-supervise db: warning: unable to spawn \.\/run: its file system is mounted noexec; .*:exec.* \(waiting 60 seconds\)\n$/,
  );
  assertEquals(await container.stop(), 0);
});

interface Mistake {
  readonly name: string;
  readonly files: TreeSpec;
  /** What is said behind `unable to spawn ./run: `. */
  readonly said: RegExp;
}

/** In the image `probe` there is no shell, no C library, nothing but hexad and /bin/probe. */
const MISTAKES: readonly Mistake[] = [
  {
    name: "no-shell",
    files: { "run!": "#!/bin/sh\n" },
    said: /^interpreter \/bin\/sh not found; .*image/,
  },
  {
    name: "no-execute-bit",
    files: { "run": "#!/bin/probe\n" },
    said: /^it has no execute bit; chmod \+x/,
  },
  {
    name: "crlf",
    files: { "run!": "#!/bin/probe\r\n" },
    said: /^its #! line ends in CR LF.*; .*LF/,
  },
  {
    name: "no-shebang",
    files: { "run!": "exec /bin/probe\n" },
    said: /^it has no #! line.*; .*#!/,
  },
  { name: "empty", files: { "run!": "" }, said: /^it is empty; / },
  { name: "no-run", files: { "other": "" }, said: /^there is no such file; .*run/ },
  { name: "dangling", files: { "run=": "/nowhere" }, said: /^it is a symbolic link to nothing; / },
  { name: "directory", files: { "run/": "" }, said: /^it is not a regular file; / },
];

Deno.test(`start failure: each mistake in a run file is told with its cure: ${MISTAKES.map(({ name }) => name).join(", ")}`, async () => {
  using tree = makeTree(
    Object.assign({}, ...MISTAKES.map(({ name, files }) => under(name, files))),
  );
  await using container = await startContainer({ image: await image("probe"), tree });
  for (const { name, said } of MISTAKES) {
    const line = await container.stderr.until(new RegExp(`^s6-supervise ${name}: .*\\n`, "m"));
    const found =
      /^s6-supervise \S+: warning: unable to spawn \.\/run: (.*) \(waiting 60 seconds\)\n$/.exec(
        line,
      );
    assertMatch(found?.[1] ?? line, said, name);
  }
  assertEquals(await container.stop(), 0);
});

Deno.test("start failure: a program for glibc in an image without it names the loader that it lacks", async () => {
  using tree = makeTree({ "db/": "" });
  Deno.copyFileSync("/bin/cat", tree.path("db/run"));
  await using container = await startContainer({ image: await image("probe"), tree });
  const line = await container.stderr.until(/.*\n/);
  assertMatch(
    line,
    /^s6-supervise db: warning: unable to spawn \.\/run: its loader \/lib64\/ld-linux-x86-64\.so\.2 is not in this image; .*static.*\n$/,
  );
  assertEquals(await container.stop(), 0);
});
