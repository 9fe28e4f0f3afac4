/**
 * An image whose scripts were written for s6-overlay 1 and 2, and whose /bin is not /usr/bin:
 * commands at their old paths, and under their old names.
 */
import { assertEquals } from "@std/assert";
import { runInit } from "./overlay_container.ts";

Deno.test("overlay: execlineb, s6-* and import at the paths of version 1 work, and s6-test in finish ends the container", async () => {
  const { code, stdout, stderr } = await runInit({
    files: {
      "cont-init.d/1!":
        "#!/bin/execlineb -P\n/bin/foreground { /bin/s6-echo prepared }\n/usr/bin/with-contenv\nimport GREETING\n/bin/s6-echo ${GREETING}\n",
      "services.d/app/run!": "#!/bin/execlineb -P\nforeground { s6-echo app }\nexit 7\n",
      "services.d/app/finish!":
        "#!/bin/execlineb -S1\nif { s6-test ${1} -ne 0 }\nif { s6-test ${1} -ne 256 }\ns6-svscanctl -t /var/run/s6/services\n",
    },
    env: { GREETING: "good day" },
  });
  assertEquals([code, stdout, stderr.match(/warning: .*/g)], [
    0,
    "prepared\ngood day\napp\n",
    null,
  ]);
});
