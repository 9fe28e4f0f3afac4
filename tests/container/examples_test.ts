/** The images of examples/, built as their Dockerfiles say and used as examples/README.md says. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { close } from "../../lib/libc/file.ts";
import { datagramSocket, sendTo } from "../../lib/libc/socket/datagram.ts";
import { eventually } from "../fixture/deadline.ts";
import { ROOT } from "../fixture/toolset.ts";
import { makeTree, type Tree } from "../fixture/tree.ts";
import { type Container, runContainer, startContainer } from "./container.ts";
import { lintDockerfile } from "./dockerfile_lint.ts";
import { exampleImage, NO_TIMED_CHECKS } from "./example_images.ts";

const QUIET = ["--env", "S6_VERBOSITY=0"];
const IMAGES = ["alpine", "app-image", "debian", "scratch"];

for (const name of IMAGES) {
  Deno.test(`examples: ${name}: a linter has nothing to say about its Dockerfile, and the README names it`, async () => {
    assertEquals(await lintDockerfile(`${ROOT}/examples/${name}/Dockerfile`), "");
    assertStringIncludes(Deno.readTextFileSync(`${ROOT}/examples/README.md`), `](${name})`);
  });
}

/** Sends a message as syslog(3) does. */
function log(socket: string, message: string): void {
  const fd = datagramSocket();
  try {
    sendTo(fd, socket, new TextEncoder().encode(message));
  } finally {
    close(fd);
  }
}

function mountAt(tree: Tree, path: string): string[] {
  return ["--volume", `${tree.root}:${path}`];
}

Deno.test("examples: scratch: what other containers log to the socket is named, stamped and stored by nobody", async () => {
  using sockets = makeTree();
  using logs = makeTree();
  const flags = [...QUIET, ...mountAt(sockets, "/sockets"), ...mountAt(logs, "/logs")];
  await using container = await startContainer({ image: await exampleImage("scratch"), flags });
  await eventually("it to be healthy", async () => await container.health() === 0);
  log(sockets.path("log"), "<13>web[7]: a line");
  const stamped = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{9} {2}user\.notice: web\[7\]: a line\n$/;
  await eventually(
    "the line in the log",
    () => logs.exists("all/current") && stamped.test(logs.text("all/current")),
  );
  assertEquals(Deno.statSync(logs.path("all/current")).uid, 65534);
  assertEquals(await container.stop(), 0);
});

Deno.test("examples: alpine: the worker takes jobs, is restarted when it fails, and stops with the container", async () => {
  using queue = makeTree({ "first.job": "one\n" });
  const flags = [...QUIET, ...mountAt(queue, "/queue")];
  await using container = await startContainer({
    image: await exampleImage("alpine", "alpine"),
    flags,
  });
  await container.stdout.until("worker: first.job: one\n");
  assertMatch(container.stdout.text, /^10-queue: 1 files are waiting in \/queue\nworker: ready\n/);
  queue.add({ "not-a-job": "" });
  await container.stdout.until(/worker: not-a-job is no job\nworker: ready\n/);
  queue.add({ "second.job": "two\n" });
  await container.stdout.until("worker: second.job: two\n");
  assertEquals(await container.health(), 0);
  assertEquals(await container.stop(), 0);
});

Deno.test("examples: alpine: beside a CMD the worker works until that has ended, and the container ends with its code", async () => {
  using queue = makeTree({ "first.job": "one\n" });
  const command = ["sh", "-c", "while test -e /queue/first.job; do sleep 0.1; done; exit 6"];
  const { code, stdout } = await runContainer({
    image: await exampleImage("alpine", "alpine"),
    flags: [...QUIET, ...NO_TIMED_CHECKS, ...mountAt(queue, "/queue")],
    command,
  });
  assertEquals(code, 6);
  assertStringIncludes(stdout, "worker: first.job: one\n");
});

/** Asks for the page from inside: no container of the tests has a network. */
const GET = [
  "bash",
  "-c",
  'exec 3<>/dev/tcp/127.0.0.1/8080; printf "GET / HTTP/1.0\\r\\n\\r\\n" >&3; cat <&3',
];

async function assertServes(container: Container, log: () => string): Promise<void> {
  assertMatch(await container.said(...GET), /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\ngood day\n$/);
  await eventually("the request in the log", () => log().includes('"GET / HTTP/1.0" 200'));
}

