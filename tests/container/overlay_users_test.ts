/**
 * /init as whoever and with whatever the container has been given: each boots, restarts a service
 * with its logger, runs what `docker exec` asks for, and stops in order; or it says in one line
 * what keeps it from that, and what to do.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { makeTree, type TreeSpec } from "../fixture/tree.ts";
import { type Container, runContainer, startContainer } from "./container.ts";
import { memoryLimitOf } from "./host_processes.ts";
import { addFiles, image } from "./images.ts";
import { loggedService, under, wholeLog } from "./service_tree.ts";

const MEGABYTE = 1024 * 1024;
const USER = ["--user", "1000:1000"];
/** As OpenShift gives one: no file knows it, and its group is root's. */
const ANY_USER = ["--user", "654321:0"];
/** podman would put a tmpfs on /tmp, /run and others of a read-only container by itself. */
const READ_ONLY = ["--read-only", "--read-only-tmpfs=false"];
const NO_PRIVILEGES = ["--cap-drop", "all", "--security-opt", "no-new-privileges"];
const MAY_MOUNT = ["--cap-add", "SYS_ADMIN"];
const SAYS_READ_ONLY = ["--env", "S6_READ_ONLY_ROOT=1"];
const KUBERNETES = ["--env", "S6_YES_I_WANT_A_WORLD_WRITABLE_RUN_BECAUSE_KUBERNETES=1"];

/** Such as the emptyDir of a pod. */
interface Volume {
  readonly mode: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly noexec?: true;
}

interface Start {
  readonly title: string;
  readonly flags: readonly string[];
  /** The runtime directory; /run. */
  readonly rundir?: string;
  /** Mounted at the runtime directory. */
  readonly volume?: Volume;
  /** The image's /var/run is a link to /run, as in all distributions. */
  readonly varRun?: boolean;
}

interface Situation extends Start {
  /** What is said about it, a pattern for each line; usually nothing. */
  readonly warnings?: readonly RegExp[];
  readonly check?: (container: Container) => Promise<void>;
}

interface Refusal extends Start {
  readonly code: number;
  readonly message: RegExp;
}

async function assertMemoryLimit(container: Container): Promise<void> {
  assertEquals(
    memoryLimitOf(await container.hostPid()),
    64 * MEGABYTE,
    "the limit that the kernel has",
  );
}

const STICKY =
  /^init: warning: \/run belongs to uid 0, not to uid \d+; its sticky bit keeps others from what is ours there$/;
const OPEN =
  /^init: warning: \/run belongs to uid 0, not to uid \d+, and everybody may write there; accepted since S6_YES/;
const NOEXEC =
  /^init: warning: \/run is mounted noexec: scripts are run from where they are in the image/;
const NO_VAR_RUN =
  /^init: warning: unable to make \/var\/run a link to \/run: .*: RUN ln -s \/run \/var\/run$/;

