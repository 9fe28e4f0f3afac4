/**
 * Images of s6-overlay 3 whose services are definitions for s6-rc: the reference cases of the real
 * overlay, and what hexad promises beyond it.
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ROOT } from "../../tools/layout.ts";
import { eventually } from "../fixture/deadline.ts";
import { runContainer } from "./container.ts";
import { addFiles, addOverlay, image } from "./images.ts";
import { runInit, script, startInit, warningsIn } from "./overlay_container.ts";

const CASES = `${ROOT}/tests/fixture/s6-rc-overlay`;

interface OverlayCase {
  readonly note: string;
  readonly files: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly command: string;
  readonly readOnly?: boolean;
  /** Sent to PID 1 in the middle of the boot. */
  readonly signal?: string;
  readonly expected: readonly string[];
  /** 137: the original hung and was killed. */
  readonly exit: number;
}

/** What comes of a case here, where it is meant to be something else than there, and why. */
const OTHERWISE: Readonly<
  Record<
    string,
    { readonly reason: string; readonly exit: number; readonly lines: readonly string[] }
  >
> = {
  "06-no-type": {
    reason: "the original hangs; here the broken definition is left out, and the rest boots",
    exit: 0,
    lines: [
      "s6-rc: warning: /etc/s6-overlay/s6-rc.d/x/type: there is no such file; write oneshot, longrun or bundle into it",
      "s6-rc: warning: not started because of x: x",
      "CMD runs",
    ],
  },
  "14-term-in-boot": {
    reason: "the original finishes the whole boot first; here it is called off",
    exit: 0,
    lines: [
      "s6-rc: info: service slow: starting",
      "s6-rc: info: service legacy-cont-init successfully stopped",
    ],
  },
  "20-stop": {
    reason:
      "the original waits for ever for a service that ignores SIGTERM; here S6_SERVICES_GRACETIME is the limit",
    exit: 0,
    lines: [
      "first down",
      "s6-rc: info: service stub successfully stopped",
      "s6-rc: info: service legacy-cont-init successfully stopped",
    ],
  },
};

/**
 * Lines of rc.init and of helper programs, which are said by /init here, and those that only hexad
 * says.
 */
const OURS_OR_THEIRS = [
  /^\/run\/s6\/basedir\/scripts\/rc\.init: /,
  /^init: /,
  /^s6-rc: warning: not (started|stopped) because of /,
  /^services-up: info: copying legacy longrun /,
  /^s6-linux-init-shutdownd: /,
];

function compared(lines: readonly string[]): string[] {
  return lines.filter((line) =>
    line !== "" && !OURS_OR_THEIRS.some((pattern) => pattern.test(line))
  ).sort();
}

function placed(files: Readonly<Record<string, string>>): Record<string, string> {
  // what is mounted takes the place of what the image has there
  return Object.fromEntries(
    Object.entries(files).map((
      [path, text],
    ) => [path.startsWith("etc/") ? path.slice(4) : `/${path}`, text]),
  );
}

for (const { name } of [...Deno.readDirSync(CASES)].sort((a, b) => a.name < b.name ? -1 : 1)) {
  const given: OverlayCase = JSON.parse(Deno.readTextFileSync(`${CASES}/${name}`));
  const key = name.replace(/\.json$/, "");
  const otherwise = OTHERWISE[key];
  Deno.test(`overlay s6-rc: ${key}: ${given.note}${otherwise === undefined ? "" : ` (${otherwise.reason})`}`, async () => {
    await using started = await startInit({
      files: placed(given.files),
      env: { S6_KILL_GRACETIME: "100", ...given.env },
      command: ["sh", "-c", given.command],
      flags: given.readOnly ? ["--read-only", "--tmpfs", "/run:exec"] : [],
    });
    const { container } = started;
    if (given.signal !== undefined) {
      await eventually("the boot", () => container.stderr.text.includes("service slow: starting"));
      await container.kill(given.signal);
    }
    const code = await container.ended();
    const lines = [...container.stdout.text.split("\n"), ...container.stderr.text.split("\n")];
    if (otherwise === undefined) {
      assertEquals(compared(lines), compared(given.expected));
      assertEquals(code, given.exit);
    } else {
      for (const line of otherwise.lines) {
        assertEquals(lines.includes(line), true, `${line}\nis not in\n${lines.join("\n")}`);
      }
      assertEquals(code, otherwise.exit);
    }
  });
}

const RC = "s6-overlay/s6-rc.d";
const BUNDLE = "s6-overlay/user-bundles.d/user/contents.d";

