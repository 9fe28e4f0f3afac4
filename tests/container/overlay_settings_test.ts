/**
 * Variables of /init that only a real container can show: descriptors of the engine's, the kernel,
 * names of version 2.
 */
import { assertEquals } from "@std/assert";
import { makeTree } from "../fixture/tree.ts";
import { runInit, script, startInit, warningsIn } from "./overlay_container.ts";

/** Death by SIGSYS, as a shell tells it. */
const KILLED_BY_SECCOMP = 128 + 31;

/** Becomes /init with a descriptor 3 that is at its end when somebody has made /go. */
const WITH_SYNC_FD = [
  "echo up",
  "mkfifo /sync",
  "{ until test -e /go; do sleep 0.01; done; echo closing; } 4>/sync &",
  "exec 3</sync",
  "exec /init echo CMD",
].join("\n");

Deno.test("overlay settings: S6_WAIT_FOR_CLOSING_FD: no script runs before the engine has closed that descriptor", async () => {
  await using started = await startInit({
    files: { "cont-init.d/a!": script("echo script; test -e /proc/self/fd/3 || echo closed") },
    env: { S6_WAIT_FOR_CLOSING_FD: "3" },
    flags: ["--entrypoint", "/bin/sh"],
    command: ["-c", WITH_SYNC_FD],
  });
  const { container } = started;
  await container.stdout.until("up\n");
  // as soon as it takes commands it does not do more by itself
  await container.said(
    "sh",
    "-c",
    "until s6-svscanctl -a /run/service 2>/dev/null; do sleep 0.01; done",
  );
  await container.said("touch", "/go");
  assertEquals(await container.ended(), 0);
  assertEquals(container.stdout.text, "up\nclosing\nscript\nclosed\nCMD\n");
});

Deno.test("overlay settings: S6_WAIT_FOR_CLOSING_FD with a descriptor that nobody has opened is no wait", async () => {
  const { code, stdout, stderr } = await runInit({
    env: { S6_WAIT_FOR_CLOSING_FD: "7" },
    command: ["echo", "CMD"],
  });
  assertEquals([code, stdout, warningsIn(stderr)], [0, "CMD\n", []]);
});

Deno.test("overlay settings: health and status say no as long as the boot runs, for services may be yet to come", async () => {
  await using started = await startInit({
    files: {
      "cont-init.d/a!": script("echo script: up", "until test -e /go; do sleep 0.01; done"),
    },
    command: ["sh", "-c", "echo CMD: up; exec sleep 1000"],
  });
  const { container } = started;
  await container.stdout.until("script: up\n");
  const status = await container.exec(["hexad", "status"]);
  assertEquals([(await container.exec(["hexad", "health"])).code, status.code], [1, 1]);
  assertEquals(
    status.stderr.trimEnd(),
    "hexad status: warning: /init still boots: services may be yet to come",
  );
  await container.said("touch", "/go");
  await container.stdout.until("CMD: up\n");
  await container.said("hexad", "health");
  await container.said("hexad", "status");
  await container.stop();
});

for (const [value, expected] of [["1", KILLED_BY_SECCOMP], ["0", 6]] as const) {
  Deno.test(`overlay settings: S6_SYNC_DISKS=${value}: the kernel ${value === "1" ? "is" : "is not"} asked for it at the end`, async () => {
    const deadly = { names: ["sync"], action: "SCMP_ACT_KILL_PROCESS" };
    using tree = makeTree({
      "profile.json": JSON.stringify({ defaultAction: "SCMP_ACT_ALLOW", syscalls: [deadly] }),
    });
    const { code, stdout } = await runInit({
      files: { "cont-finish.d/a!": script("echo finish") },
      env: { S6_SYNC_DISKS: value },
      flags: ["--security-opt", `seccomp=${tree.path("profile.json")}`],
      command: ["sh", "-c", "exit 6"],
    });
    assertEquals([code, stdout], [expected, "finish\n"]);
  });
}

Deno.test("overlay settings: S6_FIX_ATTRS_HIDDEN: names that begin with a dot too", async () => {
  for (const [value, mode] of [["0", "644"], ["1", "600"]] as const) {
    const { stdout } = await runInit({
      files: {
        "fix-attrs.d/a": "/data true 0:0 0600 0700\n",
        "/data/.hidden": "",
        "/data/plain": "",
      },
      env: { S6_FIX_ATTRS_HIDDEN: value },
      command: ["stat", "-c", "%a", "/data/.hidden", "/data/plain"],
    });
    assertEquals(stdout, `${mode}\n600\n`);
  }
});

Deno.test("overlay settings: scripts of version 2 find what is run in /var/run/s6/etc", async () => {
  const { stdout } = await runInit({
    files: {
      "cont-init.d/a!": script(
        'for i in /var/run/s6/etc/*; do echo "${i##*/} $(readlink "$i")"; done',
      ),
      "services.d/web/down": "",
    },
    command: ["ls", "/var/run/s6/etc/services.d"],
  });
  // the tarball brings fix-attrs.d and so on
  assertEquals(
    stdout.includes("cont-init.d /etc/cont-init.d\n") &&
      stdout.includes("services.d /etc/services.d\n"),
    true,
    stdout,
  );
  assertEquals(stdout.endsWith("\nweb\n"), true, stdout);
});
