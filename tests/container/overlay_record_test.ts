/**
 * What people are told of oneshots and of what has not started, in one container: `hexad status`,
 * `health`, `logs` and `boot`.
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { eventually } from "../fixture/deadline.ts";
import type { BootDocument } from "../../lib/status/core/boot_document.ts";
import type { StatusDocument } from "../../lib/status/core/status_document.ts";
import { checkedDocument } from "../interop/hexad/document.ts";
import type { Container } from "./container.ts";
import { script, startInit } from "./overlay_container.ts";

const RC = "s6-overlay/s6-rc.d";
const BUNDLE = "s6-overlay/user-bundles.d/user/contents.d";

function oneshot(name: string, ...up: readonly string[]): Record<string, string> {
  return {
    [`${RC}/${name}/type`]: "oneshot\n",
    [`${RC}/${name}/up`]: `/etc/${RC}/${name}/run\n`,
    [`${RC}/${name}/run!`]: script(...up),
    [`${BUNDLE}/${name}`]: "",
  };
}

function longrun(name: string, ...needs: readonly string[]): Record<string, string> {
  return {
    [`${RC}/${name}/type`]: "longrun\n",
    [`${RC}/${name}/run!`]: script("echo >&3", "exec sleep 1000"),
    [`${RC}/${name}/notification-fd`]: "3\n",
    ...Object.fromEntries(needs.map((need) => [`${RC}/${name}/dependencies.d/${need}`, ""])),
    [`${BUNDLE}/${name}`]: "",
  };
}

const FILES: Record<string, string> = {
  ...oneshot("prepare", "echo prepared", "echo and warned >&2"),
  ...oneshot("init-db", "echo no database >&2", "exit 3"),
  ...oneshot("only-if", "true"),
  [`${RC}/only-if/condition`]: "SOMETHING\n",
  ...longrun("web", "prepare"),
  ...longrun("db", "init-db"),
  [`${RC}/broken/type`]: "longrun\n",
  ...longrun("api"),
  [`${RC}/api/run!`]: script(
    "echo starting >&2",
    "while [ ! -e /run/go ]; do sleep 0.05; done",
    "echo api listens on 80 >&2",
    "exec sleep 1000",
  ),
  [`${RC}/api/ready-log`]: "listens on",
  ...longrun("feed"),
  [`${RC}/feed/run!`]: script("echo feed has begun", "exec sleep 1000"),
  [`${RC}/feed/ready-log`]: "has begun",
  [`${RC}/feed/producer-for`]: "sink\n",
  ...longrun("sink"),
  [`${RC}/sink/run!`]: script("echo >&3", "exec cat >/run/sink"),
  [`${RC}/sink/consumer-for`]: "feed\n",
  ...oneshot("let-go", "touch /run/go"),
  ...oneshot("announce", "echo announced"),
  [`${RC}/announce/dependencies.d/api`]: "",
  [`${RC}/announce/dependencies.d/feed`]: "",
};

/** Those that have `ready-log` tell their readiness in no other way. */
for (const name of ["api", "feed"]) delete FILES[`${RC}/${name}/notification-fd`];

/** A container with these services that has come to its CMD. */
async function booted(
  options: { readonly env?: Readonly<Record<string, string>>; readonly flags?: string[] } = {},
): ReturnType<typeof startInit> {
  const started = await startInit({
    files: FILES,
    command: ["sh", "-c", "echo CMD; exec sleep 1000"],
    ...options,
  });
  await eventually("the CMD", () => started.container.stdout.text.includes("CMD"));
  return started;
}

function rows(text: string): string[] {
  return text.split("\n").map((line) => line.replaceAll(/ {2,}/g, "|"));
}

async function checkStatus(container: Container): Promise<void> {
  const { code, stdout } = await container.exec(["hexad", "status"]);
  const found = rows(stdout).map((row) => row.replaceAll(/\b\d+ms|\b\d\.\d+s|\b\d+s\b/g, "T"));
  const row = (name: string): string => found.find((each) => each.startsWith(`${name}|`)) ?? stdout;
  assertMatch(row("db"), /^db\|down, not started because of init-db\|/);
  assertMatch(row("web"), /^web\|ready\|/);
  assertMatch(row("prepare"), /^prepare\|done\|T\|T\|/);
  assertMatch(row("init-db"), /^init-db\|failed, exit code 3\|T\|T\|/);
  assertMatch(row("only-if"), /^only-if\|skipped, SOMETHING is not set\|/);
  assertMatch(row("broken"), /^broken\|left out, .*run: there is no such file/);
  assertEquals(stdout.includes("legacy-cont-init"), false);
  assertEquals(code, 1);
  const named = await container.exec(["hexad", "status", "--json", "prepare", "db"]);
  const document = checkedDocument(named.stdout, "status.schema.json") as StatusDocument;
  assertEquals(named.code, 1);
  assertEquals(document.services[0]!.notStarted, "not started because of init-db");
  const { name, state, exitCode } = document.oneshots[0]!;
  assertEquals([document.oneshots.length, name, state, exitCode], [1, "prepare", "done", 0]);
}

