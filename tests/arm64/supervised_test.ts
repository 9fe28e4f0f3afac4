/** Containers of the program for arm64, run by an emulator: s6-svscan and /init as PID 1. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { SmallDisk } from "../fault/small_disk.ts";
import { eventually } from "../fixture/deadline.ts";
import { holdEmulator } from "./emulator.ts";
import { LIMIT_MS, overlayRoot, scratchRoot } from "./root.ts";

const LOGGED = {
  "service/web/run!": "#!/usr/bin/execlineb -P\nforeground { s6-echo started }\ns6-pause\n",
  "service/web/log/run!": "#!/usr/bin/execlineb -P\ns6-log t /tmp/log\n",
};

Deno.test(
  "arm64: s6-svscan as PID 1 supervises a service and its log; a killed one is restarted",
  async () => {
    await using _ = await holdEmulator();
    using root = await scratchRoot(LOGGED);
    const log = root.tree.path("tmp/log/current");
    const lines = (): number =>
      root.tree.exists("tmp/log/current")
        ? Deno.readTextFileSync(log).split("\n").filter((line) => line.endsWith(" started")).length
        : 0;
    await using init = root.startAsInit("/usr/bin/s6-svscan", ["/service"]);
    await eventually("the first line", () => lines() === 1, LIMIT_MS);
    const pidOf = async (): Promise<string> => {
      const { stdout } = await root.run("/usr/bin/s6-svstat", ["-o", "pid", "/service/web"]);
      return stdout.trim();
    };
    const first = await pidOf();
    assertMatch(first, /^\d+$/);
    const killed = await root.run("/usr/bin/s6-svc", ["-k", "/service/web"]);
    assertEquals([killed.code, killed.stderr], [0, ""]);
    await eventually("the second line", () => lines() === 2, LIMIT_MS);
    assertEquals(await pidOf() === first, false);
    assertEquals((await root.run("/usr/bin/s6-svscanctl", ["-t", "/service"])).code, 0);
    assertEquals(await init.ended(), 0);
  },
);

Deno.test(
  "arm64: while its disk is full a log keeps the lines, and writes them when there is room again",
  async () => {
    await using _ = await holdEmulator();
    using root = await scratchRoot({
      ...LOGGED,
      "disk/": "",
      "service/web/log/run!": "#!/usr/bin/execlineb -P\ns6-log t /disk/log\n",
    });
    using disk = new SmallDisk(root.tree.path("disk"), "size=64k");
    root.tree.add({ "disk/log/current": "" });
    disk.fill();
    await using init = root.startAsInit("/usr/bin/s6-svscan", ["/service"]);
    const warned = /warning: .*No space left on device/;
    await eventually("the warning", () => warned.test(init.stderr.text), LIMIT_MS);
    const current = (): string => root.tree.text("disk/log/current");
    assertEquals(current(), "");
    disk.clear();
    await eventually("the line", () => / started\n$/.test(current()), LIMIT_MS);
    assertEquals((await root.run("/usr/bin/s6-svscanctl", ["-t", "/service"])).code, 0);
    assertEquals(await init.ended(), 0);
  },
);

Deno.test(
  "arm64: /init as PID 1 runs boot scripts, services and the command, and ends with its exit code",
  async () => {
    await using _ = await holdEmulator();
    using root = await overlayRoot({
      "etc/cont-init.d/10-first!": "#!/command/with-contenv execlineb -P\ns6-echo booted\n",
      "etc/services.d/web/run!": "#!/command/execlineb -P\ns6-pause\n",
      "etc/cont-finish.d/10-last!": "#!/command/execlineb -P\ns6-echo finished\n",
    });
    await using init = root.startAsInit("/init", [
      "execlineb",
      "-Pc",
      "foreground { s6-echo commanded } exit 9",
    ]);
    assertEquals(await init.ended(), 9);
    const output = init.stdout.text;
    for (const line of ["booted", "commanded", "finished"]) assertStringIncludes(output, line);
  },
);
