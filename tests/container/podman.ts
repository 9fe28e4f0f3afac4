/**
 * podman with storage of its own under the temporary directory, which nothing outlives: what the
 * developer does with podman, and what it does to the machine (its locks, its networks), are left
 * alone. Needs root.
 *
 * Files run beside each other; all those of a run share the storage, and the last one that is done
 * removes it (shared_directory.ts).
 */
import { refusalOf } from "../fault/refusal.ts";
import { type Background, type Result, run, start } from "../fixture/command.ts";
import { PseudoTerminal } from "./pseudo_terminal.ts";
import { SharedDirectory } from "./shared_directory.ts";

/** Building an image, at worst with the disk busy. */
const BUILD_TIMEOUT_MS = 300_000;
const TIMEOUT_MS = 60_000;

const PREFIX = "hexad-container-";

/** Bit of CapBnd in /proc/PID/status. Source: linux/capability.h. */
const CAP_SYS_RESOURCE = 24n;

/**
 * podman raises the limits of containers, for which this capability is needed: without it the
 * limits must be given.
 */
function mayRaiseLimits(): boolean {
  const bounding = /^CapBnd:\s*([0-9a-f]+)$/m.exec(Deno.readTextFileSync("/proc/self/status"))?.[1];
  if (bounding === undefined) throw new Error("unable to find CapBnd in /proc/self/status");
  return (BigInt(`0x${bounding}`) >> CAP_SYS_RESOURCE & 1n) === 1n;
}

/** What `podman run` needs on this machine. No container of the tests has a network. */
function runFlags(): string[] {
  return [
    "--network",
    "none",
    ...(mayRaiseLimits() ? [] : ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=4000:4000"]),
  ];
}

/**
 * "overlay" where such a file system can be mounted on the temporary directory, as engines have it;
 * else "vfs", which copies the whole image for each container.
 */
function storageDriver(directory: string): string {
  const probe = Deno.makeTempDirSync({ dir: directory });
  const script =
    'cd "$0" && mkdir a b c d && mount -t overlay -o lowerdir=a,upperdir=b,workdir=c none d';
  try {
    return refusalOf("unshare", ["--mount", "sh", "-c", script, probe]) === undefined
      ? "overlay"
      : "vfs";
  } finally {
    Deno.removeSync(probe, { recursive: true });
  }
}

function configuration(root: string): string {
  return `[engine]\nlock_type = "file"\n[network]\nnetwork_config_dir = "${root}/networks"\n`;
}

export class Podman {
  readonly root: string;
  readonly #flags: readonly string[];
  readonly #env: Readonly<Record<string, string>>;
  readonly runFlags: readonly string[] = runFlags();

  /** @param root as fill() has made it */
  constructor(root: string) {
    this.root = root;
    const directories = [
      "--root",
      `${root}/storage`,
      "--runroot",
      `${root}/run`,
      "--tmpdir",
      `${root}/tmp`,
    ];
    this.#flags = [
      ...directories,
      "--storage-driver",
      Deno.readTextFileSync(`${root}/driver`),
      "--cgroup-manager",
      "cgroupfs",
      "--runtime",
      "runc",
    ];
    this.#env = { CONTAINERS_CONF: `${root}/containers.conf` };
  }

  /** Runs podman to its end, whatever its exit code: that of `podman exec` is the program's. */
  run(args: readonly string[], timeoutMs = TIMEOUT_MS): Promise<Result> {
    return run("podman", [...this.#flags, ...args], { env: this.#env, timeoutMs });
  }

  /** Starts podman beside the test. */
  start(args: readonly string[]): Background {
    return start("podman", [...this.#flags, ...args], { env: this.#env });
  }

  /** Starts podman on a terminal of its own. */
  startOnTerminal(args: readonly string[]): PseudoTerminal {
    return new PseudoTerminal(["podman", ...this.#flags, ...args], this.#env);
  }

  /**
   * Runs podman to its end and gives what it wrote.
   * @throws {Error} If it fails.
   */
  async done(args: readonly string[], timeoutMs = TIMEOUT_MS): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, timeoutMs);
    if (code !== 0) throw new Error(`podman ${args.join(" ")} exited with ${code}: ${stderr}`);
    return stdout;
  }

  /**
   * Builds an image from a Dockerfile's text; `context` is the directory that its COPY and ADD take
   * files from.
   */
  async build(
    tag: string,
    dockerfile: string,
    context: string,
    flags: readonly string[] = [],
  ): Promise<void> {
    const file = `${this.root}/Dockerfile.${tag}`;
    Deno.writeTextFileSync(file, dockerfile);
    await this.done([
      "build",
      "--quiet",
      "--isolation",
      "chroot",
      ...flags,
      "--tag",
      tag,
      "--file",
      file,
      context,
    ], BUILD_TIMEOUT_MS);
  }

  /** Removes every container. */
  async removeContainers(): Promise<void> {
    await this.done(["rm", "--all", "--force", "--time", "0"]);
  }
}

/** Makes what podman needs. @param root what the directory will be called */
function fill(directory: string, root: string): void {
  Deno.mkdirSync(`${directory}/networks`);
  Deno.writeTextFileSync(`${directory}/driver`, storageDriver(directory));
  Deno.writeTextFileSync(`${directory}/containers.conf`, configuration(root));
}

/** What runs that were killed have left behind. */
async function removeLeftovers(directory: string): Promise<void> {
  for (const { name } of Deno.readDirSync(directory)) {
    const pid = name.startsWith(PREFIX) ? /^\d+/.exec(name.slice(PREFIX.length))?.[0] : undefined;
    if (pid !== undefined && !exists(`/proc/${pid}`)) {
      const root = `${directory}/${name}`;
      if (exists(`${root}/driver`)) await new Podman(root).removeContainers();
      await Deno.remove(root, { recursive: true });
    }
  }
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

interface Opened {
  readonly engine: Podman;
  readonly directory: SharedDirectory;
}

let opened: Promise<Opened> | undefined;

async function open(): Promise<Opened> {
  if (Deno.uid() !== 0) {
    throw new Error(
      "the container tests need root: podman makes their images and containers with it",
    );
  }
  const parent = Deno.env.get("TMPDIR") ?? "/tmp";
  // a file that is run by itself shares with nobody
  const path = `${parent}/${PREFIX}${Deno.env.get("HEXAD_TEST_RUN") ?? Deno.pid}`;
  const directory = await SharedDirectory.join(path, (staging) => fill(staging, path));
  await directory.once("leftovers", () => removeLeftovers(parent));
  return { engine: new Podman(path), directory };
}

/** The one podman of a test run, with its images. */
export async function podman(): Promise<Podman> {
  return (await (opened ??= open())).engine;
}

const made = new Map<string, Promise<void>>();

/** Makes something in podman's storage once per run, whichever file asks for it first. */
export function oncePerRun(name: string, make: () => Promise<void>): Promise<void> {
  let making = made.get(name);
  if (making === undefined) {
    opened ??= open();
    made.set(name, making = opened.then(({ directory }) => directory.once(name, make)));
  }
  return making;
}

/** Leaves podman; the last file of a run ends every container and removes what podman stored. */
async function leavePodman(): Promise<void> {
  const leaving = opened;
  opened = undefined;
  if (leaving === undefined) return;
  const { engine, directory } = await leaving;
  await directory.leave(() => engine.removeContainers());
}

Deno.test.afterAll(leavePodman);
