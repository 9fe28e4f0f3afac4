/**
 * podman with storage of its own under the temporary directory, which nothing outlives: what the
 * developer does with podman, and what it does to the machine (its locks, its networks), are left
 * alone. Needs root.
 */
import { type Background, type Result, run, start } from "../fixture/command.ts";
import { PseudoTerminal } from "./pseudo_terminal.ts";

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

function configuration(root: string): string {
  return `[engine]\nlock_type = "file"\n[network]\nnetwork_config_dir = "${root}/networks"\n`;
}

export class Podman {
  readonly root: string;
  readonly #flags: readonly string[];
  readonly #env: Readonly<Record<string, string>>;
  readonly runFlags: readonly string[] = runFlags();

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
      "vfs",
      "--cgroup-manager",
      "cgroupfs",
      "--runtime",
      "runc",
    ];
    Deno.mkdirSync(`${root}/networks`, { recursive: true });
    Deno.writeTextFileSync(`${root}/containers.conf`, configuration(root));
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

  /** Removes every container and then the storage. */
  async remove(): Promise<void> {
    await this.done(["rm", "--all", "--force", "--time", "0"]);
    await Deno.remove(this.root, { recursive: true });
  }
}

/** What a run that was killed has left behind. */
async function removeLeftovers(directory: string): Promise<void> {
  for (const { name } of Deno.readDirSync(directory)) {
    const pid = name.startsWith(PREFIX) ? /^\d+/.exec(name.slice(PREFIX.length))?.[0] : undefined;
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) {
      await new Podman(`${directory}/${name}`).remove();
    }
  }
}

function existsSync(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

let opened: Promise<Podman> | undefined;

async function open(): Promise<Podman> {
  if (Deno.uid() !== 0) {
    throw new Error(
      "the container tests need root: podman makes their images and containers with it",
    );
  }
  const directory = Deno.env.get("TMPDIR") ?? "/tmp";
  await removeLeftovers(directory);
  return new Podman(Deno.makeTempDirSync({ dir: directory, prefix: `${PREFIX}${Deno.pid}-` }));
}

/** The one podman of a test run, with its images. */
export function podman(): Promise<Podman> {
  return opened ??= open();
}

/** Ends every container of this run and removes what podman stored. */
export async function closePodman(): Promise<void> {
  const closing = opened;
  opened = undefined;
  if (closing !== undefined) await (await closing).remove();
}
