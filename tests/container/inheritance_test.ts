/**
 * What the children of s6-svscan inherit: what the container was given and nothing of hexad's own.
 * Each says itself what it has, and is compared with a program that the engine starts without
 * anything in between.
 */
import { assertEquals } from "@std/assert";
import { makeTree, type Tree, type TreeSpec } from "../fixture/tree.ts";
import { type Container, runContainer, startContainer } from "./container.ts";
import { image } from "./images.ts";
import { parseReport, type ProbeReport } from "./probe_report.ts";
import { loggedService, probeService } from "./service_tree.ts";

/**
 * Below the hard limit, which the supervisor raises its own to. Set by a shell: what engines give
 * `exec` is not always what they were told.
 */
const SOFT_NOFILE = 512;

const FLAGS = ["--env", "FROM_OUTSIDE=kept"];

function limited(...words: string[]): string[] {
  return ["/bin/sh", "-c", `ulimit -Sn ${SOFT_NOFILE} && exec "$@"`, "sh", ...words];
}

async function startLimited(tree: Tree): Promise<Container> {
  return startContainer({
    image: await image("shell"),
    tree,
    flags: FLAGS,
    command: limited("/usr/bin/s6-svscan", "/service"),
  });
}

async function directReport(): Promise<ProbeReport> {
  const { stdout } = await runContainer({
    image: await image("shell"),
    command: limited("/bin/probe"),
    flags: FLAGS,
  });
  return parseReport(stdout, "probe");
}

/** podman gives each container a name of its own, and a shell says where it is. */
function withoutVarying(env: readonly string[]): string[] {
  return env.filter((entry) => !/^(HOSTNAME|PWD|OLDPWD|SHLVL|_)=/.test(entry));
}

/** The signals of a mask that `direct` has not. */
function moreSignals(mask: string, direct: string): bigint {
  return BigInt(`0x${mask}`) & ~BigInt(`0x${direct}`);
}

/** @param descriptors what the child must have open, and nothing else */
function assertInherits(
  actual: ProbeReport,
  direct: ProbeReport,
  descriptors: readonly number[],
): void {
  assertEquals(
    Object.keys(actual.descriptors).map(Number),
    [...descriptors],
    `descriptors: ${JSON.stringify(actual.descriptors)}`,
  );
  assertEquals(actual.nofile, direct.nofile, "limit of descriptors");
  assertEquals(actual.nofile.split(" ")[0], `${SOFT_NOFILE}`);
  for (const name of ["SigBlk", "SigIgn", "SigCgt", "SigPnd"]) {
    assertEquals(moreSignals(actual.status[name]!, direct.status[name]!), 0n, name);
  }
  for (const name of Object.keys(direct.status).filter((key) => key.startsWith("Cap"))) {
    assertEquals(actual.status[name], direct.status[name], name);
  }
  assertEquals(withoutVarying(actual.env), withoutVarying(direct.env), "environment");
  assertEquals(actual.owner, direct.owner);
}

/** Runs a tree until `names` have reported. */
async function reportsOf(spec: TreeSpec, names: readonly string[]): Promise<ProbeReport[]> {
  using tree = makeTree(spec);
  await using container = await startLimited(tree);
  for (const name of names) await container.stdout.until(`${name}: reported\n`);
  return names.map((name) => parseReport(container.stdout.text, name));
}

Deno.test("inheritance: a service has descriptors 0 to 2, no signal ignored or blocked, and the container's limits and environment", async () => {
  const direct = await directReport();
  const [report] = await reportsOf(probeService("db", { "data/report": "" }), ["db"]);
  assertInherits(report!, direct, [0, 1, 2]);
  assertEquals(report!.argv, ["./run", "db"]);
  assertEquals(report!.ids.session, report!.ids.pid, "it leads a session of its own");
  assertEquals(report!.ids.group, report!.ids.pid);
  assertEquals(report!.ids.parent, 1);
});

Deno.test("inheritance: a service with a logger writes into a pipe, and the logger reads from one and has no other", async () => {
  const direct = await directReport();
  // the logger copies the service's report to its own stdout
  const spec = loggedService("db", { "data/report": "" }, { "data/report": "" });
  const [service, logger] = await reportsOf(spec, ["db", "db/log"]);
  assertInherits(service!, direct, [0, 1, 2]);
  assertEquals(service!.descriptors[1], "pipe");
  assertInherits(logger!, direct, [0, 1, 2]);
  assertEquals(logger!.descriptors[0], "pipe");
});