const SITUATIONS: readonly Situation[] = [
  { title: "root", flags: [] },
  { title: "root without capabilities", flags: NO_PRIVILEGES },
  {
    title: "root with 64 MB of memory",
    flags: ["--memory", `${64 * MEGABYTE}`],
    check: assertMemoryLimit,
  },
  { title: "root in an image without /var/run", flags: [], varRun: false },
  {
    title: "root with a /run that is somebody else's",
    flags: [],
    volume: { mode: 0o700, uid: 1000 },
  },
  { title: "a user, in an image that was not made for one", flags: USER },
  { title: "a user without capabilities", flags: [...USER, ...NO_PRIVILEGES] },
  {
    title: "a user in an image without /var/run",
    flags: USER,
    varRun: false,
    warnings: [NO_VAR_RUN],
  },
  { title: "a user with a /run of his own", flags: USER, volume: { mode: 0o755, uid: 1000 } },
  { title: "a user with a sticky /run", flags: USER, volume: { mode: 0o1777 }, warnings: [STICKY] },
  {
    title: "a user with a sticky /run for his group",
    flags: USER,
    volume: { mode: 0o3770, gid: 1000 },
    warnings: [STICKY],
  },
  {
    title: "a user with a /run that everybody may write, when told so",
    flags: [...USER, ...KUBERNETES],
    volume: { mode: 0o777 },
    warnings: [OPEN],
  },
  {
    title: "a user with a tmpfs on /run that podman gives him",
    flags: [...USER, "--tmpfs", "/run:exec,U"],
  },
  {
    title: "a user with a read-only root, and a tmpfs on /run that podman gives him",
    flags: [...USER, ...READ_ONLY, "--tmpfs", "/run:exec,U"],
  },
  { title: "any user in root's group, in an image that was not made for one", flags: ANY_USER },
  {
    title: "any user in root's group, with a /run that the group may write",
    flags: ANY_USER,
    volume: { mode: 0o775 },
  },
  {
    title: "any user in root's group, with a /run that everybody may write, when told so",
    flags: [...ANY_USER, ...KUBERNETES],
    volume: { mode: 0o777 },
    warnings: [OPEN],
  },
  {
    title: "any user in root's group, without capabilities, a read-only root",
    flags: [...ANY_USER, ...NO_PRIVILEGES, ...READ_ONLY],
    volume: { mode: 0o2775 },
  },
  { title: "a read-only root, a volume on /run", flags: READ_ONLY, volume: { mode: 0o755 } },
  {
    title: "a read-only root, a tmpfs on /run",
    flags: [...READ_ONLY, ...SAYS_READ_ONLY, "--tmpfs", "/run:rw,exec"],
  },
  {
    title: "a read-only root without /var/run",
    flags: [...READ_ONLY, "--tmpfs", "/run:rw,exec"],
    varRun: false,
    warnings: [NO_VAR_RUN],
  },
  {
    title: "a read-only root, a tmpfs on /run from which nothing can be executed",
    flags: [...READ_ONLY, ...SAYS_READ_ONLY, "--tmpfs", "/run:rw,noexec"],
    warnings: [NOEXEC],
  },
  {
    title:
      "a user, a read-only root, no capability, a sticky tmpfs on /run from which nothing can be executed",
    flags: [...USER, ...READ_ONLY, ...NO_PRIVILEGES],
    volume: { mode: 0o1777, noexec: true },
    warnings: [STICKY, NOEXEC],
  },
  {
    title: "S6_READ_ONLY_ROOT and the right to mount: noexec is taken off /run",
    flags: [...READ_ONLY, ...SAYS_READ_ONLY, ...MAY_MOUNT, "--tmpfs", "/run:rw,noexec"],
  },
  {
    title: "a read-only root and the right to mount: /run gets a tmpfs",
    flags: [...READ_ONLY, ...MAY_MOUNT],
  },
  {
    title: "a read-only root, another writable directory",
    flags: [...READ_ONLY, "--tmpfs", "/work:rw,exec", "--env", "S6_RUNDIR=/work/run/"],
    rundir: "/work/run",
  },
  {
    title:
      "a user, a read-only root, no capability, another writable directory from which nothing can be executed",
    flags: [...USER, ...READ_ONLY, ...NO_PRIVILEGES, "--env", "S6_RUNDIR=/work"],
    volume: { mode: 0o1777, noexec: true },
    rundir: "/work",
    warnings: [
      /^init: warning: \/work belongs to uid 0, not to uid 1000; its sticky bit/,
      /^init: warning: \/work is mounted noexec/,
    ],
  },
];

const ROOTS_CURE =
  "start the container with --tmpfs /run:exec, or name a writable directory with S6_RUNDIR";
const USERS_CURE = "mount something at /run that uid 1000 may write " +
  String
    .raw`\(for a tmpfs --tmpfs /run:exec,U with podman, --tmpfs /run:exec,uid=1000 with docker\), ` +
  "or name a directory with S6_RUNDIR that it may write";

function refusal(text: string, cure: string): RegExp {
  return new RegExp(`^init: fatal: ${text}; ${cure}\n$`);
}

