/**
 * The scan directory's port on libc, and its control files. Source: s6-svscan.c, control_init;
 * modes: .s6-svscan 0700, lock and control 0600.
 */
import type { OutputForm } from "../logreader/core/service_line.ts";
import { SUPERVISE_DIRECTORY } from "../servicedir/core/supervise_files.ts";
import { SVSCAN_CTLDIR } from "./core/svscan_names.ts";
import { MAX_DELAY_MS } from "../core/time/longest_delay.ts";
import { EEXIST, EIO, ENOENT, ENOTDIR, strerror } from "../core/linux/errno.ts";
import { encodePath } from "../core/text/path_bytes.ts";
import { spawnFailureText } from "../core/diagnosis/spawn_diagnosis.ts";
import { gatherSpawnFacts } from "../supervise/spawn_facts.ts";
import type { Portions } from "../libc/portions.ts";
import type { ScanResult } from "./core/scandir.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { ownershipCure } from "../core/linux/ownership_cure.ts";
import { geteuid } from "../libc/process.ts";
import { monotonicMs } from "../libc/clock.ts";
import { type Pipe, pipe, pipeBytes } from "../libc/fd.ts";
import { O_CREAT, O_DIRECTORY, O_PATH, O_RDWR } from "../core/linux/open_flags.ts";
import {
  access,
  chdir,
  close,
  fchdir,
  mkdir,
  open,
  readDirectory,
  tryOpen,
  umask,
  unlink,
  X_OK,
} from "../libc/file.ts";
import { releaseStartupMemory } from "../libc/memory.ts";
import { replaceEverywhere } from "../libc/replace_descriptors.ts";
import { lockFd } from "../libc/lock.ts";
import { spawn } from "../libc/spawn.ts";
import { fileKey, isDirectory, stat, tryStat } from "../libc/stat.ts";
import { openFile } from "../libc/wary_open.ts";
import { startTimer } from "../fifodir/timer.ts";
import { isRemote, type Mount } from "../loghost/core/mount_table.ts";
import { FileSystems } from "../loghost/file_systems.ts";
import type { FormerPipes } from "../loghost/former_hosts.ts";
import { OutputLog as HostedOutputLog } from "../loghost/output_log.ts";
import { openControlFifo, UnsuitableError } from "../supervise/control.ts";
import type { World } from "../supervise/world.ts";
import { ENTRANCE, listenIn } from "../files/sockets.ts";
import { SlowDisk } from "../supervise/slow_disk.ts";
import { supervise } from "../supervise/supervise.ts";
import { touchBeside } from "../libc/touch_beside.ts";
import { goOnSupervising } from "./go_on_supervising.ts";
import { DistantSupervisor, type SupervisorCommand } from "./distant_supervisor.ts";
import { findFormerPipe } from "./former_pipe.ts";
import { Listing, type Look } from "./listing.ts";
import type {
  OutputLog,
  PortListing,
  ScandirPort,
  SuperviseRequest,
  SupervisorHandle,
} from "./port.ts";

const LOCK = `${SVSCAN_CTLDIR}/lock`;
const CONTROL = `${SVSCAN_CTLDIR}/control`;

/** What s6-svscan holds until it exits. */
export interface ScandirControl {
  readonly dirFd: number;
  /** Never closed, since that would drop the lock. */
  readonly lockFd: number;
  readonly controlFd: number;
  /**
   * A listening socket for s6-rc-init, if requested; an error if it could not be made, for a
   * warning.
   */
  readonly entrance?: number | SyscallError;
}

/**
 * Opened before the FIFO, so that a program that finds a reader on the FIFO finds the socket, too.
 */
function openEntrance(): number | SyscallError {
  try {
    return listenIn(SVSCAN_CTLDIR, ENTRANCE);
  } catch (error) {
    if (error instanceof SyscallError) return error;
    throw error;
  }
}

function makeControlFiles(withEntrance: boolean): Omit<ScandirControl, "dirFd"> {
  const made = mkdir(SVSCAN_CTLDIR, 0o700);
  if (made < 0 && made !== -EEXIST) checked(`create directory ${SVSCAN_CTLDIR}`, made);
  if (made < 0 && !isDirectory(stat(SVSCAN_CTLDIR).mode)) {
    throw new UnsuitableError(`${SVSCAN_CTLDIR} exists and is not a directory`);
  }
  const lock = openFile(LOCK, O_RDWR | O_CREAT, { mode: 0o600 });
  if (!lockFd(lock, { exclusive: true, wait: false })) {
    throw new UnsuitableError(
      "another instance of s6-svscan is already running on the same directory",
    );
  }
  const entrance = withEntrance ? { entrance: openEntrance() } : {};
  return { lockFd: lock, controlFd: openControlFifo(CONTROL), ...entrance };
}

