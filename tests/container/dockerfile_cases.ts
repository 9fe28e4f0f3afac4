/**
 * The repository's Dockerfile. Its base image comes from a registry, which a test can't rely on; so the test gives it one whose /usr and /etc
 * are this machine's, read-only, and the caches of this machine's npm and Deno. All that the Dockerfile says is run.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { run } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { ROOT } from "../fixture/toolset.ts";
import { startContainer } from "./container.ts";
import { buildInContext, compileProbe, TARBALL, TARBALL_DIRECTORY } from "./images.ts";
import { podman } from "./podman.ts";

const BASE = "FROM scratch\nCOPY . /\nENV PATH=/usr/local/bin:/usr/bin:/bin HOME=/root\n";

/** A root whose /bin and /lib are links into /usr, as this Debian's. */
function fillBase(directory: string): void {
  for (const name of ["usr", "etc", "root/.npm", "root/.cache", "tmp"]) Deno.mkdirSync(`${directory}/${name}`, { recursive: true });
  for (const name of ["bin", "lib", "lib64", "sbin"]) Deno.symlinkSync(`usr/${name}`, `${directory}/${name}`);
}

async function namesIn(tarball: string): Promise<string> {
  return (await run("tar", ["--list", "--gzip", "--file", tarball])).stdout;
}

async function cacheVolumes(): Promise<string[]> {
  const { stdout } = await run("npm", ["config", "get", "cache"]);
  const home = Deno.env.get("HOME") ?? "/root";
  const caches = [[stdout.trim(), "/root/.npm"], [Deno.env.get("XDG_CACHE_HOME") ?? `${home}/.cache`, "/root/.cache"]] as const;
  return caches.flatMap(([here, there]) => {
    Deno.mkdirSync(here, { recursive: true });
    return ["--volume", `${here}:${there}`];
  });
}

let snapshot: Promise<string> | undefined;

/** The repository as it is when it is first asked for: an edit between two builds would make the second one start anew. */
async function takeSnapshot(): Promise<string> {
  const directory = `${(await podman()).root}/repository`;
  Deno.mkdirSync(directory);
  const pack = `tar --create --exclude=./.git --exclude=./dist --exclude='./.dist.*' . | tar --extract --directory "$1"`;
  const { code, stderr } = await run("/bin/sh", ["-c", pack, "sh", directory], { cwd: ROOT });
  assertEquals(code, 0, stderr);
  return directory;
}

async function buildRepository(tag: string, flags: readonly string[]): Promise<void> {
  const repository = await (snapshot ??= takeSnapshot());
  const machine = ["--volume", "/usr:/usr:ro", "--volume", "/etc:/etc:ro"];
  const base = ["--build-arg", "BASE=localhost/build-base"];
  const dockerfile = Deno.readTextFileSync(`${repository}/Dockerfile`);
  await (await podman()).build(tag, dockerfile, repository, [...base, ...machine, ...await cacheVolumes(), ...flags]);
}

Deno.test("Dockerfile: its base is pinned by a digest", () => {
  assertMatch(Deno.readTextFileSync(`${ROOT}/Dockerfile`), /^ARG BASE=\S+@sha256:[0-9a-f]{64}$/m);
});

Deno.test("Dockerfile: its image supervises what is copied to /service, and without that it is an idle PID 1", async () => {
  await buildInContext("build-base", BASE, fillBase);
  await buildRepository("from-dockerfile", []);
  await buildInContext("with-service", "FROM from-dockerfile\nCOPY service /service\n", (directory) => {
    Deno.mkdirSync(`${directory}/service/db`, { recursive: true });
    return compileProbe(`${directory}/service/db/run`, ["-static"]);
  });
  await using container = await startContainer({ image: "with-service" });
  await container.stdout.until("db: up\n");
  assertEquals(await container.stop(), 0);
  await using idle = await startContainer({ image: "from-dockerfile" });
  await eventually("it to listen", async () => (await idle.exec(["/usr/bin/s6-svscanctl", "-a", "/service"])).code === 0);
  assertEquals(await idle.stop(), 0);
});

Deno.test("Dockerfile: the target tarballs is the tarball alone, with the same files", async () => {
  await buildRepository("tarballs", ["--target", "tarballs"]);
  const engine = await podman();
  const root = (await engine.done(["image", "mount", "tarballs"])).trim();
  assertEquals([...Deno.readDirSync(root)].map(({ name }) => name), [TARBALL]);
  const [ours, theirs] = await Promise.all([namesIn(`${TARBALL_DIRECTORY}/${TARBALL}`), namesIn(`${root}/${TARBALL}`)]);
  await engine.done(["image", "unmount", "tarballs"]);
  assertEquals(theirs, ours);
});