Deno.test("overlay s6-rc: a broken definition is left out with what needs it, the rest boots, and =2 makes it the end", async () => {
  const files = {
    [`${RC}/broken/type`]: "longrun\n",
    [`${RC}/needs/type`]: "oneshot\n",
    [`${RC}/needs/up`]: "echo never\n",
    [`${RC}/needs/dependencies.d/broken`]: "",
    [`${RC}/sound/type`]: "oneshot\n",
    [`${RC}/sound/up`]: "echo sound\n",
    [`${BUNDLE}/needs`]: "",
    [`${BUNDLE}/sound`]: "",
  };
  const boot = await runInit({ files, command: ["echo", "CMD"] });
  assertEquals([boot.code, boot.stdout], [0, "sound\nCMD\n"]);
  assertStringIncludes(
    boot.stderr,
    "s6-rc: warning: not started because of broken: broken, needs\n",
  );
  const strict = await runInit({
    files,
    env: { S6_BEHAVIOUR_IF_STAGE2_FAILS: "2" },
    command: ["echo", "CMD"],
  });
  assertEquals([strict.code, strict.stdout], [1, "sound\n"]);
});

Deno.test("overlay s6-rc: services and clients find what the original has under /run", async () => {
  const { code, stdout, stderr } = await runInit({
    files: {
      [`${RC}/web/type`]: "longrun\n",
      [`${RC}/web/run!`]: script("echo >&3", "exec sleep 1000"),
      [`${RC}/web/notification-fd`]: "3\n",
      [`${RC}/web/dependencies.d/base`]: "",
      [`${BUNDLE}/web`]: "",
    },
    command: [
      "sh",
      "-c",
      [
        "readlink /run/service/web | sed 's/init:....../init:X/'",
        "readlink /run/s6-rc | sed 's/init:....../init:X/'",
        "test -d /run/s6/db && echo db",
        "s6-svstat -o up,ready,wantedup /run/s6-rc/servicedirs/web",
        "s6-rc -u change nothing; echo $?",
        "s6-rc -d change web && s6-svstat -o up /run/service/web",
        "s6-rc-db list longruns",
      ].join("; "),
    ],
  });
  assertEquals(stdout.split("\n"), [
    "/run/s6-rc:s6-rc-init:X/servicedirs/web",
    "s6-rc:s6-rc-init:X",
    "db",
    "true true true",
    "3",
    "false",
    "s6rc-oneshot-runner",
    "s6rc-fdholder",
    "web",
    "",
  ], stderr);
  assertEquals(code, 0);
});

Deno.test("overlay s6-rc: a longrun that is never ready does not keep the container from being stopped", async () => {
  await using started = await startInit({
    files: {
      [`${RC}/never/type`]: "longrun\n",
      [`${RC}/never/run!`]: script("exec sleep 1000"),
      [`${RC}/never/notification-fd`]: "3\n",
      [`${BUNDLE}/never`]: "",
    },
    command: ["echo", "CMD"],
  });
  const { container } = started;
  await eventually("the start", () => container.stderr.text.includes("service never: starting"));
  await container.kill("TERM");
  assertEquals(await container.ended(), 0);
  assertEquals(container.stdout.text, "");
});

Deno.test("overlay s6-rc: services run where nothing under /run can be executed, as any user", async () => {
  for (
    const flags of [["--tmpfs", "/run:noexec"], ["--user", "12345:0"]]
  ) {
    const { code, stdout, stderr } = await runInit({
      files: {
        [`${RC}/web/type`]: "longrun\n",
        [`${RC}/web/run!`]: script("echo >&3", "exec sleep 1000"),
        [`${RC}/web/notification-fd`]: "3\n",
        [`${RC}/prepare/type`]: "oneshot\n",
        [`${RC}/prepare/up`]: "echo prepared\n",
        [`${BUNDLE}/web`]: "",
        [`${BUNDLE}/prepare`]: "",
      },
      command: ["s6-svstat", "-o", "ready", "/run/service/web"],
      flags,
    });
    assertEquals([code, stdout], [0, "prepared\ntrue\n"], stderr);
  }
});

Deno.test("overlay s6-rc: S6_RUNTIME_BUNDLEDIR is where the user's bundles are; one that is not there is told", async () => {
  const files = {
    [`${RC}/a/type`]: "oneshot\n",
    [`${RC}/a/up`]: "echo a runs\n",
    "bundles/user/contents.d/a": "",
  };
  assertEquals(
    (await runInit({ files, env: { S6_RUNTIME_BUNDLEDIR: "/etc/bundles" }, command: ["true"] }))
      .stdout,
    "a runs\n",
  );
  const missing = await runInit({
    files,
    env: { S6_RUNTIME_BUNDLEDIR: "/nowhere" },
    command: ["echo", "CMD"],
  });
  assertEquals(missing.stdout, "CMD\n");
  assertEquals(
    warningsIn(missing.stderr).some((line) => line.includes("/nowhere")),
    true,
    missing.stderr,
  );
});

