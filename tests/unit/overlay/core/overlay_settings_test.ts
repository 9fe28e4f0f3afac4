import { assertEquals } from "@std/assert";
import {
  commandRules,
  OVERLAY_VARIABLES,
  overlayPath,
  parseOverlaySettings,
  profileDirectory,
  variableWords,
} from "../../../../lib/overlay/core/overlay_settings.ts";

function parse(env: Readonly<Record<string, string>>): ReturnType<typeof parseOverlaySettings> {
  return parseOverlaySettings(new Map(Object.entries(env)));
}

Deno.test("parseOverlaySettings(): without variables the defaults of s6-overlay 3 hold", () => {
  const { settings, warnings } = parse({ PATH: "/bin" });
  assertEquals(warnings, []);
  assertEquals(settings, {
    keepEnv: false,
    logging: 0,
    loggingScript: "n20 s1000000 T",
    loggingPrefix: "",
    catchallUser: "root",
    verbosity: 2,
    ifStage2Fails: 0,
    stage2Hook: "",
    cmdArg0: "",
    cmdUseTerminal: false,
    cmdReceiveSignals: false,
    cmdWithContenv: false,
    cmdRestartPolicy: "",
    cmdRestartDelayMs: 0,
    cmdRestartDelayMaxMs: 0,
    cmdMaxRestarts: undefined,
    cmdDrainMs: 0,
    scriptDrainMs: 0,
    cmdKillLeftovers: false,
    waitForServices: false,
    bootMaxMs: 0,
    servicesReadyMs: 50,
    servicesGraceMs: 3000,
    finishMaxMs: 5000,
    killGraceMs: 3000,
    readOnlyRoot: false,
    acceptWorldWritable: false,
    rundir: "/run",
    serve: "",
    syncDisks: false,
    applySysctl: false,
    fixAttrsHidden: false,
    runtimeProfile: "",
    runtimeBundledir: "",
    waitForClosingFd: 0,
  });
});

Deno.test("parseOverlaySettings(): a flag is on for any number but 0, and leading zeros are zeros", () => {
  const flags = ["0", "1", "2", "00", "01"].map((value) =>
    parse({ S6_KEEP_ENV: value }).settings.keepEnv
  );
  assertEquals(flags, [false, true, true, false, true]);
});

Deno.test("parseOverlaySettings(): a word is one of those that there are", () => {
  const prefixes = ["name", "time", "json", "", "JSON"].map((value) =>
    parse({ S6_LOGGING_PREFIX: value })
  );
  assertEquals(prefixes.map(({ settings }) => settings.loggingPrefix), [
    "name",
    "time",
    "json",
    "",
    "",
  ]);
  assertEquals(prefixes[4]!.warnings, [
    "S6_LOGGING_PREFIX: not one of name, time, json: JSON (using none)",
  ]);
});

Deno.test("parseOverlaySettings(): a frequency is N/SECONDS", () => {
  const parsed = ["3/60", "3", "3/0", "4097/1", ""].map((value) =>
    parse({ S6_CMD_MAX_RESTARTS: value, S6_CMD_RESTART_POLICY: "always" })
  );
  const none = undefined;
  assertEquals(parsed.map(({ settings }) => settings.cmdMaxRestarts), [
    { count: 3, withinMs: 60_000 },
    none,
    none,
    none,
    none,
  ]);
  assertEquals(parsed.map(({ warnings }) => warnings.length), [0, 1, 1, 1, 0]);
  assertEquals(parsed[1]!.warnings, [
    "S6_CMD_MAX_RESTARTS: not N/SECONDS with N up to 4096 and at least one second: 3 (using none)",
  ]);
});

for (
  const [policy, effective] of [["", "never"], ["never", "never"], ["on-failure", "on-failure"], [
    "always",
    "always",
  ]] as const
) {
  Deno.test(`commandRules(): S6_CMD_RESTART_POLICY=${policy} is ${effective}`, () => {
    const { settings } = parse({
      S6_CMD_RESTART_POLICY: policy,
      S6_CMD_RESTART_DELAY: "5",
      S6_CMD_MAX_RESTARTS: "1/2",
    });
    assertEquals(commandRules(settings), {
      policy: effective,
      delayMs: 5,
      delayMaxMs: 0,
      maxRestarts: { count: 1, withinMs: 2000 },
    });
  });
}

Deno.test("parseOverlaySettings(): what says when the CMD is started again is told to have no effect where it never is", () => {
  const delays = {
    S6_CMD_RESTART_DELAY: "5",
    S6_CMD_RESTART_DELAY_MAX: "50",
    S6_CMD_MAX_RESTARTS: "1/2",
  };
  const warnings = Object.keys(delays).map((name) =>
    `${name} has no effect without S6_CMD_RESTART_POLICY=always or on-failure`
  );
  assertEquals(parse(delays).warnings, warnings);
  assertEquals(parse({ ...delays, S6_CMD_RESTART_POLICY: "never" }).warnings, warnings);
  assertEquals(parse({ ...delays, S6_CMD_RESTART_POLICY: "on-failure" }).warnings, []);
});

