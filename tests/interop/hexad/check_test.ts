/**
 * `hexad check` as a program: exit codes, JSON, --fix, the words of s6-svscan, and files that are
 * there to do harm.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { CheckDocument } from "../../../lib/check/core/check_finding.ts";
import { type Result, run } from "../../fixture/command.ts";
import { startSvscan } from "../../fixture/scan.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import { makeTree, type Tree } from "../../fixture/tree.ts";
import { checkedDocument } from "./document.ts";

requireToolset(OURS);

const RUN = "#!/bin/sh\nexec sleep 1000\n";

function check(tree: Tree, ...args: string[]): Promise<Result> {
  return run(OURS.bin("hexad"), ["check", ...args], { cwd: tree.root });
}

async function documentOf(tree: Tree, ...args: string[]): Promise<CheckDocument> {
  const { stdout } = await check(tree, "--json", ...args);
  return checkedDocument(stdout, "check.schema.json") as CheckDocument;
}

Deno.test("check: what is sound has exit code 0, and its number is told", async () => {
  using tree = makeTree({ "scan/web/run!": RUN, "scan/web/log/logscript": "t ./main\n" });
  assertEquals(await check(tree, "scan"), {
    code: 0,
    stdout: "",
    stderr: "hexad check: info: 2 service directories: sound\n",
  });
});

Deno.test("check: a directory that is named by several names is looked at once", async () => {
  using tree = makeTree({ "scan/web/run": RUN, "alias=": "scan" });
  const { code, stdout, stderr } = await check(tree, "scan", "./scan/", "alias", tree.path("scan"));
  assertEquals(code, 1);
  assertMatch(stdout, /^scan\/web\/run: error: .*\n$/);
  assertEquals(stderr, "hexad check: info: 1 service directory: 1 error, 0 warnings\n");
});

Deno.test("check: each fault is a line, the exit code is 1", async () => {
  using tree = makeTree({
    "web/run": RUN,
    "web/restart-policy": "never",
    "web/restart-delay": "3",
  });
  const { code, stdout, stderr } = await check(tree, "./web/");
  assertEquals(code, 1);
  assertEquals(
    stdout,
    "./web/run: error: it has no execute bit; chmod +x ./web/run\n" +
      "./web/restart-delay: warning: it has no effect: restart-policy is never; remove it\n",
  );
  assertEquals(stderr, "hexad check: info: 1 service directory: 1 error, 1 warning\n");
  assertEquals(
    (await check(tree, "--errors", "web")).stdout,
    "web/run: error: it has no execute bit; chmod +x web/run\n",
  );
});

Deno.test("check: without operands, the scan directory that was named; wrong usage is 100", async () => {
  using tree = makeTree({ "scan/web/run!": RUN });
  assertEquals((await check(tree, "-S", "scan")).code, 0);
  assertEquals((await check(tree, "-S", "elsewhere")).code, 100);
  const misspelt = await check(tree, "--jsno");
  assertEquals(misspelt.code, 100);
  assertStringIncludes(misspelt.stderr, "did you mean --json?");
});

Deno.test("check --json prints a document that its schema describes", async () => {
  using tree = makeTree({
    "web/run!": "#!/bin/sh\nexec nginx\n",
    "web/timeout-kill": "x\n",
    "db/run!": RUN,
  });
  const document = await documentOf(tree, "web", "db");
  assertEquals([document.sound, document.services], [false, 2]);
  assertEquals(
    document.findings.filter(({ id }) => id !== "program-not-found").map((
      { id, file, line },
    ) => [id, file, line]),
    [
      ["daemonises", "web/run", 2],
      ["not-a-number", "web/timeout-kill", 1],
    ],
  );
  assertEquals((await documentOf(tree, "db")).sound, true);
});

Deno.test("check --fix mends what is safe, tells it, and what it has mended is sound", async () => {
  using tree = makeTree({
    "scan/web/run": "#!/bin/sh\r\nexec sleep 1000\r\n",
    "scan/web/notification_fd": "3\r\n",
    "scan/db/run!": `\ufeff${RUN}`,
    "scan/db/finish": "#!/bin/sh\n",
  });
  await Deno.chmod(tree.path("scan/web/run"), 0o640);
  const { code, stdout } = await check(tree, "--fix", "scan");
  assertEquals(code, 0);
  assertEquals(stdout.trimEnd().split("\n").sort(), [
    "scan/db/finish: fixed: chmod +x",
    "scan/db/run: fixed: what stood before #! removed",
    "scan/web/notification_fd: fixed: renamed notification-fd",
    "scan/web/run: fixed: CR LF made LF",
    "scan/web/run: fixed: chmod +x",
  ]);
  assertEquals(tree.text("scan/web/run"), RUN);
  assertEquals((await Deno.stat(tree.path("scan/web/run"))).mode! & 0o777, 0o750);
  assertEquals(tree.text("scan/db/run"), RUN);
  // the name was what could be seen at first; now its value can
  const second = await check(tree, "--fix", "scan");
  assertEquals(second.stdout, "scan/web/notification-fd: fixed: CR LF made LF\n");
  assertEquals(tree.text("scan/web/notification-fd"), "3\n");
  assertEquals((await check(tree, "scan")).code, 0);
});

Deno.test("check --fix --json marks what it has mended, and prints nothing else", async () => {
  using tree = makeTree({ "web/run": RUN, "web/down-signal": "NONE" });
  const document = await documentOf(tree, "--fix", "web");
  assertEquals(document.findings.map(({ id, fixed }) => [id, fixed]), [["no-execute-bit", true], [
    "not-a-signal",
    false,
  ]]);
  assertEquals(document.sound, false);
});

Deno.test("check --fix goes through no link and touches nothing that has another name", async () => {
  using tree = makeTree({
    "elsewhere/run": RUN,
    "elsewhere/script": RUN,
    "scan/linked=": "../elsewhere",
    "scan/web/run=": "../../elsewhere/script",
    "scan/db/run!": "#!/bin/sh\r\nexec sleep 1\r\n",
    "other/": "",
  });
  await Deno.link(tree.path("scan/db/run"), tree.path("other/name"));
  const { code, stdout, stderr } = await check(tree, "--fix", "scan");
  assertEquals(code, 1);
  assertStringIncludes(stdout, "scan/linked/run: error: it has no execute bit");
  assertStringIncludes(
    stderr,
    "scan/linked/run is left as it is: it is reached through a symbolic link",
  );
  assertStringIncludes(
    stderr,
    "scan/web/run is left as it is: it is reached through a symbolic link",
  );
  assertStringIncludes(stderr, "scan/db/run is left as it is: it has other names");
  for (const name of ["run", "script"]) {
    assertEquals((await Deno.stat(tree.path("elsewhere", name))).mode! & 0o111, 0);
  }
  assertStringIncludes(tree.text("other/name"), "\r\n");
});

Deno.test("check says of a broken run what s6-svscan says of it", async () => {
  using tree = makeTree({
    "scan/bit/run": RUN,
    "scan/crlf/run!": "#!/bin/sh\r\n",
    "scan/lost/run!": "#!/nonexistent/interpreter\n",
    "scan/none/down-signal": "TERM",
    "scan/plain/run!": "exec sleep 1\n",
    "scan/empty/run!": "",
    "scan/link/run=": "nowhere",
    "scan/directory/run/": "",
  });
  const { findings } = await documentOf(tree, "scan");
  await using svscan = await startSvscan(OURS, tree, { scandir: "scan" });
  assertEquals(findings.length, 8);
  for (const { file, cause } of findings) {
    await svscan.output.until(`${file.split("/")[1]}: warning: unable to spawn ./run: ${cause}`);
  }
});

Deno.test("check neither waits for nor chokes on what is there to do harm", async () => {
  using tree = makeTree({
    "scan/fifo/run|": "",
    "scan/fifo/notification-fd|": "",
    "scan/fifo/log|": "",
    "scan/device/run=": "/dev/zero",
    "scan/device/logscript=": "/dev/zero",
    "scan/device/timeout-kill=": "/dev/zero",
    "scan/deep/run!": `#!/bin/sh\n${"$(".repeat(30000)}`,
    "scan/blocks/run!": `#!/nonexistent/execlineb\n${"{ ".repeat(5000)}${"a ".repeat(3000)}`,
    "scan/spaces/run!": `#!/bin/sh\nexec nginx -c conf ${"-".padEnd(60000, "f")}!\n`,
    "scan/spaces/conf": "\n".repeat(65536),
    "scan/escape/run!": "#!/nonexistent/\x1b[31mred\n",
    "scan/\x1b[2J/run": RUN,
    "scan/many/run!": RUN,
  });
  for (let i = 0; i < 50; i++) tree.add({ [`links/l${i}=`]: `l${i + 1}` });
  tree.add({ "links/l50/run!": RUN, "scan/links=": "../links/l0", "scan/huge/run!": RUN });
  await Deno.truncate(tree.path("scan/huge/run"), 1 << 40).catch(() =>
    Deno.truncate(tree.path("scan/huge/run"), 1 << 30)
  );
  await Deno.writeFile(
    tree.path("scan/many/timeout-finish"),
    crypto.getRandomValues(new Uint8Array(60000)),
  );
  for (let i = 0; i < 4100; i++) Deno.symlinkSync("run", tree.path(`scan/many/f${i}`));
  const { code, stdout, stderr } = await check(tree, "scan");
  assertEquals(code, 1);
  assert(
    [...stdout].every((character) => character >= " " || character === "\n"),
    "no control character is printed",
  );
  assertStringIncludes(stdout, "scan/\\x1b[2J/run: error: it has no execute bit");
  assertStringIncludes(stdout, "scan/fifo/run: error: it is not a regular file");
  assertStringIncludes(stdout, "scan/device/run: error: it is not a regular file");
  assertStringIncludes(stdout, "scan/links: error: its symbolic links lead in a circle");
  assertStringIncludes(stdout, "scan/many: warning: it has more than 4096 entries");
  assertMatch(stderr, /^hexad check: info: \d+ service directories: \d+ errors, \d+ warnings\n$/);
});

Deno.test("check without the right to read tells so, and goes on", async () => {
  using tree = makeTree({
    "scan/web/run!": RUN,
    "scan/web/timeout-kill": "1000",
    "scan/db/run": RUN,
  });
  await Deno.chmod(tree.path("scan/web/timeout-kill"), 0o000);
  const words = ["-u", "65534", "-g", "65534", OURS.bin("hexad"), "check", "scan"];
  const asNobody = await run(OURS.bin("s6-applyuidgid"), words, { cwd: tree.root });
  assertEquals(asNobody.code, 1);
  assertStringIncludes(
    asNobody.stdout,
    "scan/web/timeout-kill: error: it can't be read: Permission denied",
  );
  assertStringIncludes(asNobody.stdout, "scan/db/run: error: it has no execute bit");
});
