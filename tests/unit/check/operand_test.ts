import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { findingLine } from "../../../lib/check/core/check_finding.ts";
import { ROOT } from "../../fixture/toolset.ts";
import { makeTree } from "../../fixture/tree.ts";
import { BROKEN, IMAGE, STUBS } from "./broken_directories.ts";
import { check, place } from "./check_tree.ts";
import { SOUND } from "./sound_directories.ts";

for (const { what, spec, operand, found, says } of BROKEN) {
  Deno.test(`check names what is wrong: ${what}`, () => {
    using tree = makeTree({ ...STUBS, ...spec });
    const { findings } = check(operand, tree.root);
    assertEquals(findings.map(place), found);
    if (says !== undefined) assertStringIncludes(findingLine(findings[0]!), says);
    for (const finding of findings) {
      assert(!/[\n\r]/.test(findingLine(finding)), findingLine(finding));
    }
  });
}

for (const { what, spec, operand } of SOUND) {
  Deno.test(`check has nothing to say of ${what}`, () => {
    using tree = makeTree({ ...STUBS, ...spec });
    assertEquals(check(operand, tree.root).findings.map(findingLine), []);
  });
}

for (
  const { name } of [...Deno.readDirSync(`${ROOT}/examples`)].filter(({ isDirectory }) =>
    isDirectory
  )
) {
  const place = name === "scandir" ? "examples/scandir" : `examples/${name}/rootfs`;
  if (name === "kubernetes" || name === "prometheus") continue; // no files of services
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
  assertEquals(check("/etc", tree.root, tree.path("image")).findings.map(({ id }) => id), [
    "no-such-directory",
  ]);
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

Deno.test("what a service's user may not read or execute is told, what he may is not", () => {
  using tree = makeTree({
    ...IMAGE,
    "image/etc/services.d/web/run!":
      "#!/bin/sh\nexec s6-setuidgid www /usr/bin/server --config=/etc/secret.conf -k /etc/keys/key -d /etc/passwd\n",
    "image/etc/services.d/db/run!": "#!/command/execlineb -P\ns6-setuidgid www /opt/db/server\n",
    "image/etc/services.d/root/run!": "#!/bin/sh\nexec /usr/bin/server --config=/etc/secret.conf\n",
    "image/etc/secret.conf": "",
    "image/etc/keys/key": "",
    "image/usr/bin/server!": "\u007fELF",
    "image/opt/db/server!": "\u007fELF",
  });
  Deno.chmodSync(tree.path("image/etc/secret.conf"), 0o600);
  Deno.chmodSync(tree.path("image/etc/keys"), 0o700);
  Deno.chmodSync(tree.path("image/opt/db/server"), 0o750);
  assertEquals(
    check("image", tree.root).findings.map((finding) => `${place(finding)} ${finding.cause}`),
    [
      "image/etc/services.d/db/run:2 error user-cant-execute www may not execute /opt/db/server (0750)",
      "image/etc/services.d/web/run:2 warning user-cant-read www may not read /etc/secret.conf (0600)",
      "image/etc/services.d/web/run:2 warning user-cant-read www may not read /etc/keys/key (0644)",
    ],
  );
});

Deno.test("what anybody may change is told, and what is only sticky is not", () => {
  using tree = makeTree({
    "scan/web/run!": "#!/bin/sh\nexec sleep 1\n",
    "scan/db/run!": "#!/bin/sh\nexec sleep 1\n",
  });
  Deno.chmodSync(tree.path("scan/web/run"), 0o777);
  Deno.chmodSync(tree.path("scan/web"), 0o777);
  Deno.chmodSync(tree.path("scan/db"), 0o1777);
  assertEquals(check("scan", tree.root).findings.map(place), [
    "scan/web warning anybody-writes",
    "scan/web/run warning anybody-writes",
  ]);
});

Deno.test("definitions for s6-rc need no execute bits; a layer of an image need not have every run", () => {
  using tree = makeTree({
    "rootfs/etc/s6-overlay/s6-rc.d/web/type": "longrun\n",
    "rootfs/etc/s6-overlay/s6-rc.d/web/run": '#!/command/execlineb -P\nnginx -g "daemon off;"\n',
    "rootfs/etc/s6-overlay/s6-rc.d/dirs/type": "oneshot\n",
    "rootfs/etc/s6-overlay/s6-rc.d/dirs/up": "if { mkdir -p /x\n",
    "rootfs/etc/services.d/app/finish!": "#!/bin/sh\nexit 0\n",
  });
  assertEquals(check("rootfs", tree.root).findings.map(place), [
    "rootfs/etc/services.d/app/run warning no-run",
    "rootfs/etc/s6-overlay/s6-rc.d/dirs/up:1 error rc-source",
    "rootfs/etc/s6-overlay/s6-rc.d/web warning rc-not-started",
  ]);
});

Deno.test("a shell's -c is looked into", () => {
  using tree = makeTree({
    ...STUBS,
    "a/run!": "#!/bin/sh\nexec /bin/sh -c 'cd / && exec nginx'\n",
    "b/run!": '#!/bin/sh\nexec /bin/sh -c \'cd "$0" && exec "$@"\' /tmp cron\n',
  });
  for (const name of ["a", "b"]) {
    assertEquals(check(name, tree.root).findings.map(place), [`${name}/run:2 error daemonises`]);
  }
});
