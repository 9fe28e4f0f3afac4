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

Deno.test("overlay apply: a container that has booted without definitions says when it takes them", async () => {
  const { stdout, stderr } = await runInit({
    env: { S6_VERBOSITY: "1" },
    command: ["sh", "-c", "for n in -n -j; do hexad apply $n; echo exit $?; done"],
  });
  const line =
    "hexad apply: fatal: there are no services of s6-rc in /run/s6-rc: a container that has booted without definitions takes them when it is started again; elsewhere, s6-rc-init makes that directory";
  assertEquals([stdout, stderr.split("\n")], ["exit 111\nexit 111\n", [line, line, ""]]);
});

Deno.test("overlay: what hexad new --rc writes is booted; hexad logs has what a oneshot wrote before and after an apply", async () => {
  const made = (name: string, ...rest: readonly string[]): string =>
    `hexad new --rc -C ${HERE} ${name} ${rest.join(" ")} >/dev/null`;
  const { code, stdout, stderr } = await runInit({
    files: {
      "/hooks/hook!": script(
        made("prepare", "--oneshot", "--cmd 'echo prepared; mkdir -p /tmp/ready'"),
        made("web", "--depends-on prepare", "--cmd 'test -d /tmp/ready; exec sleep 1000'"),
      ),
      [`${RC}/.keep`]: "",
      [`${BUNDLE}/.keep`]: "",
    },
    env: { S6_STAGE2_HOOK: "/hooks/hook", S6_VERBOSITY: "1" },
    command: [
      "sh",
      "-c",
      [
        "s6-rc -a list | grep -v s6rc | sort",
        "s6-svstat -o up /run/service/web",
        "hexad logs prepare | sed 's/.* //'",
        `printf '#!/bin/sh\\necho again\\n' >${HERE}/prepare/run; printf '%s\\n' ${HERE}/prepare/run >${HERE}/prepare/up; chmod +x ${HERE}/prepare/run`,
        "hexad apply; echo exit $?",
        "hexad logs prepare | sed 's/.* //'",
      ].join("\n"),
    ],
  });
  assertEquals([code, stdout.split("\n")], [0, [
    "prepared",
    "fix-attrs",
    "legacy-cont-init",
    "legacy-services",
    "prepare",
    "web",
    "true",
    "prepared",
    "web: restart (it needs prepare)",
    "prepare: restart (changed)",
    "again",
    "exit 0",
    "",
  ]], stderr);
});