Deno.test("examples: debian: the service is ready when it answers, serves what the environment says, and its log is nobody's", async () => {
  using logs = makeTree();
  const flags = [...QUIET, "--env", "GREETING=good day", ...mountAt(logs, "/var/log/web")];
  await using container = await startContainer({
    image: await exampleImage("debian", "debian"),
    flags,
  });
  await eventually("it to be healthy", async () => await container.health() === 0);
  assertEquals(
    await container.said("s6-svstat", "-o", "up,ready", "/run/service/nginx"),
    "true true\n",
  );
  await assertServes(container, () => logs.text("current"));
  assertEquals(Deno.statSync(logs.path("current")).uid, 65534);
  assertMatch(await container.said("hexad", "status"), /^nginx +ready /m);
  assertEquals(await container.stop(), 0);
});

const MANIFEST = Deno.readTextFileSync(`${ROOT}/examples/kubernetes/web.yaml`);

/** The number in `name: N`, or in `name: X, value: "N"`. */
function numberIn(name: string): number {
  const found = new RegExp(`\\b${name}(?:: |, value: ")(\\d+)`).exec(MANIFEST)?.[1];
  assert(found !== undefined, `${name} in web.yaml`);
  return Number(found);
}

function probeCommand(probe: string): string[] {
  const found = new RegExp(`${probe}:\\n\\s+exec: \\{ command: (\\[.*?\\]) \\}`).exec(MANIFEST)
    ?.[1];
  assert(found !== undefined, `${probe} in web.yaml`);
  return JSON.parse(found);
}

Deno.test("examples: kubernetes: the grace period is longer than all that /init may take", () => {
  const parts = ["S6_SERVICES_GRACETIME", "S6_KILL_FINISH_MAXTIME", "S6_KILL_GRACETIME"].map(
    numberIn,
  );
  assert(
    numberIn("terminationGracePeriodSeconds") * 1000 > parts.reduce((sum, part) => sum + part),
  );
});

/** All pairs of a list in the manifest. */
function pairsIn(first: string, second: string): [string, string][] {
  const pattern = new RegExp(`\\{ ${first}: ([^,{}]+), ${second}: "?([^"{}]+?)"? \\}`, "g");
  return Array.from(MANIFEST.matchAll(pattern), ([, a, b]) => [a!, b!]);
}

Deno.test("examples: kubernetes: with what the manifest gives it the image boots, is ready by its probes, serves and stops", async () => {
  for (
    const line of [
      "runAsNonRoot: true",
      "readOnlyRootFilesystem: true",
      'capabilities: { drop: ["ALL"] }',
      "allowPrivilegeEscalation: false",
    ]
  ) {
    assertStringIncludes(MANIFEST, line);
  }
  const [uid, gid] = [numberIn("runAsUser"), numberIn("runAsGroup")];
  const rights = [
    "--user",
    `${uid}:${gid}`,
    "--read-only",
    "--read-only-tmpfs=false",
    "--cap-drop",
    "all",
    "--security-opt",
    "no-new-privileges",
  ];
  using stack = new DisposableStack();
  const volumes = new Map(
    pairsIn("name", "mountPath").map(([name, path]) => {
      const tree = stack.use(makeTree());
      // as the kubelet makes an emptyDir for a pod with an fsGroup
      Deno.chownSync(tree.root, 0, numberIn("fsGroup"));
      Deno.chmodSync(tree.root, 0o2777);
      return [name, { tree, flags: mountAt(tree, path) }];
    }),
  );
  const env = pairsIn("name", "value").flatMap(([name, value]) => ["--env", `${name}=${value}`]);
  const flags = [
    ...rights,
    ...env,
    ...[...volumes.values()].flatMap((volume) => volume.flags),
    ...NO_TIMED_CHECKS,
  ];
  await using container = await startContainer({
    image: await exampleImage("debian", "debian"),
    flags,
  });
  for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"]) {
    const command = probeCommand(probe);
    await eventually(
      `the ${probe} to succeed`,
      async () => (await container.exec(command)).code === 0,
    );
  }
  await assertServes(container, () => volumes.get("logs")!.tree.text("current"));
  await container.said("/command/s6-svc", "-wD", "-T", "10000", "-d", "/run/service/nginx");
  assertEquals(await container.stop(), 0);
});
