/**
 * What a boot that fails means, by S6_BEHAVIOUR_IF_STAGE2_FAILS: whether services and the CMD are
 * started, what is said, and with what the container ends. Exit codes are those of s6-overlay
 * 3.2.3.
 */
import { assertEquals } from "@std/assert";
import type { TreeSpec } from "../fixture/tree.ts";
import { runInit, script, warningsIn } from "./overlay_container.ts";

/** What the CMD exits with, if it runs. */
const CMD = 9;
const RC = "s6-overlay/s6-rc.d";
const BUNDLE = "s6-overlay/user-bundles.d/user/contents.d";

interface Outcome {
  readonly code: number;
  /**
   * Of `web`, a service of services.d, and of `CMD`: those that were started. Undefined: `web` too,
   * and it may be stopped before it says so.
   */
  readonly started: string | undefined;
  /** All that is more than information. */
  readonly warnings: readonly string[];
}

interface Failing {
  readonly what: string;
  readonly files: TreeSpec;
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
  /** With 0, 1 and 2. */
  readonly outcomes: readonly [Outcome, Outcome, Outcome];
}

/** The service says that it runs; the CMD waits for that where it is to run. */
const WEB: TreeSpec = {
  "services.d/web/run!": script("echo web >>/tmp/started", "exec sleep 1000"),
};

function going(warnings: readonly string[] = [], started = "web CMD"): Outcome {
  return { code: CMD, started, warnings };
}

/** @param services whether they were started before it was known that the boot has failed */
function stopped(code: number, warnings: readonly string[], services = false): Outcome {
  return { code, started: services ? undefined : "", warnings };
}

const SCRIPT_FAILED = "cont-init: warning: 1 of 1 scripts failed: /etc/cont-init.d/migrate (3)";
const STEP_FAILED = "init: warning: 1 of the boot's steps failed (going on)";
const STEP_STOPS = "init: fatal: 1 of the boot's steps failed: stopping the container";
const ATTRIBUTES = "fix-attrs: warning: /etc/fix-attrs.d/a: unknown user: nobody-of-this-name";
const LATE =
  "init: warning: the boot took 300 ms (S6_CMD_WAIT_FOR_SERVICES_MAXTIME): waiting no longer";
const LOST = "services-up: warning: not up: lost";
const RC_FAILED =
  "s6-rc failed to properly bring all the services up! Check your logs (in /run/uncaught-logs/current if you have in-container logging) for more information.";
const RC_GOES_ON = `init: warning: ${RC_FAILED} (going on)`;
const RC_STOPS = `init: fatal: ${RC_FAILED}: stopping the container`;

const TIMED_OUT = "s6-rc: fatal: timed out";
const NOWHERE =
  "s6-rc: warning: /nowhere: the source can't be read: No such file or directory; name a directory of definitions";

const MIGRATE = [
  "s6-rc: warning: unable to start service migrate: command exited 3",
  "s6-rc: warning: not started because of migrate: legacy-services",
];

