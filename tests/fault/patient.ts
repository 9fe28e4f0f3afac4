/**
 * s6-svscan on a tree in which something is going to be wrong, beside a service that has nothing to
 * do with it.
 *
 * What every test asks at its end is `recovered`: the process is the same one, it still supervises,
 * the services that should be up are, descriptors are as many as before, its own memory is within
 * MEMORY_BOUND_BYTES of before, and nothing in its output is a stack trace.
 */
import { assert, assertEquals, assertLessOrEqual, assertNotMatch } from "@std/assert";
import type { Svstatus } from "../../lib/servicedir/core/svstatus.ts";
import { unpackSvstatus } from "../../lib/servicedir/core/svstatus.ts";
import { type Result, run, signalProcess } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { subscribe } from "../fixture/events.ts";
import { isAlive } from "../fixture/processes.ts";
import { startSvscan, type Svscan, type SvscanOptions } from "../fixture/scan.ts";
import { OURS, requireToolset, THEIRS, type Toolset } from "../fixture/toolset.ts";
import { makeTree, type Tree, type TreeSpec } from "../fixture/tree.ts";
import { openDescriptors, ownBytes } from "./process_facts.ts";

/**
 * More than what a runtime's garbage and compiled code come to between two collections, less than
 * what a leak comes to in a storm.
 */
export const MEMORY_BOUND_BYTES = 32e6;

/** The service that has nothing to do with the fault. */
export const BYSTANDER = "bystander";

/** A script that stays. */
export const SLEEP = "#!/bin/sh\nexec sleep 1000000\n";