/** Removes broken links, which are what is left of services that have gone. */
function removeDanglingLinks(): void {
  for (const name of readDirectory(".")) {
    if (!name.startsWith(".") && access(name, X_OK) === -ENOENT) unlink(name);
  }
}

/**
 * Takes the scan directory and makes it the current directory.
 *
 * @param options `withEntrance`: listen for s6-rc-init; the caller then has to accept the clients.
 * @throws {UnsuitableError} If another s6-svscan has it, or something in it is not of the kind
 *   that it must be (exit code 100).
 * @throws {SyscallError} If anything can't be created or opened (exit code 111).
 */
export function takeScandir(
  path: string,
  options: { readonly withEntrance?: boolean } = {},
): ScandirControl {
  checked(`chdir to ${path}`, chdir(path));
  const dirFd = open(".", O_PATH | O_DIRECTORY);
  const mask = umask(0);
  try {
    const files = makeControlFiles(options.withEntrance === true);
    // without the lock we must not touch what belongs to the other s6-svscan
    removeDanglingLinks();
    return { dirFd, ...files };
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    const place = { directory: path, linkable: SVSCAN_CTLDIR, uid: geteuid() };
    throw new SyscallError(error.action, error.errno, ownershipCure(error.errno, place));
  } finally {
    umask(mask);
  }
}

export interface SystemScandirPortOptions {
  readonly control: ScandirControl;
  readonly world: World;
  /** The form of lines from services without a logger, if they get names. */
  readonly outputForm?: OutputForm;
  /** The length in bytes of the longest name. */
  readonly nameMax: number;
  /**
   * The command that runs `s6-supervise` with these arguments; absent: all service directories are
   * supervised in this process.
   */
  distantSupervisor?(args: readonly string[]): SupervisorCommand;
  /** Whether a companion manages that service and must be told of its events at once. */
  isCompanions?(name: string): boolean;
  /** What log hosts of a former s6-svscan have read; absent: nobody was before us. */
  readonly formerPipes?: FormerPipes;
  onTimer(): void;
  /** Called in place of giving memory back. */
  settle?(): void;
  warn(text: string): void;
}

/** Device and inode, if it is a directory. */
function devinoOf(path: string, warn: (text: string) => void): string | undefined {
  const record = tryStat(path);
  if (typeof record !== "number") {
    return isDirectory(record.mode) ? fileKey(record) : undefined;
  }
  if (record === -ENOENT || record === -ENOTDIR) return undefined;
  warn(`unable to stat ${path}: ${strerror(-record)} (leaving that service as it is)`);
  return "unclear";
}

export class SystemScandirPort implements ScandirPort {
  readonly #options: SystemScandirPortOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #fileSystems = new FileSystems();
  /** Keyed by device: disks with service directories that may hang alone. */
  readonly #disks = new Map<string, SlowDisk>();

  constructor(options: SystemScandirPortOptions) {
    this.#options = options;
  }

  #enter(): void {
    fchdir(this.#options.control.dirFd);
  }

  monotonicMs(): number {
    return monotonicMs();
  }

  get portions(): Portions {
    return this.#options.world.poller.portions;
  }

  list(): PortListing {
    this.#enter();
    const names = readDirectory(".").filter((name) => !name.startsWith("."));
    const listing = new Listing(names, (name, warn) => this.#look(name, warn));
    const next = (): ScanResult | undefined => {
      this.#enter();
      return listing.next();
    };
    return { next };
  }

  #look(name: string, warn: (text: string) => void): Look {
    if (this.#isTooLong(name, warn)) return undefined;
    const devino = devinoOf(name, warn);
    if (devino === undefined || devino === "unclear") return devino;
    const log = devinoOf(`${name}/log`, warn);
    if (log === "unclear") return log;
    return log === undefined ? { name, devino } : { name, devino, log };
  }

  #isTooLong(name: string, warn: (text: string) => void): boolean {
    const { nameMax } = this.#options;
    if (name.length <= nameMax && encodePath(name).length <= nameMax) return false;
    warn(
      `name too long - not spawning service: ${name} (s6-svscan -L raises the limit of ${nameMax})`,
    );
    return true;
  }

