import { assertEquals } from "@std/assert";
import { ENOENT } from "../../../lib/core/linux/errno.ts";
import { notifyFifodir } from "../../../lib/fifodir/notify.ts";
import { subscribe } from "../../../lib/fifodir/subscribe.ts";
import { type Pipe, pipe, pipeBytes } from "../../../lib/libc/fd.ts";
import { close } from "../../../lib/libc/file.ts";
import { spawn } from "../../../lib/libc/spawn.ts";
import {
  type PollOutcome,
  pollReadiness,
  type ReadinessPoll,
} from "../../../lib/servicedir/readiness_poll.ts";
import { TemporaryServicedir } from "./temporary_servicedir.ts";

/** A service whose notification pipe and events the test holds. */
class PolledService implements Disposable {
  readonly dir = new TemporaryServicedir();
  readonly notification: Pipe = pipe();
  readonly warnings: string[] = [];

  constructor() {
    this.dir.mkdir("event");
  }

  /** Polls with a shell script as the check; `$1` is the directory. */
  poll(script: string, plan: Partial<ReadinessPoll> = {}): Promise<PollOutcome> {
    return pollReadiness({
      notificationFd: this.notification.writeFd,
      events: subscribe(`${this.dir.path}/event`),
      program: "sh",
      start: () =>
        Promise.resolve(
          spawn({ path: "/bin/sh", argv: ["sh", "-c", script, "sh", this.dir.path] }),
        ),
      initialSleepMs: 0,
      waitMs: 1,
      tryTimeoutMs: 0,
      globalTimeoutMs: 0,
      tries: 0,
      warn: (text) => this.warnings.push(text),
      ...plan,
    });
  }

  /** Sends `events` as soon as the check has written into the file `started`. */
  async notifyOnceStarted(events: string): Promise<void> {
    const started = await Deno.open(`${this.dir.path}/started`, { read: true });
    await started.read(new Uint8Array(10));
    started.close();
    notifyFifodir(`${this.dir.path}/event`, events);
  }

  get listeners(): number {
    return [...Deno.readDirSync(`${this.dir.path}/event`)].length;
  }

  [Symbol.dispose](): void {
    close(this.notification.readFd);
    close(this.notification.writeFd);
    this.dir[Symbol.dispose]();
  }
}

Deno.test("pollReadiness() tells readiness once the check succeeds", async () => {
  using service = new PolledService();
  assertEquals(
    await service.poll('echo try >>"$1/tries"; test "$(wc -l <"$1/tries")" -eq 3'),
    "ready",
  );
  assertEquals(pipeBytes(service.notification.readFd), 1);
  assertEquals(Deno.readTextFileSync(`${service.dir.path}/tries`), "try\ntry\ntry\n");
  assertEquals(service.listeners, 0);
});

Deno.test("pollReadiness() gives up after so many tries and tells nothing", async () => {
  using service = new PolledService();
  assertEquals(await service.poll('echo try >>"$1/tries"; exit 1', { tries: 2 }), "gave up");
  assertEquals(pipeBytes(service.notification.readFd), 0);
  assertEquals(Deno.readTextFileSync(`${service.dir.path}/tries`), "try\ntry\n");
});

Deno.test("pollReadiness() stops when the service goes down, also while a check runs, and ends the check", async () => {
  using service = new PolledService();
  service.dir.fifo("started", { read: false });
  service.dir.fifo("fate", { read: false });
  const polling = service.poll(
    'trap "echo ended >$1/fate; exit" TERM; echo go >"$1/started"; while :; do sleep 0.01; done',
  );
  await service.notifyOnceStarted("d");
  assertEquals(await polling, "stopped");
  assertEquals(await Deno.readTextFile(`${service.dir.path}/fate`), "ended\n");
  assertEquals(service.listeners, 0);
});

Deno.test("pollReadiness() goes on at events that don't end the service", async () => {
  using service = new PolledService();
  service.dir.fifo("started", { read: false });
  const polling = service.poll('echo go >"$1/started"; read line <"$1/answer"', { tries: 1 });
  service.dir.fifo("answer", { read: false });
  await service.notifyOnceStarted("uU");
  Deno.writeTextFileSync(`${service.dir.path}/answer`, "yes\n");
  assertEquals(await polling, "ready");
});

Deno.test("pollReadiness() stops when nobody reads the notification pipe any more", async () => {
  using service = new PolledService();
  close(service.notification.readFd);
  assertEquals(
    await service.poll("exit 1", { initialSleepMs: 3_600_000, events: undefined }),
    "stopped",
  );
});

Deno.test("pollReadiness() ends a check that takes too long, and counts the try", async () => {
  using service = new PolledService();
  const script = 'echo try >>"$1/tries"; exec sleep 1000';
  assertEquals(await service.poll(script, { tries: 2, tryTimeoutMs: 20 }), "gave up");
});

Deno.test("pollReadiness() kills a check that is deaf to SIGTERM before it tries again", async () => {
  using service = new PolledService();
  const script =
    'if test -e "$1/pid"; then kill -0 "$(cat "$1/pid")" 2>/dev/null || exit 0; exit 1; fi; trap "" TERM; echo $$ >"$1/pid"; exec sleep 1000';
  assertEquals(await service.poll(script, { tries: 50, tryTimeoutMs: 100 }), "ready");
});

Deno.test("pollReadiness() times out as a whole, between checks and during one", async () => {
  using service = new PolledService();
  assertEquals(
    await service.poll("exit 1", { waitMs: 3_600_000, globalTimeoutMs: 30 }),
    "timed out",
  );
  assertEquals(await service.poll("exec sleep 1000", { globalTimeoutMs: 30 }), "timed out");
});

Deno.test("pollReadiness() warns about a check that can't be started, and tries again", async () => {
  using service = new PolledService();
  const start = () => Promise.resolve(-ENOENT);
  assertEquals(await service.poll("", { program: "nope", start, tries: 2 }), "gave up");
  assertEquals(service.warnings, Array(2).fill("unable to spawn nope: No such file or directory"));
});