async function checkHealth(container: Container): Promise<void> {
  const code = async (...names: string[]): Promise<number> =>
    (await container.exec(["hexad", "health", ...names])).code;
  assertEquals(await code(), 1);
  assertEquals(await code("web", "prepare", "only-if"), 0);
  assertEquals(await code("init-db"), 1);
  assertEquals(await code("db"), 1);
  const unknown = await container.exec(["hexad", "health", "prepair"]);
  assertEquals(unknown.code, 100);
  assertStringIncludes(unknown.stderr, "did you mean prepare");
}

async function checkLogs(container: Container): Promise<void> {
  const logs = (...words: string[]) => container.exec(["hexad", "logs", ...words]);
  const { stdout } = await logs("-t", "none", "prepare", "init-db");
  assertEquals(stdout.split("\n").sort(), [
    "",
    "init-db: no database",
    "prepare: and warned",
    "prepare: prepared",
  ]);
  assertStringIncludes((await logs("only-if")).stderr, "nothing is kept of what only-if wrote");
  assertStringIncludes(container.stdout.text, "prepared\n");
  assertStringIncludes(container.stderr.text, "no database\n");
  const again = await container.exec([
    "sh",
    "-c",
    "s6-rc -d change prepare && s6-rc -u change prepare",
  ]);
  assertEquals([again.code, again.stdout], [0, "prepared\n"]);
  assertEquals((await logs("prepare")).stdout, "");
}

/** Shells complete oneshots too; a command for services says how they are started. */
async function checkNames(container: Container): Promise<void> {
  const names = (await container.said("hexad", "completions", "services")).split("\n");
  assertEquals(["api", "prepare", "init-db"].filter((name) => !names.includes(name)), []);
  for (const command of ["start", "once", "restart"]) {
    const { code, stderr } = await container.exec(["hexad", command, "prepare"]);
    const text =
      `hexad ${command}: fatal: prepare is a oneshot: s6-rc start prepare runs its up, s6-rc stop prepare its down\n`;
    assertEquals([code, stderr], [100, text]);
  }
}

/** What has been waited for stands in the container's output before what waited for it. */
async function checkReadyLog(container: Container): Promise<void> {
  assertStringIncludes(container.stderr.text, "api listens on 80\n");
  assertStringIncludes(container.stdout.text, "announced\n");
  assertEquals(await container.said("cat", "/run/sink"), "feed has begun\n");
  const { stdout } = await container.exec(["hexad", "status", "--json", "api", "feed", "announce"]);
  const { services, oneshots } = checkedDocument(stdout, "status.schema.json") as StatusDocument;
  assertEquals(services.map(({ name, state }) => [name, state]), [
    ["api", "ready"],
    ["feed", "ready"],
  ]);
  assertEquals(oneshots.map(({ state }) => state), ["done"]);
  // the next life is looked at anew
  await container.said("s6-svc", "-wR", "-T", "30000", "-r", "/run/service/api");
}

async function checkBoot(container: Container): Promise<void> {
  const text = await container.said("hexad", "boot");
  assertMatch(text, /^10 services in \d+\.\d s, 1 failed, 2 not started, 1 skipped\n/);
  assertMatch(text, /\nCRITICAL CHAIN .*\n(.*\n)+\nSLOWEST /);
  const document = checkedDocument(
    await container.said("hexad", "boot", "--json"),
    "boot.schema.json",
  );
  const { over, services } = document as BootDocument;
  const outcome = services.find(({ name }) => name === "init-db")?.outcome;
  assertEquals([over, outcome], [true, "failed"]);
  assertMatch(await container.said("hexad", "boot", "--svg"), /^<svg [^>]*>\n(<.*>\n)*<\/svg>\n$/);
}

Deno.test("overlay s6-rc: what people are told of oneshots and of what has not started", async (t) => {
  await using started = await booted();
  const { container } = started;
  await t.step("ready-log", () => checkReadyLog(container));
  await t.step("hexad status", () => checkStatus(container));
  await t.step("hexad health", () => checkHealth(container));
  await t.step("hexad boot", () => checkBoot(container));
  await t.step("the names of oneshots", () => checkNames(container));
  await t.step("hexad logs", () => checkLogs(container));
});
