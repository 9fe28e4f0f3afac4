/**
 * Services that are booted from their sources within the process that supervises: no compile, no
 * client.
 */
import { assertEquals } from "@std/assert";
import { ROOT } from "../../tools/layout.ts";
import { run } from "../fixture/command.ts";
import { makeTree } from "../fixture/tree.ts";

const SLEEPER = "#!/bin/sh\ntrap '' TERM\nwhile :; do sleep 0.2; done\n";

Deno.test("sources are booted and stopped in order; what is broken is left out; what lies on disk is what s6-rc-init makes", async () => {
  using tree = makeTree({
    "src/base/type": "oneshot\n",
    "src/base/up": "true\n",
    "src/web/type": "longrun\n",
    // it ignores SIGTERM, and is killed when its grace is over
    "src/web/run": SLEEPER,
    "src/web/dependencies.d/base": "",
    "src/bad/type": "nothing of the kind\n",
    "src/late/type": "oneshot\n",
    "src/late/up":
      'sh -c "ls ../../servicedirs/web; readlink -f ../../prefix >/dev/null; ls ../.."\n',
    "src/late/dependencies.d/web": "",
    "scan/": "",
  });
  const program = `${ROOT}/tests/fixture/rc_sources_program.ts`;
  const { code, stdout } = await run(Deno.execPath(), [
    "run",
    "-A",
    "--no-check",
    program,
    tree.path("scan"),
    tree.path("live"),
    tree.path("src"),
  ]);
  assertEquals([code, stdout.split("\n").filter((line) => line !== "")], [0, [
    "left out: bad because of bad",
    "boot: info: service s6rc-oneshot-runner: starting",
    "boot: info: service s6rc-oneshot-runner successfully started",
    "boot: info: service base: starting",
    "boot: info: service base successfully started",
    "boot: info: service web: starting",
    "boot: info: service web successfully started",
    "boot: info: service late: starting",
    ...[
      "event",
      "run",
      "supervise",
      "compiled",
      "lock",
      "prefix",
      "scandir",
      "servicedirs",
      "state",
    ],
    "boot: info: service late successfully started",
    "up: 0",
    "boot: info: service late: stopping",
    "boot: info: service late successfully stopped",
    "boot: info: service web: stopping",
    "boot: info: service web successfully stopped",
    "boot: info: service base: stopping",
    "boot: info: service base successfully stopped",
    "boot: warning: service s6rc-oneshot-runner is marked as essential, not stopping it",
    "down: 0",
  ]]);
});
