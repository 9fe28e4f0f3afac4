/**
 * Containers that are given less than usual: each runs, restarts and stops a service with its
 * logger as any other container does.
 */
import { assertEquals, assertThrows } from "@std/assert";
import { run } from "../fixture/command.ts";
import { makeTree, type Tree, type TreeSpec } from "../fixture/tree.ts";
import { type Container, startContainer } from "./container.ts";
import { memoryLimitOf } from "./host_processes.ts";
import { image, type ImageName } from "./images.ts";
import { loggedService, wholeLog } from "./service_tree.ts";

const ORDINARY_USER = "1000:1000";
const MEGABYTE = 1024 * 1024;

/** podman would put a tmpfs on /tmp, /run and others of a read-only container by itself. */
const READ_ONLY = ["--read-only", "--read-only-tmpfs=false"];
const NO_PRIVILEGES = ["--cap-drop", "all", "--security-opt", "no-new-privileges"];
const LITTLE_MEMORY = ["--memory", `${64 * MEGABYTE}`];

/**
 * The scan directory is filled at the start from what the image brings, as on a machine whose root
 * can't be written to.
 */
const FROM_TEMPLATES = [
  "/bin/sh",
  "-c",
  "cp -a /service/. /run/service && exec s6-svscan /run/service",
];

/** All that a supervisor writes is somewhere else than the service directory. */
function linkedTo(directory: string, name: string): TreeSpec {
  return {
    [`${name}/supervise=`]: `${directory}/${name.replace("/", "-")}-supervise`,
    [`${name}/event=`]: `${directory}/${name.replace("/", "-")}-event`,
  };
}

interface Confinement {
  readonly title: string;
  readonly flags: readonly string[];
  readonly image?: ImageName;
  readonly command?: readonly string[];
  readonly scandir?: string;
  /** Added to the tree. */
  readonly files?: TreeSpec;
  readonly readOnlyTree?: boolean;
  /** Who owns the tree. */
  readonly owner?: string;
  readonly check?: (container: Container) => Promise<void>;
}

async function assertMemoryLimit(container: Container): Promise<void> {
  assertEquals(
    memoryLimitOf(await container.hostPid()),
    64 * MEGABYTE,
    "the limit that the kernel has",
  );
}

async function assertNoTmp(container: Container): Promise<void> {
  const root = `/proc/${await container.hostPid()}/root`;
  assertThrows(() => Deno.lstatSync(`${root}/tmp`), Deno.errors.NotFound);
  assertThrows(() => Deno.lstatSync(`${root}/var`), Deno.errors.NotFound);
}

const CONFINEMENTS: readonly Confinement[] = [
  { title: "no /tmp and no /var", flags: [], check: assertNoTmp },
  { title: "a read-only root, the scan directory on a volume", flags: READ_ONLY },
  {
    title: "a read-only root, the scan directory on a tmpfs",
    flags: [...READ_ONLY, "--tmpfs", "/run/service:rw,exec"],
    image: "shell",
    command: FROM_TEMPLATES,
    scandir: "/run/service",
  },
  {
    title:
      "a read-only root with read-only service directories, whose supervise and event are links to a tmpfs",
    flags: [...READ_ONLY, "--tmpfs", "/run:rw", "--tmpfs", "/svscan:rw"],
    readOnlyTree: true,
    files: {
      ".s6-svscan=": "/svscan",
      "db/log/out=": "/run/out",
      ...linkedTo("/run", "db"),
      ...linkedTo("/run", "db/log"),
    },
  },
  { title: "an ordinary user", flags: ["--user", ORDINARY_USER], owner: ORDINARY_USER },
  {
    title: "a user that no file knows, in root's group",
    flags: ["--user", "654321:0"],
    owner: "654321:0",
  },
  { title: "no capability, and no way to get one", flags: NO_PRIVILEGES },
  { title: "64 MB of memory", flags: LITTLE_MEMORY, check: assertMemoryLimit },
  {
    title: "an ordinary user, a read-only root, no capability and 64 MB of memory",
    flags: ["--user", ORDINARY_USER, ...READ_ONLY, ...NO_PRIVILEGES, ...LITTLE_MEMORY],
    owner: ORDINARY_USER,
    check: assertMemoryLimit,
  },
];

async function give(tree: Tree, owner: string): Promise<void> {
  const { code, stderr } = await run("chown", ["-hR", owner, tree.root]);
  assertEquals(code, 0, stderr);
}

for (const confinement of CONFINEMENTS) {
  const { title, flags, command, scandir = "/service" } = confinement;
  Deno.test(`confinement: ${title}: a service is started, restarted and stopped in order`, async () => {
    using tree = makeTree({ ...loggedService("db"), ...confinement.files });
    if (confinement.owner !== undefined) await give(tree, confinement.owner);
    await using container = await startContainer({
      image: await image(confinement.image ?? "probe"),
      tree,
      readOnlyTree: confinement.readOnlyTree ?? false,
      flags,
      ...(command === undefined ? {} : { command }),
    });
    await container.stdout.until("db: up\n");
    await confinement.check?.(container);
    assertEquals(
      await container.said("/usr/bin/s6-svstat", "-o", "up,wantedup", `${scandir}/db`),
      "true true\n",
    );
    await container.said("/usr/bin/s6-svc", "-wr", "-r", `${scandir}/db`);
    await container.stdout.until(/db: last line\n(.*\n)*db: up\n/);
    assertEquals(await container.stop(), 0);
    const once = "db: up\ndb: asked to stop by signal 15\ndb: last line\n";
    assertEquals(container.stdout.text, once + wholeLog("db"));
    assertEquals(container.stderr.text, "");
  });
}