/** What a user must never see: a line of a JavaScript stack, or a text of the runtime. */
export const STACK_TRACE =
  /^\s+at .*[:(].*\d+|\bUncaught\b|\(os error \d+\)|internal error|panicked at/m;

/** Less than the fixtures' limit, so that it is known which service was waited for. */
const SVWAIT_MS = 40_000;

/** An ordinary user whom nobody is: his rights end where file modes say so, unlike root's. */
const NOBODY_ID = "65534";

export interface PatientOptions extends SvscanOptions {
  /** Run s6-svscan as an ordinary user who owns the tree. */
  readonly ordinaryUser?: boolean;
  /** Services that are up before the fault and after it, besides the bystander. */
  readonly healthy?: readonly string[];
  /** Called once the files of the tree are there, before anything runs. */
  readonly prepare?: (tree: Tree) => void;
  /** Whose s6-svscan it is, once that is done. Default: OURS. */
  readonly toolset?: (tree: Tree) => Toolset;
}

function asOrdinaryUser(tree: Tree): readonly string[] {
  if (Deno.uid() !== 0) return [];
  const { success, stderr } = new Deno.Command("chown", {
    args: ["-RhP", `${NOBODY_ID}:${NOBODY_ID}`, tree.root],
  }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return ["setpriv", `--reuid=${NOBODY_ID}`, `--regid=${NOBODY_ID}`, "--clear-groups"];
}

export class Patient implements AsyncDisposable {
  readonly tree: Tree;
  readonly svscan: Svscan;
  readonly #healthy: readonly string[];
  /** Words that make a program run as the user who runs s6-svscan. */
  readonly #user: readonly string[];
  #descriptors = 0;
  #ownBytes = 0;

  private constructor(
    tree: Tree,
    svscan: Svscan,
    healthy: readonly string[],
    user: readonly string[],
  ) {
    this.#user = user;
    this.tree = tree;
    this.svscan = svscan;
    this.#healthy = [BYSTANDER, ...healthy];
  }

  /**
   * Starts s6-svscan on the services of `spec` and the bystander, and waits until the healthy ones
   * are up.
   */
  static async admit(spec: TreeSpec, options: PatientOptions = {}): Promise<Patient> {
    requireToolset(OURS);
    requireToolset(THEIRS);
    const {
      ordinaryUser = false,
      healthy = [],
      prepare,
      toolset = () => OURS,
      under = [],
      ...rest
    } = options;
    const tree = makeTree({ [`${BYSTANDER}/run!`]: SLEEP, ...spec });
    try {
      prepare?.(tree);
      const user = ordinaryUser ? asOrdinaryUser(tree) : [];
      const svscan = await startSvscan(toolset(tree), tree, {
        ...rest,
        under: [...under, ...user],
      });
      const patient = new Patient(tree, svscan, healthy, user);
      try {
        await patient.up(...patient.#healthy);
        // then what s6-svscan does once at its start is over
        await patient.obeyed(BYSTANDER);
        patient.measure();
        return patient;
      } catch (error) {
        await svscan[Symbol.asyncDispose]();
        throw error;
      }
    } catch (error) {
      tree[Symbol.dispose]();
      throw error;
    }
  }

  /** Waits until all commands that a service, which is up, has been sent are obeyed. */
  async obeyed(service: string): Promise<void> {
    for (const [letter, paused] of [["p", true], ["c", false]] as const) {
      await eventually(`s6-svscan to obey s6-svc -${letter} ${service}`, async () => {
        // what is not up can't be paused; nor can what dies in between
        await this.client("s6-svc", [`-${letter}`], service);
        return this.status(service).flagpaused === paused;
      });
    }
  }

  get pid(): number {
    return this.svscan.pid;
  }

  /** All that s6-svscan and the services without a logger have written. */
  get said(): string {
    return this.svscan.output.text;
  }

  /** Takes descriptors and memory as they are now for those to come back to. */
  measure(): void {
    this.#descriptors = openDescriptors(this.pid);
    this.#ownBytes = ownBytes(this.pid);
  }

  status(service: string): Svstatus {
    return unpackSvstatus(this.tree.bytes(`${service}/supervise/status`));
  }

  /** One of C's clients, which have nothing in common with what is tested, run by the same user. */
  async client(
    program: string,
    args: readonly string[],
    ...services: readonly string[]
  ): Promise<Result> {
    const words = [
      ...this.#user,
      THEIRS.bin(program),
      ...args,
      ...services.map((service) => this.tree.path(service)),
    ];
    return await run(words[0]!, words.slice(1));
  }

  /**
   * Sends commands to services by s6-svc: ours, since C's does not know all letters. @throws
   * {AssertionError} If one is not supervised.
   */
  async command(letters: string, ...services: readonly string[]): Promise<void> {
    const { code, stderr } = await run(OURS.bin("s6-svc"), [
      `-${letters}`,
      ...services.map((service) => this.tree.path(service)),
    ]);
    assertEquals(code, 0, `s6-svc -${letters} ${services.join(" ")}: ${stderr}`);
  }

  async #waitFor(state: "-u" | "-d" | "-D" | "-U", services: readonly string[]): Promise<void> {
    await eventually(
      `supervisors of ${services.join(" ")}; s6-svscan said: ${this.said}`,
      () => services.every((name) => this.#isSupervised(name)),
    );
    const { code, stderr } = await this.client(
      "s6-svwait",
      [state, "-t", String(SVWAIT_MS)],
      ...services,
    );
    if (code === 0) return;
    const states = services.map((name) =>
      `${name}: ${
        JSON.stringify(this.status(name), ["pid", "wstat", "flagfinishing", "flagwantup"])
      }`
    );
    throw new Error(
      `s6-svwait ${state} exited ${code}: ${stderr}${
        states.join(", ")
      }; s6-svscan said: ${this.said}`,
    );
  }

  #isSupervised(service: string): boolean {
    return this.tree.exists(`${service}/supervise/status`);
  }

  up(...services: readonly string[]): Promise<void> {
    return this.#waitFor("-u", services);
  }

  down(...services: readonly string[]): Promise<void> {
    return this.#waitFor("-d", services);
  }

  /** Waits until the services are down and their finish scripts have ended. */
  finished(...services: readonly string[]): Promise<void> {
    return this.#waitFor("-D", services);
  }

  /** Kills a service and waits until its supervisor has started it again. */
  async killAndReturn(service: string): Promise<void> {
    await using events = subscribe(this.tree.path(`${service}/event`));
    // the death of one that was told to die just before may be yet to be noticed
    while (!isAlive(this.status(service).pid)) await events.until("u");
    signalProcess(this.status(service).pid, "SIGKILL");
    await events.expect("dDu");
    assert(isAlive(this.status(service).pid), `${service} says that it is up and is not`);
  }

  /** A line that s6-svscan or one of its supervisors has written, or will write. */
  async says(pattern: RegExp): Promise<void> {
    await this.svscan.output.until(pattern);
  }

  /** @throws {AssertionError} If anything is not as before the fault. */
  async recovered(...alsoUp: readonly string[]): Promise<void> {
    assert(isAlive(this.pid), `s6-svscan is dead; it said: ${this.said}`);
    await this.up(...this.#healthy, ...alsoUp);
    await this.killAndReturn(BYSTANDER);
    // a service that was told to die just before may have been seen alive above, and may not have
    // lived for a second
    for (const service of [...this.#healthy, ...alsoUp]) {
      await eventually(
        `${service} to be up with a process that lives`,
        () => isAlive(this.status(service).pid),
      );
    }
    assertNotMatch(this.said, STACK_TRACE);
    await eventually(
      `as many descriptors as before (${this.#descriptors}, now ${openDescriptors(this.pid)})`,
      () => openDescriptors(this.pid) <= this.#descriptors,
    );
    assertLessOrEqual(
      ownBytes(this.pid) - this.#ownBytes,
      MEMORY_BOUND_BYTES,
      "growth of its own memory",
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.svscan[Symbol.asyncDispose]();
    this.tree[Symbol.dispose]();
  }
}