Deno.test("parseOverlaySettings(): an empty variable counts as not set", () => {
  const { settings, warnings } = parse({
    S6_KILL_GRACETIME: "",
    S6_LOGGING_SCRIPT: "",
    S6_KEEP_ENV: "",
  });
  assertEquals([settings.killGraceMs, settings.loggingScript, settings.keepEnv, warnings], [
    3000,
    "n20 s1000000 T",
    false,
    [],
  ]);
});

Deno.test("parseOverlaySettings(): what is no number is warned about and counts as not set", () => {
  const { settings, warnings } = parse({
    S6_KEEP_ENV: "true",
    S6_KILL_GRACETIME: "3s",
    S6_VERBOSITY: "-1",
  });
  assertEquals([settings.keepEnv, settings.killGraceMs, settings.verbosity], [false, 3000, 2]);
  assertEquals(warnings, [
    "S6_KEEP_ENV: not an unsigned number: true (using 0)",
    "S6_VERBOSITY: not an unsigned number: -1 (using 2)",
    "S6_KILL_GRACETIME: not an unsigned number: 3s (using 3000)",
  ]);
});

Deno.test("parseOverlaySettings(): what is above the bound is the bound, with a warning", () => {
  const { settings, warnings } = parse({
    S6_KILL_GRACETIME: "300001",
    S6_BEHAVIOUR_IF_STAGE2_FAILS: "3",
  });
  assertEquals([settings.killGraceMs, settings.ifStage2Fails], [300_000, 2]);
  assertEquals(warnings.length, 2);
});

const MISSPELT = [
  ["S6_KILL_GRACE_TIME", "S6_KILL_GRACETIME"],
  ["S6_BEHAVIOR_IF_STAGE2_FAILS", "S6_BEHAVIOUR_IF_STAGE2_FAILS"],
  ["S6_CMD_WAIT_FOR_SERVICE", "S6_CMD_WAIT_FOR_SERVICES"],
  ["S6_VERBOCITY", "S6_VERBOSITY"],
  ["s6_keep_env", "S6_KEEP_ENV"],
  ["S6_KEEPENV", "S6_KEEP_ENV"],
  ["S6_CMD_RESTART_DELAYMAX", "S6_CMD_RESTART_DELAY_MAX"],
  ["S6_CMD_TIMEOUT_DRAINS", "S6_CMD_TIMEOUT_DRAIN"],
] as const;

for (const [name, meant] of MISSPELT) {
  Deno.test(`parseOverlaySettings(): ${name} is taken for a misspelling of ${meant}, and ignored`, () => {
    const { settings, warnings } = parse({ [name]: "1" });
    assertEquals(warnings, [
      `${name} is no variable of this overlay: is ${meant} meant? (ignoring it)`,
    ]);
    assertEquals(settings, parse({}).settings);
  });
}

Deno.test("parseOverlaySettings(): other people's names are not misspellings, and none of ours is one of another", () => {
  assertEquals(
    parse({ S6_OVERLAY_VERSION: "3.2.3.2", S6_OVERLAY_ARCH: "x86_64", S6_URL: "x", KEEP_ENV: "1" })
      .warnings,
    [],
  );
  const words: Record<string, string> = {
    S6_LOGGING_PREFIX: "name",
    S6_CMD_RESTART_POLICY: "always",
    S6_CMD_MAX_RESTARTS: "1/1",
  };
  const values = OVERLAY_VARIABLES.map((name) => [name, words[name] ?? "1"]);
  assertEquals(parse(Object.fromEntries(values)).warnings, []);
});

const PATHS = [
  [undefined, "/command:/usr/bin:/bin"],
  ["", "/command:/usr/bin:/bin"],
  ["/usr/local/bin:/usr/bin:/bin", "/command:/usr/local/bin:/usr/bin:/bin"],
  ["/opt/bin", "/command:/usr/bin:/bin:/opt/bin"],
  ["/bin:/command", "/usr/bin:/bin:/command"],
] as const;

for (const [given, path] of PATHS) {
  Deno.test(`overlayPath(): ${given} becomes ${path}`, () =>
    assertEquals(overlayPath(given), path));
}

Deno.test("variableWords(): splits at blanks, tabs and newlines, and knows no quotes", () => {
  assertEquals(variableWords(" /entry.sh  'a b'\n\tc "), ["/entry.sh", "'a", "b'", "c"]);
});

Deno.test("profileDirectory(): /etc, a name below /etc/cont-profile.d, or an absolute path", () => {
  assertEquals(["", "web", "/srv/profile"].map(profileDirectory), [
    "/etc",
    "/etc/cont-profile.d/web",
    "/srv/profile",
  ]);
});