Deno.test("inheritance: notification-fd and lock-fd add their descriptors and no other", async () => {
  const direct = await directReport();
  const spec = probeService("db", {
    "data/report": "",
    "notification-fd": "5\n",
    "lock-fd": "7\n",
  });
  const [report] = await reportsOf(spec, ["db"]);
  assertInherits(report!, direct, [0, 1, 2, 5, 7]);
  assertEquals(report!.descriptors[5], "pipe");
  assertEquals(report!.descriptors[7], "/service/db/supervise/service-lock");
});

Deno.test("inheritance: a finish script has what a service has", async () => {
  const direct = await directReport();
  const [finish] = await reportsOf(
    probeService("db", { "data/exit": "3", "finish=": "/bin/probe", "notification-fd": "3" }),
    ["finish"],
  );
  assertInherits(finish!, direct, [0, 1, 2]);
  assertEquals([...finish!.argv.slice(0, 2), finish!.argv[3]], ["finish", "3", "db"]);
  assertEquals(finish!.ids.session, finish!.ids.pid, "it leads a session of its own");
});

Deno.test("inheritance: .s6-svscan/SIGUSR1 and .s6-svscan/finish have what a service has", async () => {
  const direct = await directReport();
  using tree = makeTree({
    ...loggedService("db"),
    ".s6-svscan/SIGUSR1=": "/bin/probe",
    ".s6-svscan/finish=": "/bin/probe",
  });
  await using container = await startLimited(tree);
  await container.stdout.until("db: up\n");
  await container.kill("USR1");
  await container.stdout.until("SIGUSR1: reported\n");
  assertInherits(parseReport(container.stdout.text, "SIGUSR1"), direct, [0, 1, 2]);
  assertEquals(await container.stop(), 0);
  const finish = parseReport(container.stdout.text, "finish");
  assertInherits(finish, direct, [0, 1, 2]);
  assertEquals(finish.ids.pid, 1);
});

/** Commands of hexad that become another program, and the descriptors that they add. */
const CHAINS: readonly { readonly words: readonly string[]; readonly adds: readonly number[] }[] = [
  { words: ["s6-setsid", "-q"], adds: [] },
  { words: ["s6-setlock", "-d", "6", "lock"], adds: [6] },
  { words: ["s6-permafailon", "60", "5", "SIGSEGV"], adds: [] },
  { words: ["s6-notify-socket-from-fd", "-d", "1"], adds: [] },
];

for (const { words, adds } of CHAINS) {
  Deno.test(`inheritance: the program that ${words[0]} becomes has what it was given`, async () => {
    using tree = makeTree(probeService("db"));
    await using container = await startLimited(tree);
    await container.stdout.until("db: up\n");
    const inService = ["--workdir", "/service/db"];
    const direct = parseReport(
      (await container.exec(limited("/bin/probe"), inService)).stdout,
      "probe",
    );
    const { stdout, stderr } = await container.exec(limited(...words, "/bin/probe"), inService);
    assertEquals(stderr, "");
    assertInherits(parseReport(stdout, "probe"), direct, [0, 1, 2, ...adds]);
  });
}

Deno.test("inheritance: the daemon that s6-notifyoncheck becomes has what it was given, and so has the check", async () => {
  const direct = await directReport();
  using tree = makeTree({
    ...probeService("db", {
      "notification-fd": "3\n",
      "data/report": "",
      "data/check!": "#!/bin/sh\nexec /bin/probe >data/checked\n",
    }),
    "db/data/run=": "/bin/probe",
    "db/run!": "#!/bin/sh\nexec s6-notifyoncheck ./data/run db\n",
  });
  await using container = await startLimited(tree);
  await container.stdout.until("db: up\n");
  await container.said("s6-svwait", "-U", "/service/db");
  assertInherits(parseReport(container.stdout.text, "db"), direct, [0, 1, 2]);
  assertInherits(parseReport(tree.text("db/data/checked"), "probe"), direct, [0, 1, 2]);
});

Deno.test("inheritance: the program that s6-svlisten1 starts has what s6-svlisten1 was given", async () => {
  using tree = makeTree(probeService("db"));
  await using container = await startLimited(tree);
  await container.stdout.until("db: up\n");
  const direct = parseReport((await container.exec(limited("/bin/probe"))).stdout, "probe");
  await using listener = container.startExec(
    limited("s6-svlisten1", "-D", "/service/db", "/bin/probe"),
  );
  await listener.stdout.until("probe: reported\n");
  await container.said("/usr/bin/s6-svc", "-d", "/service/db");
  assertEquals(await listener.ended(), 0);
  assertInherits(parseReport(listener.stdout.text, "probe"), direct, [0, 1, 2]);
});
