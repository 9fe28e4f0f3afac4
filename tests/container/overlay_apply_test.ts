/** hexad apply in a container that /init has booted. */
import { assertEquals } from "@std/assert";
import { runInit, script } from "./overlay_container.ts";

const RC = "s6-overlay/s6-rc.d";
const BUNDLE = "s6-overlay/user-bundles.d/user/contents.d";
const HERE = `/etc/${RC}`;

Deno.test("overlay apply: what has changed is restarted, a hosted log goes on, services.d sees nothing, new ones start, and the end is in order", async () => {
  const { code, stdout, stderr } = await runInit({
    files: {
      [`${RC}/prepare/type`]: "oneshot\n",
      [`${RC}/prepare/up`]: 'sh -c "echo prepared; mkdir -m 777 /logs"\n',
      [`${RC}/prepare/down`]: "echo cleared\n",
      [`${RC}/app/type`]: "longrun\n",
      [`${RC}/app/run!`]: script("echo first", "exec sleep 1000"),
      [`${RC}/app/dependencies.d/prepare`]: "",
      [`${RC}/app/producer-for`]: "app-log\n",
      [`${RC}/app-log/type`]: "longrun\n",
      [`${RC}/app-log/run!`]: "#!/command/execlineb -P\nlogutil-service /logs/app\n",
      [`${RC}/app-log/dependencies.d/prepare`]: "",
      [`${RC}/app-log/consumer-for`]: "app\n",
      [`${RC}/app-log/pipeline-name`]: "app-pipeline\n",
      [`${BUNDLE}/app-pipeline`]: "",
      [`${RC}/broken/type`]: "nothing of the kind\n",
      "services.d/old/run!": script("exec sleep 1000"),
    },
    command: [
      "sh",
      "-c",
      [
        "pid() { s6-svstat -o pid /run/service/$1; }",
        "hexad status | grep -c broken",
        "app=$(pid app) old=$(pid old)",
        `printf '#!/bin/sh\\necho second\\nexec sleep 1001\\n' >${HERE}/app/run`,
        `mkdir ${HERE}/more && echo oneshot >${HERE}/more/type && echo echo more >${HERE}/more/up`,
        `: >/etc/${BUNDLE}/more`,
        `rm -r ${HERE}/broken`,
        "hexad apply; echo exit $?",
        'test "$app" != $(pid app) && test "$old" = $(pid old) && echo pids',
        "hexad apply -n",
        "ls /run/s6-rc | grep hexad-; hexad status | grep -c broken",
        "s6-rc-db contents user",
        "s6-rc -d change app",
        "until grep -qs second /logs/app/current; do sleep 0.1; done; sed 's/^.* //' /logs/app/current",
        `echo soon >${HERE}/more/timeout-up; hexad apply 2>/dev/null; echo exit $?`,
      ].join("\n"),
    ],
  });
  assertEquals([code, stdout.split("\n")], [0, [
    "prepared",
    "1",
    "app: restart (changed: run)",
    "more: start (added)",
    "bundle top: changed",
    "bundle user: changed",
    "more",
    "exit 0",
    "pids",
    "nothing has changed",
    "hexad-boot",
    "hexad-record",
    "0",
    "app",
    "app-log",
    "more",
    "first",
    "second",
    "exit 1",
    "cleared",
    "",
  ]], stderr);
});
