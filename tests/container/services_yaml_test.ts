/** One file of services, /etc/hexad/services.yaml, that /init boots. */
import { assertEquals } from "@std/assert";
import { runInit, warningsIn } from "./overlay_container.ts";

const FILE = `
x-worker: &worker
  command: sh -c 'echo worker $$REPLICA of $$TEAM >>/run/out; exec sleep 1000'
  environment: {TEAM: "\${TEAM:-blue}"}
services:
  prepare:
    command: sh -c 'echo prepared >>/run/out; mkdir -p /logs'
    x-hexad:
      oneshot: true
      down: sh -c 'echo cleared'
  web:
    image: nginx
    command: ["sh", "-c", "echo web \\"$$GREETING\\" $$(id -u); exec sleep 1000"]
    user: 65534:65534
    env_file: web.env
    environment: {GREETING: "a  b"}
    working_dir: /etc
    depends_on:
      prepare: {condition: service_completed_successfully}
    logging: {driver: file, options: {dir: /logs/web}}
    stop_signal: SIGKILL
  cron:
    command: sleep 1000
    depends_on: [web]
  idle:
    command: sleep 1000
    profiles: [debug]
  once:
    command: "false"
    restart: "no"
    x-hexad: {finish: [sh, -c, 'echo "$$@ of $$TEAM" >/run/ended', x]}
  worker:
    <<: *worker
    scale: 3
`;

/** What hexad apply does after the edit; services that moved within the file go on, and a new name is a new service. */
const CHANGES = [
  "extra: stop (removed)",
  "worker-3: stop (removed)",
  "cron: restart (it needs web)",
  "other: start (added)",
  "web: restart (changed: run)",
  "bundle services.yaml: changed",
  "bundle top: changed",
  "bundle worker: changed",
];
const IMAGE =
  "hexad apply: warning: /etc/hexad/services.yaml:12:5: image has no effect: the services run in the image that they are in";

Deno.test("services.yaml: /init boots one file and what services.d adds to it; hexad apply restarts only what has changed; a mistake changes nothing", async () => {
  const { code, stdout, stderr } = await runInit({
    files: {
      "hexad/services.yaml": FILE,
      "hexad/web.env": "GREETING=from the file\nOTHER='x y'\n",
      "hexad/services.d/more.yaml":
        "services: {cron: {environment: {MORE: 1}}, extra: {command: sleep 1000}}\n",
    },
    env: { TEAM: "red" },
    command: [
      "sh",
      "-c",
      [
        "pid() { s6-svstat -o pid /run/s6-rc/servicedirs/$1; }",
        "s6-rc -a list | sort | tr '\\n' ' '; echo",
        "until test $(wc -l </run/out) = 4; do sleep 0.1; done; sort /run/out",
        "until grep -qs web /logs/web/current; do sleep 0.1; done; sed 's/^[^ ]* [^ ]* //' /logs/web/current",
        "until test -s /run/ended; do sleep 0.1; done; cut -d' ' -f 1-3,5- /run/ended",
        "tr '\\0' '\\n' </proc/$(pid cron)/environ | grep MORE",
        "ls /run/s6-rc/servicedirs/web-log",
        "web=$(pid web) cron=$(pid cron) worker=$(pid worker-1)",
        "sed -i 's/sleep 1000/sleep 1001/; s/extra/other/' /etc/hexad/services.d/more.yaml",
        "sed -i 's/scale: 3/scale: 2/; s/^  worker:/  # moved\\n  worker:/; s/a  b/c/' /etc/hexad/services.yaml",
        "hexad apply -n; echo shown $?",
        'test "$web" = $(pid web) && echo the same',
        "hexad apply; echo applied $?",
        'test "$web" != $(pid web) && test "$cron" != $(pid cron) && test "$worker" = $(pid worker-1) && echo pids',
        "echo '  bad: {comand: x}' >>/etc/hexad/services.yaml",
        "hexad apply; echo refused $?",
        "hexad apply -n 2>/dev/null; s6-rc -a list | wc -l",
      ].join("\n"),
    ],
  });
  assertEquals([code, stdout.split("\n")], [0, [
    "cron extra fix-attrs legacy-cont-init legacy-services once prepare s6rc-fdholder s6rc-oneshot-runner web web-log worker-1 worker-2 worker-3 ",
    "prepared",
    "worker 1 of red",
    "worker 2 of red",
    "worker 3 of red",
    " web a  b 65534",
    "1 0 once of red",
    "MORE=1",
    "event",
    "logscript",
    "supervise",
    ...CHANGES,
    "shown 0",
    "the same",
    ...CHANGES,
    "applied 0",
    "pids",
    "refused 1",
    "13",
    "cleared",
    "",
  ]], stderr);
  assertEquals(warningsIn(stderr).filter((line) => !line.includes("marked as essential")), [
    ...[1, 2, 3].map(() => IMAGE),
    "hexad apply: warning: /etc/hexad/services.yaml:36:9: no such key: comand; did you mean command?",
    "hexad apply: warning: nothing is done: 1 mistake in the definitions",
  ]);
});
