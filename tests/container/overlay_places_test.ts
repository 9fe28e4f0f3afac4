/**
 * Where scripts and health checks made for s6-overlay look, and what they write: paths of the
 * original's, exit codes, profiles.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { runInit, script, warningsIn } from "./overlay_container.ts";

Deno.test("overlay places: a service of services.d is in /run/s6/legacy-services too, for whoever asks there", async () => {
  for (const flags of [[], ["--user", "1000:1000"], ["--tmpfs", "/run:noexec"]]) {
    const { code, stdout, stderr } = await runInit({
      files: {
        "services.d/web/run!": script("exec sleep 1000"),
        "services.d/web/log/run!": script("exec cat"),
      },
      env: { S6_CMD_WAIT_FOR_SERVICES: "1" },
      command: [
        "sh",
        "-c",
        [
          "ls /run/s6/legacy-services",
          "s6-svstat -o up /run/s6/legacy-services/web",
          "s6-svok /run/s6/legacy-services/web/log && echo logger",
          "s6-svc -wD -d /run/s6/legacy-services/web && s6-svstat -o up /run/service/web",
        ].join("; "),
      ],
      flags,
    });
    assertEquals([code, stdout], [0, "web\ntrue\nlogger\nfalse\n"], stderr);
  }
});

Deno.test("overlay places: commands are where the original's packages have them", async () => {
  const { code, stdout, stderr } = await runInit({
    files: {
      "cont-init.d/a!":
        "#!/package/admin/execline/command/execlineb -P\n/package/admin/s6-portable-utils/command/s6-echo script\n",
      "cont-init.d/b!": "#!/package/admin/s6-overlay/command/with-contenv sh\necho $GREETING\n",
      "services.d/web/run!": script("exec sleep 1000"),
    },
    env: { GREETING: "hello", S6_CMD_WAIT_FOR_SERVICES: "1" },
    command: [
      "sh",
      "-c",
      "/package/admin/s6/command/s6-svc -wD -d /run/service/web && /package/admin/s6/command/s6-svstat -o up /run/service/web; " +
      "test -x /package/admin/s6-rc/command/s6-rc && echo s6-rc",
    ],
  });
  assertEquals([code, stdout], [0, "script\nhello\nfalse\ns6-rc\n"], stderr);
});

const EXIT_CODES: readonly (readonly [written: string, code: number, warning?: string])[] = [
  ["7", 7],
  [" 7 ", 7],
  ["255", 255],
  ["", 0],
  ["256", 255, "256 is more than 255 (using 255)"],
  ["300", 255, "300 is more than 255 (using 255)"],
  ["abc", 100, 'not an exit code: "abc" (using 100)'],
  ["-1", 100, 'not an exit code: "-1" (using 100)'],
];

const RESULTS = "/run/s6-linux-init-container-results/exitcode";

for (const [written, expected, warning] of EXIT_CODES) {
  Deno.test(`overlay places: ${JSON.stringify(written)} as exitcode ends the container with ${expected}`, async () => {
    const { code, stderr } = await runInit({
      files: { "cont-finish.d/a!": script(`echo '${written}' >${RESULTS}`) },
      command: ["true"],
    });
    const warnings = warning === undefined ? [] : [`init: warning: ${RESULTS}: ${warning}`];
    assertEquals([code, warningsIn(stderr)], [expected, warnings]);
  });
}

Deno.test("overlay places: a misspelt S6_RUNTIME_PROFILE is fatal, and tells those that there are", async () => {
  const { code, stdout, stderr } = await runInit({
    files: {
      "cont-init.d/a!": script("echo of /etc"),
      "cont-profile.d/small/cont-init.d/a!": script("echo small"),
      "cont-profile.d/large/cont-init.d/a!": script("echo large"),
    },
    env: { S6_RUNTIME_PROFILE: "smal" },
    command: ["echo", "CMD"],
  });
  assertEquals([code, stdout], [100, ""]);
  assertEquals(
    stderr,
    "init: fatal: unable to use S6_RUNTIME_PROFILE=smal: /etc/cont-profile.d/smal: No such file or directory; there is large, small\n",
  );
  const none = await runInit({
    env: { S6_RUNTIME_PROFILE: "/etc/passwd-of-nobody" },
    command: ["echo", "CMD"],
  });
  assertEquals([none.code, none.stdout], [100, ""]);
  assertStringIncludes(
    none.stderr,
    "the image has no profiles: make /etc/passwd-of-nobody, or leave the variable out\n",
  );
});