  pipe(): Pipe {
    return pipe();
  }

  formerPipe(producer: string, logger?: string): Pipe | undefined {
    const { control: { dirFd }, world: { lives }, formerPipes } = this.#options;
    if (lives?.world === undefined || formerPipes === undefined) return undefined;
    this.#enter();
    // a disk that may hang keeps its pipes to itself
    if (this.#fileSystems.awayFrom(dirFd, producer) !== undefined) return undefined;
    return findFormerPipe(formerPipes, lives.world, {
      producer: `./${producer}`,
      ...(logger === undefined ? {} : { logger: `./${logger}` }),
    });
  }

  close(fd: number): void {
    close(fd);
  }

  hasUnread(readFd: number): boolean {
    return pipeBytes(readFd) > 0;
  }

  logOutput(service: string, readFd: number, onEnd: () => void): OutputLog {
    const { control, world, outputForm, warn } = this.#options;
    if (world.logHosting === undefined) throw new Error("there are no log hosts");
    return new HostedOutputLog({
      hosting: world.logHosting,
      directoryFd: control.dirFd,
      monotonicMs,
      later: startTimer,
      hasUnread: this.hasUnread,
      close,
      warn: (text) => warn(`output of ${service}: ${text}`),
    }, { service, form: outputForm ?? { kind: "name" }, readFd, onEnd });
  }

  supervise(service: SuperviseRequest): SupervisorHandle {
    this.#enter();
    const { control, world, distantSupervisor, isCompanions } = this.#options;
    if (service.held !== undefined) return goOnSupervising(world, service, service.held);
    const mount = this.#fileSystems.awayFrom(control.dirFd, service.name);
    if (mount === undefined) return supervise(world, { ...service, path: service.name });
    if (distantSupervisor !== undefined && isRemote(mount) && !isCompanions?.(service.name)) {
      return new DistantSupervisor(
        service,
        distantSupervisor([service.name.startsWith("-") ? `./${service.name}` : service.name]),
        world.reaper,
      );
    }
    const disk = this.#diskOf(mount);
    if (disk.isStuck) throw new SyscallError(`supervise ${service.name}`, EIO, "its disk is stuck");
    return supervise(world, { ...service, path: service.name, disk });
  }

  /** The same object for all services on that disk. */
  #diskOf({ device, point }: Mount): SlowDisk {
    const known = this.#disks.get(device);
    if (known !== undefined) return known;
    const disk = new SlowDisk({
      touch: (dirFd) => touchBeside(dirFd, SUPERVISE_DIRECTORY),
      later: startTimer,
      warn: (text) => this.#options.warn(text),
    }, `the disk on ${point}`);
    this.#disks.set(device, disk);
    return disk;
  }

  setTimer(atMs: number | undefined): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (atMs === undefined) return;
    const delayMs = Math.max(0, Math.ceil(atMs - monotonicMs()));
    this.#timer = setTimeout(() => this.#options.onTimer(), Math.min(delayMs, MAX_DELAY_MS));
  }

  runSignalProgram(signal: string): boolean {
    const path = `${SVSCAN_CTLDIR}/${signal}`;
    const otherwise = `(doing what ${signal} does by itself)`;
    try {
      this.#enter();
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      this.#options.warn(`unable to look for ${path}: ${error.reason} ${otherwise}`);
      return false;
    }
    if (access(path, X_OK) < 0) return false;
    const result = spawn({ path, argv: [path] });
    if (result < 0) {
      this.#options.warn(`${spawnFailureText(gatherSpawnFacts(path, -result))} ${otherwise}`);
    }
    return result >= 0;
  }

  settle(): void {
    this.#options.formerPipes?.release();
    this.#options.world.oom.mark();
    const { settle = releaseStartupMemory } = this.#options;
    settle();
  }

  releaseOutput(): void {
    this.#options.world.logHosting?.releaseOutput();
    const nullFd = tryOpen("/dev/null", O_RDWR);
    if (nullFd < 0) return this.#options.warn(`unable to open /dev/null: ${strerror(-nullFd)}`);
    try {
      replaceEverywhere(1, nullFd);
      replaceEverywhere(2, nullFd);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      this.#options.warn(`${error.message} (the catch-all logger may not see its end)`);
    } finally {
      close(nullFd);
    }
  }

  reap(): void {
    this.#options.world.reaper.reap();
  }

  warn(text: string): void {
    this.#options.warn(text);
  }
}