const REFUSALS: readonly Refusal[] = [
  {
    title: "a user with root's /run",
    flags: USER,
    volume: { mode: 0o755 },
    code: 100,
    message: refusal(
      "/run belongs to uid 0, not to uid 1000, and its mode 0755 keeps us out",
      USERS_CURE,
    ),
  },
  {
    title:
      "a user with a tmpfs on /run that podman has made root's, by copying what the image has there",
    flags: [...USER, "--tmpfs", "/run:exec"],
    code: 100,
    message: refusal(
      "/run belongs to uid 0, not to uid 1000, and its mode 0755 keeps us out",
      USERS_CURE,
    ),
  },
  {
    title: "a user with a /run that everybody may write",
    flags: USER,
    volume: { mode: 0o777 },
    code: 100,
    message: refusal(
      "/run belongs to uid 0, not to uid 1000, and everybody may write there",
      `if nobody else runs anything in this container, set S6_YES_\\w+=1, or ${USERS_CURE}`,
    ),
  },
  {
    title: "a user with another user's /run",
    flags: USER,
    volume: { mode: 0o1777, uid: 2000 },
    code: 100,
    message: refusal("/run belongs to uid 2000, not to uid 1000", USERS_CURE),
  },
  {
    title: "root without capabilities, with another user's /run",
    flags: NO_PRIVILEGES,
    volume: { mode: 0o755, uid: 1000 },
    code: 111,
    message: refusal("unable to chown /run to root: Operation not permitted", ROOTS_CURE),
  },
  {
    title: "nothing writable",
    flags: READ_ONLY,
    code: 111,
    message: refusal(
      String
        .raw`/run is not writable \(Read-only file system\), and a tmpfs can't be mounted on it \(Operation not permitted\)`,
      ROOTS_CURE,
    ),
  },
  {
    title: "an S6_RUNDIR that is no absolute path",
    flags: ["--env", "S6_RUNDIR=work"],
    code: 100,
    message: refusal("S6_RUNDIR is not an absolute path: work", "name one that begins with /"),
  },
];

/** What an image has: the service db, which the probe plays, and its logger. */
const SERVICE: TreeSpec = under("etc/services.d", loggedService("db"));

let built: Promise<void> | undefined;

async function build(): Promise<void> {
  await image("overlay-probe");
  await addFiles("users-bare", "overlay-probe", { ...SERVICE, "work/": "" });
  await addFiles("users", "users-bare", { "var/run=": "/run" });
}

/**
 * Everything that a container of these cases is made of; the directory of its volume goes when it
 * is disposed of.
 */
async function optionsFor(
  { flags, volume, varRun = true, rundir = "/run" }: Start,
): Promise<{ image: string; flags: string[] } & Disposable> {
  await (built ??= build());
  const tree = makeTree();
  if (volume !== undefined) {
    Deno.chownSync(tree.root, volume.uid ?? 0, volume.gid ?? 0);
    Deno.chmodSync(tree.root, volume.mode);
  }
  const mounted = volume === undefined
    ? []
    : ["--volume", `${tree.root}:${rundir}:${volume.noexec ? "noexec" : "exec"}`];
  return {
    image: varRun ? "users" : "users-bare",
    flags: [...flags, ...mounted],
    [Symbol.dispose]: () => tree[Symbol.dispose](),
  };
}

for (const situation of SITUATIONS) {
  const { title, warnings = [], rundir = "/run" } = situation;
  Deno.test(`overlay users: ${title}: a service is started, restarted and stopped in order`, async () => {
    using options = await optionsFor(situation);
    await using container = await startContainer({
      ...options,
      flags: [...options.flags, "--env", "S6_VERBOSITY=1"],
    });
    await container.stdout.until("db: up\n");
    await situation.check?.(container);
    const service = `${rundir}/service/db`;
    assertEquals(
      await container.said("/usr/bin/s6-svstat", "-o", "up,wantedup", service),
      "true true\n",
    );
    await container.said("/command/s6-svc", "-wr", "-r", service);
    await container.stdout.until(/db: last line\n(.*\n)*db: up\n/);
    assertEquals(await container.stop(), 0);
    const once = "db: up\ndb: asked to stop by signal 15\ndb: last line\n";
    assertEquals(container.stdout.text, once + wholeLog("db"));
    const said = container.stderr.text.split("\n").filter((line) => line !== "");
    assertEquals(said.length, warnings.length, container.stderr.text);
    warnings.forEach((pattern, i) => assertMatch(said[i]!, pattern));
  });
}

for (const situation of REFUSALS) {
  Deno.test(`overlay users: ${situation.title}: refused, with the cure`, async () => {
    using options = await optionsFor(situation);
    const { code, stdout, stderr } = await runContainer(options);
    assertMatch(stderr, situation.message);
    assertEquals([code, stdout], [situation.code, ""]);
  });
}

for (const user of [[], USER, ANY_USER]) {
  Deno.test(`overlay users: ${user[1] ?? "root"}: what is stopped and started again is cleaned up, and starts`, async () => {
    using options = await optionsFor({ title: "", flags: user });
    await using container = await startContainer(options);
    await container.stdout.until("db: up\n");
    await container.kill("KILL");
    assertEquals(await container.ended(), 137);
    await using again = await container.startAgain();
    await again.stdout.until("db: up\n");
    assertEquals(await again.stop(), 0);
  });
}
