/**
 * What /init starts is killed before /init when memory is short: each kind of child sees that its
 * oom_score_adj is higher than that of PID 1.
 */
import { assertEquals } from "@std/assert";
import { runInit, script } from "./overlay_container.ts";

/** Its value is written right after its start. */
const UNTIL_HIGHER =
  "until test $(cat /proc/self/oom_score_adj) -gt $(cat /proc/1/oom_score_adj); do sleep 0.01; done";

Deno.test("overlay oom_score_adj: scripts, services, their finish and the CMD come before /init, whatever the engine has set for all", async () => {
  for (const flags of [[], ["--oom-score-adj=200"]]) {
    const { code, stdout } = await runInit({
      files: {
        "cont-init.d/a!": script(UNTIL_HIGHER, "echo cont-init"),
        "services.d/web/run!": script(UNTIL_HIGHER, "echo run"),
        "services.d/web/finish!": script(UNTIL_HIGHER, "echo finish", ": >/finished", "exit 125"),
        "cont-finish.d/a!": script(UNTIL_HIGHER, "echo cont-finish"),
      },
      flags,
      command: [
        "sh",
        "-c",
        `${UNTIL_HIGHER}; until test -e /finished; do sleep 0.01; done; echo CMD`,
      ],
    });
    assertEquals([code, stdout], [0, "cont-init\nrun\nfinish\nCMD\ncont-finish\n"]);
  }
});