const FAILING: readonly Failing[] = [
  {
    what: "a script of cont-init.d",
    files: { ...WEB, "cont-init.d/migrate!": script("exit 3") },
    outcomes: [
      going(),
      going([SCRIPT_FAILED, STEP_FAILED]),
      stopped(1, [SCRIPT_FAILED, STEP_STOPS]),
    ],
  },
  {
    what: "a script of cont-init.d that outlasts S6_CMD_WAIT_FOR_SERVICES_MAXTIME",
    files: { ...WEB, "cont-init.d/migrate!": script("exec sleep 1000") },
    env: { S6_CMD_WAIT_FOR_SERVICES_MAXTIME: "300" },
    outcomes: [
      going([LATE], "CMD"),
      going([LATE, STEP_FAILED], "CMD"),
      stopped(2, [LATE, STEP_STOPS]),
    ],
  },
  {
    what: "S6_STAGE2_HOOK",
    files: WEB,
    env: { S6_STAGE2_HOOK: "sh -c 'exit 5'" },
    outcomes: [
      going(["init: warning: S6_STAGE2_HOOK exited 5"]),
      going(["init: warning: S6_STAGE2_HOOK exited 5"]),
      stopped(5, [
        "init: warning: S6_STAGE2_HOOK exited 5",
        "init: fatal: S6_STAGE2_HOOK exited 5: stopping the container",
      ]),
    ],
  },
  {
    what: "a list of fix-attrs.d",
    files: { ...WEB, "fix-attrs.d/a": "/data true nobody-of-this-name 0600 0700\n", "/data/x": "" },
    outcomes: [
      going([ATTRIBUTES]),
      going([ATTRIBUTES, STEP_FAILED]),
      stopped(1, [ATTRIBUTES, STEP_STOPS]),
    ],
  },
  {
    what: "a service that is waited for and ends for good",
    files: {
      ...WEB,
      "services.d/lost/run!": script("exit 1"),
      "services.d/lost/finish!": script("exit 125"),
    },
    env: { S6_CMD_WAIT_FOR_SERVICES: "1" },
    outcomes: [going([LOST]), going([LOST, STEP_FAILED]), stopped(1, [LOST, STEP_STOPS], true)],
  },
  {
    what: "a service that nobody waits for and that ends for good",
    files: {
      ...WEB,
      "services.d/lost/run!": script("exit 1"),
      "services.d/lost/finish!": script("exit 125"),
    },
    outcomes: [going(), going(), going()],
  },
  {
    what: "a service that is not ready within S6_CMD_WAIT_FOR_SERVICES_MAXTIME",
    files: {
      ...WEB,
      "services.d/lost/run!": script("exec sleep 1000"),
      "services.d/lost/notification-fd": "3\n",
    },
    env: { S6_CMD_WAIT_FOR_SERVICES: "1", S6_CMD_WAIT_FOR_SERVICES_MAXTIME: "300" },
    outcomes: [
      going([LATE, LOST]),
      going([LATE, LOST, "init: warning: 2 of the boot's steps failed (going on)"]),
      stopped(
        2,
        [LATE, LOST, "init: fatal: 2 of the boot's steps failed: stopping the container"],
        true,
      ),
    ],
  },
  {
    what: "a oneshot",
    files: {
      ...WEB,
      [`${RC}/migrate/type`]: "oneshot\n",
      [`${RC}/migrate/up`]: 'sh -c "exit 3"\n',
      [`${BUNDLE}/migrate`]: "",
    },
    outcomes: [
      going(MIGRATE, "CMD"),
      going([...MIGRATE, RC_GOES_ON], "CMD"),
      stopped(1, [...MIGRATE, RC_STOPS]),
    ],
  },
  {
    what: "a oneshot that outlasts S6_CMD_WAIT_FOR_SERVICES_MAXTIME",
    files: {
      ...WEB,
      [`${RC}/migrate/type`]: "oneshot\n",
      [`${RC}/migrate/up`]: "sleep 1000\n",
      [`${BUNDLE}/migrate`]: "",
    },
    env: { S6_CMD_WAIT_FOR_SERVICES_MAXTIME: "300" },
    outcomes: [
      going([TIMED_OUT], "CMD"),
      going([TIMED_OUT, RC_GOES_ON], "CMD"),
      stopped(2, [TIMED_OUT, RC_STOPS]),
    ],
  },
  {
    what: "a bundle folder that is not there",
    files: { ...WEB, [`${RC}/x/type`]: "oneshot\n", [`${RC}/x/up`]: "true\n" },
    env: { S6_RUNTIME_BUNDLEDIR: "/nowhere" },
    outcomes: [
      going([NOWHERE]),
      going([NOWHERE, RC_GOES_ON]),
      stopped(1, [NOWHERE, RC_STOPS], true),
    ],
  },
];

for (const { what, files, env = {}, flags = [], outcomes } of FAILING) {
  outcomes.forEach((outcome, behaviour) => {
    Deno.test(`overlay failure: ${what}, with S6_BEHAVIOUR_IF_STAGE2_FAILS=${behaviour}`, async () => {
      const waits = outcome.started?.includes("web")
        ? "until grep -q web /tmp/started 2>/dev/null; do sleep 0.01; done; "
        : "";
      const { code, stdout, stderr } = await runInit({
        files: {
          ...files,
          "cont-finish.d/z!": script(
            'test -e /tmp/started && tr "\\n" " " </tmp/started',
            "exit 0",
          ),
        },
        env: { S6_BEHAVIOUR_IF_STAGE2_FAILS: `${behaviour}`, S6_KILL_GRACETIME: "100", ...env },
        command: ["sh", "-c", `${waits}echo CMD >>/tmp/started; exit ${CMD}`],
        flags: ["--tmpfs", "/tmp:mode=1777", ...flags],
      });
      const warnings = warningsIn(stderr).filter((line) =>
        !line.includes("is marked as essential")
      );
      const started = stdout.trim();
      const isOpen = outcome.started === undefined && ["", "web"].includes(started);
      assertEquals({ code, started: isOpen ? undefined : started, warnings }, outcome);
    });
  });
}
