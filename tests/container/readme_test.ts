/** The README's image of three services, built as it says there and used as it says. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { eventually } from "../fixture/deadline.ts";
import { ROOT } from "../fixture/toolset.ts";
import { startContainer } from "./container.ts";
import { image, TARBALL, TARBALL_DIRECTORY } from "./images.ts";
import { podman } from "./podman.ts";

/** What the image `my-app` of the README brings, besides a shell and its tools. */
const OWN_IMAGE = `FROM shell
COPY app /app
RUN mkdir -p /srv /tmp
RUN echo "nobody:x:65534:65534:nobody:/:/bin/false" >>/etc/passwd && echo "nobody:x:65534:" >>/etc/group
`;

/** Ready a little later; told by a file to end. */
const SERVER = `#!/bin/sh
echo "serving"
touch /tmp/ready
until test -e /tmp/end; do sleep 0.1; done
exit 7
`;
const WORKER = `#!/bin/sh
echo "working as $(id -u)"
exec sleep 1000000
`;

async function buildThreeServices(): Promise<string> {
  await image("shell");
  const engine = await podman();
  const directory = `${engine.root}/readme`;
  Deno.mkdirSync(`${directory}/app`, { recursive: true });
  Deno.writeTextFileSync(`${directory}/app/server`, SERVER, { mode: 0o755 });
  Deno.writeTextFileSync(`${directory}/app/worker`, WORKER, { mode: 0o755 });
  await Deno.copyFile(`${TARBALL_DIRECTORY}/${TARBALL}`, `${directory}/${TARBALL}`);
  const [, dockerfile] = /^```dockerfile three services\n([^]*?)^```$/m.exec(
    Deno.readTextFileSync(`${ROOT}/README.md`),
  ) ?? [];
  assert(dockerfile !== undefined, "the README has no such block");
  await engine.build("my-app", OWN_IMAGE, directory);
  // the format of OCI has no place for a health check
  await engine.build("readme", dockerfile, directory, ["--format", "docker"]);
  await Deno.remove(directory, { recursive: true });
  return "readme";
}

Deno.test("README: three services: healthy when all are up, each line with its service's name, and the container ends with the essential one's code", async () => {
  await using container = await startContainer({ image: await buildThreeServices() });
  await container.stdout.until("app | serving\n");
  await container.stdout.until("worker | working as 65534\n");
  await eventually("it to be healthy", async () => await container.health() === 0);
  assertMatch(await container.said("/usr/bin/hexad", "status"), /^app +ready [^]*\nweb +up /m);
  assertEquals((await container.exec(["/bin/touch", "/tmp/end"])).code, 0);
  assertEquals(await container.ended(), 7);
});
