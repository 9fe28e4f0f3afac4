/**
 * Exceptions that nobody expects, thrown into a running /init out of the C library while it is told
 * to stop: it comes to its end in order.
 */
import { assert, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { start } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { isAlive } from "../fixture/processes.ts";
import { makeTree } from "../fixture/tree.ts";

const PROGRAM = fromFileUrl(new URL("./sabotaged_program.ts", import.meta.url));
const SWITCH = ".sabotage";
const STAY = "#!/bin/sh\necho $$ >pid.new; mv pid.new pid\nexec sleep 1000000\n";

for (
  const victim of [
    "access",
    "close",
    "getdents64",
    "kill",
    "open",
    "openat",
    "posix_spawn",
    "read",
    "readlink",
    "waitpid",
  ]
) {
  Deno.test(`${victim} throws now and then while /init stops: services and CMD end, the finish script that can be started runs, and it exits`, async () => {
    using tree = makeTree({
      "etc/cont-init.d/a!": "#!/bin/sh\n",
      "etc/cont-finish.d/a!": "#!/bin/sh\n",
      "etc/cont-finish.d/b!": "#!/bin/sh\n",
      "etc/services.d/web/run!": STAY,
      "etc/services.d/web/finish!": "#!/bin/sh\n",
      "cmd!": `${STAY}`,
    });
    await using init = start(Deno.execPath(), [
      "run",
      "-A",
      "--quiet",
      PROGRAM,
      "init",
      tree.path("cmd"),
    ], {
      env: {
        S6_RUNDIR: tree.path("run"),
        S6_RUNTIME_PROFILE: tree.path("etc"),
        S6_VERBOSITY: "1",
        S6_KILL_GRACETIME: "500",
        S6_SERVICES_GRACETIME: "5000",
        SABOTAGE: victim,
        SABOTAGE_WHILE: SWITCH,
      },
      cwd: tree.root,
    });
    const service = tree.path("run/service/web/pid");
    const pids = await eventually(`the service and the CMD; it said ${init.stderr.text}`, () => {
      if (!tree.exists("pid") || !tree.exists("run/service/web/pid")) return undefined;
      return [Number(tree.text("pid")), Number(Deno.readTextFileSync(service))];
    });
    tree.add({ [SWITCH]: "" });
    init.kill("SIGTERM");
    await init.ended();
    for (const pid of pids) assert(!isAlive(pid), `process ${pid} lives on`);
    for (
      const line of init.stderr.text.split("\n").filter((text) => text.includes("internal error"))
    ) {
      assertMatch(line, /warning: .*internal error: TypeError: sabotage of /);
    }
  });
}
