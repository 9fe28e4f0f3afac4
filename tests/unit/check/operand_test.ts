import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { knownCommands } from "../../../cmd/known_commands.ts";
import { type Checked, checkOperand } from "../../../lib/check/operand.ts";
import { SYSTEM } from "../../../lib/check/system.ts";
import { type CheckFinding, findingLine } from "../../../lib/core/check_finding.ts";
import { ROOT } from "../../fixture/toolset.ts";
import { makeTree } from "../../fixture/tree.ts";
import { BROKEN, STUBS } from "./broken_directories.ts";
import { SOUND } from "./sound_directories.ts";

const known = await knownCommands("");

function check(operand: string, directory: string, root?: string): Checked {
  return checkOperand(operand, {
    port: SYSTEM,
    known,
    path: [`${directory}/bin`, "/usr/bin", "/bin"],
    user: { name: "root", uid: 0, gids: [0] },
    directory,
    ...(root === undefined ? {} : { root }),
  });
}

function place({ file, line, severity, id }: CheckFinding): string {
  return `${file}${line === undefined ? "" : `:${line}`} ${severity} ${id}`;
}

for (const { what, spec, operand, found, says } of BROKEN) {
  Deno.test(`check names what is wrong: ${what}`, () => {
    using tree = makeTree({ ...STUBS, ...spec });
    const { findings } = check(operand, tree.root);
    assertEquals(findings.map(place), found);
    if (says !== undefined) assertStringIncludes(findingLine(findings[0]!), says);
    for (const finding of findings) assert(!/[\n\r]/.test(findingLine(finding)), findingLine(finding));
  });
}

for (const { what, spec, operand } of SOUND) {
  Deno.test(`check has nothing to say of ${what}`, () => {
    using tree = makeTree({ ...STUBS, ...spec });
    assertEquals(check(operand, tree.root).findings.map(findingLine), []);
  });
}

for (const { name } of [...Deno.readDirSync(`${ROOT}/examples`)].filter(({ isDirectory }) => isDirectory)) {
  const place = name === "scandir" ? "examples/scandir" : `examples/${name}/rootfs`;
  if (name === "kubernetes") continue; // no files of services
  Deno.test(`check has nothing to say of ${place}`, () => {
    const { findings, services } = check(place, ROOT);
    assertEquals(findings.map(findingLine), []);
    assert(services > 0);
  });
}

Deno.test("check: enough broken and sound ones", () => {
  assert(BROKEN.length >= 50);
  assert(SOUND.length >= 20);
});

Deno.test("check finds everything at once", () => {
  using tree = makeTree({
    "scan/web/run": "#!/bin/sh\r\nexec sleep 1\r\n",
    "scan/web/timeout_kill": "x",
    "scan/web/down-signal": "NONE",
    "scan/db/finish!": "#!/bin/sh\nsleep 60\n",
  });
  assertEquals(check("scan", tree.root).findings.map(({ file, id }) => `${file} ${id}`), [
    "scan/db/run no-run",
    "scan/db/finish finish-too-long",
    "scan/web/timeout_kill misspelt-name",
    "scan/web/run no-execute-bit",
    "scan/web/run interpreter-crlf",
    "scan/web/down-signal not-a-signal",
  ]);
});

Deno.test("check of a service within an image looks everything up in there", () => {
  using tree = makeTree({
    "image/bin/ash!": "\u007fELF",
    "image/sv/web/run!": "#!/bin/sh\nexec sleep 1\n",
    "image/sv/db/run!": "#!/bin/ash\nexec sleep 1\n",
    "image/bin/sleep!": "\u007fELF",
  });
  const { findings } = check("image/sv", tree.root, tree.path("image"));
  assertEquals(findings.map(place), ["image/sv/web/run:1 error no-shell"]);
  assertStringIncludes(findingLine(findings[0]!), "write it for /bin/ash");
  assertEquals(check("/etc", tree.root, tree.path("image")).findings.map(({ id }) => id), ["no-such-directory"]);
});

Deno.test("links of an image never lead out of it", () => {
  using tree = makeTree({
    "secret/run!": "#!/nonexistent/x\n",
    "image/etc/passwd": "root:x:0:0::/:/\n",
    "image/etc/services.d/up=": "../../../../../../../../secret",
    "image/etc/services.d/web=": "/../secret",
  });
  assertEquals(check("image", tree.root).findings.map(place), [
    "image/etc/services.d/up error dangling-link",
    "image/etc/services.d/web error dangling-link",
  ]);
});