Deno.test("overlay s6-rc: an image's own user, and any other, has services where /run is root's", async () => {
  for (const user of ["1000:1000", "654321:0"]) {
    const { code, stdout, stderr } = await runInit({
      files: {
        [`${RC}/web/type`]: "longrun\n",
        [`${RC}/web/run!`]: script("echo >&3", "exec sleep 1000"),
        [`${RC}/web/notification-fd`]: "3\n",
        [`${BUNDLE}/web`]: "",
      },
      command: [
        "sh",
        "-c",
        "s6-rc -a list | grep web; s6-rc -d change web && s6-svstat -o up /run/service/web; ls -d /run/s6-rc/servicedirs/web",
      ],
      flags: ["--user", user],
    });
    assertEquals([code, stdout], [0, "web\nfalse\n/run/s6-rc/servicedirs/web\n"], stderr);
  }
});

Deno.test("overlay s6-rc: definitions that the user may not read are told, and are a failed boot", async () => {
  await image("overlay-shell");
  await addFiles(
    "rc-closed",
    "overlay-shell",
    { [`etc/${RC}/x/type`]: "oneshot\n", [`etc/${RC}/x/up`]: "true\n" },
    `RUN chmod 700 /etc/${RC}\n`,
  );
  for (const [behaviour, code, stdout] of [["0", 0, "CMD\n"], ["2", 1, ""]] as const) {
    const flags = ["--user", "1000:1000", "--env", `S6_BEHAVIOUR_IF_STAGE2_FAILS=${behaviour}`];
    const ended = await runContainer({ image: "rc-closed", flags, command: ["echo", "CMD"] });
    assertEquals([ended.code, ended.stdout], [code, stdout], ended.stderr);
    assertStringIncludes(ended.stderr, "/etc/s6-overlay/s6-rc.d: ");
  }
});

Deno.test("overlay s6-rc: ADDed to an image that has s6-overlay 3, the tarball takes its place", async () => {
  await image("shell");
  const theirs = script("echo the original runs", "exit 99");
  await addFiles("rc-original", "shell", {
    "init!": theirs,
    "package/admin/s6-2.13.1.0/command/s6-svc!": theirs,
    "package/admin/s6=": "s6-2.13.1.0",
    "package/admin/s6-overlay-3.2.1.0/command/with-contenv!": theirs,
    "package/admin/s6-overlay=": "s6-overlay-3.2.1.0",
    "command/s6-svc=": "../package/admin/s6/command/s6-svc",
    "command/with-contenv=": "../package/admin/s6-overlay/command/with-contenv",
    [`etc/${RC}/user/type`]: "bundle\n",
    [`etc/${RC}/user/contents.d/web`]: "",
    [`etc/${RC}/web/type`]: "longrun\n",
    [`etc/${RC}/web/dependencies.d/base`]: "",
    [`etc/${RC}/web/run!`]: "#!/command/with-contenv sh\necho web: $GREETING\nexec sleep 1000\n",
  });
  await addOverlay("rc-over-original", "rc-original");
  const { code, stdout, stderr } = await runContainer({
    image: "rc-over-original",
    flags: ["--env", "GREETING=hello"],
    command: ["/package/admin/s6/command/s6-svc", "-wD", "-d", "/run/service/web"],
  });
  assertEquals([code, stdout], [0, "web: hello\n"], stderr);
});

Deno.test("overlay s6-rc: S6_VERBOSITY=3 tells how long the boot took", async () => {
  const files = {
    [`${RC}/prepare/type`]: "oneshot\n",
    [`${RC}/prepare/up`]: "true\n",
    [`${BUNDLE}/prepare`]: "",
    "services.d/web/run!": script("exec sleep 1000"),
  };
  const { stderr } = await runInit({ files, env: { S6_VERBOSITY: "3" }, command: ["true"] });
  assertMatch(stderr, /^init: info: 2 services in \d+\.\d s, slowest [a-z-]+ \d+\.\d s$/m);
});

Deno.test("overlay s6-rc: what a oneshot says at boot is in the catch-all log, with S6_LOGGING=1 on the console too, with 2 not", async () => {
  const files = {
    [`${RC}/prepare/type`]: "oneshot\n",
    [`${RC}/prepare/up`]: 'foreground { echo words } redirfd -w 1 /dev/fd/2 echo "other words"\n',
    [`${BUNDLE}/prepare`]: "",
  };
  const wait =
    'until grep -q " words$" $1 && grep -q "other words$" $1; do sleep 0.05; done; echo CMD';
  for (const [value, stdout, isShown] of [["1", "CMD\n", true], ["2", "", false]] as const) {
    const ended = await runInit({
      files,
      env: { S6_LOGGING: value },
      command: ["sh", "-c", wait, "sh", "/run/uncaught-logs/current"],
    });
    assertEquals([ended.code, ended.stdout], [0, stdout], ended.stderr);
    for (const line of ["\nwords\n", "\nother words\n"]) {
      assertEquals(`\n${ended.stderr}`.includes(line), isShown, ended.stderr);
    }
  }
});
