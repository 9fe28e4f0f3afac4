/**
 * The tarball ADDed to images that have a C library of their own: it changes none of their files,
 * and each keeps to its own library.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { RUNTIME_VARIABLES } from "../fixture/runtime_variables.ts";
import { makeTree, type TreeSpec } from "../fixture/tree.ts";
import { type Container, startContainer } from "./container.ts";
import { copyDebian, makeMuslRoot, MUSL_PRELOAD } from "./guest_roots.ts";
import { manifestOf } from "./image_manifest.ts";
import { SHARED } from "./shared_files.ts";
import { addTarball, buildInContext } from "./images.ts";
import { oncePerRun } from "./podman.ts";

interface Guest {
  readonly name: string;
  readonly fill: (directory: string) => Promise<void>;
  /** The service `db`, which tells its environment, says `up` and goes on. */
  readonly service: TreeSpec;
  /** The guest's own C library, as it is seen in /proc/PID/maps. */
  readonly library: string;
  /** A library of the guest that an image like it has in LD_PRELOAD. */
  readonly preload: string;
}

const GUESTS: readonly Guest[] = [
  {
    name: "glibc",
    fill: copyDebian,
    service: { "db/run!": '#!/bin/sh\nenv\necho "db: up"\nexec sleep 1000000\n' },
    library: "/usr/lib/x86_64-linux-gnu/libc.so.6",
    preload: "/usr/lib/x86_64-linux-gnu/libacl.so.1",
  },
  {
    name: "musl",
    fill: makeMuslRoot,
    service: { "db/run=": "/usr/bin/probe", "db/data/report": "" },
    library: "/lib/ld-musl-x86_64.so.1",
    preload: MUSL_PRELOAD,
  },
];

/** What the tarball may add below /usr. */
const OWN = new RegExp(
  `^(/usr/(bin/(hexad|s6-[a-z0-9-]+|ucspilogd|execlineb)|lib/hexad(/.*)?)|${SHARED})$`,
);

async function build(guest: Guest): Promise<void> {
  await buildInContext(`${guest.name}-guest`, "FROM scratch\nCOPY . /\n", guest.fill);
  await addTarball(`${guest.name}-hexad`, `${guest.name}-guest`);
}

/** @returns the image's name */
async function guestWithHexad(guest: Guest): Promise<string> {
  await oncePerRun(`${guest.name}-hexad`, () => build(guest));
  return `${guest.name}-hexad`;
}

/** The files that a process of the container has mapped. */
async function mappedFiles(container: Container, pid: string): Promise<string[]> {
  const maps = await container.said("/bin/cat", `/proc/${pid}/maps`);
  return [...new Set(maps.match(/\/\S+$/gm))];
}

async function assertOwnLibraries(container: Container, guest: Guest): Promise<void> {
  const foreign = (await mappedFiles(container, "1")).filter((path) => !OWN.test(path));
  assertEquals(foreign, [], "files of the image that s6-svscan has mapped");
  const pid = (await container.said("/usr/bin/s6-svstat", "-o", "pid", "/service/db")).trim();
  const service = await mappedFiles(container, pid);
  assert(service.includes(guest.library), service.join(" "));
  assertEquals(
    service.filter((path) => path.startsWith("/usr/lib/hexad/")),
    [],
    "files of hexad that the service has mapped",
  );
}

for (const guest of GUESTS) {
  Deno.test(`guest: added to an image with ${guest.name}, the tarball changes none of its files and adds only its own`, async () => {
    const image = await guestWithHexad(guest);
    const before = await manifestOf(`${guest.name}-guest`);
    const after = await manifestOf(image);
    assert(before.has(guest.library), [...before.keys()].join(" "));
    const changed = [...before].filter(([path, entry]) => after.get(path) !== entry).map((
      [path, entry],
    ) => [path, entry, after.get(path)]);
    assertEquals(changed, []);
    const added = [...after.keys()].filter((path) => !before.has(path));
    assert(
      added.includes("/usr/bin/hexad") && added.includes("/usr/bin/s6-svscan"),
      added.join(" "),
    );
    assertEquals(added.filter((path) => !OWN.test(path)), []);
  });

  Deno.test(`guest: in an image with ${guest.name}, hexad and a service each run on their own C library`, async () => {
    using tree = makeTree(guest.service);
    await using container = await startContainer({ image: await guestWithHexad(guest), tree });
    await container.stdout.until("db: up\n");
    await assertOwnLibraries(container, guest);
    assertEquals(await container.stop(), 0);
    assertEquals(container.stderr.text, "");
  });

  Deno.test(`guest: the loader's variables, its preload file and those of the runtime are nothing to hexad in an image with ${guest.name}`, async () => {
    using tree = makeTree({ ...guest.service, ".preload": `${guest.preload}\n` });
    const loaders = {
      LD_PRELOAD: guest.preload,
      LD_LIBRARY_PATH: "/usr/lib/x86_64-linux-gnu:/usr/lib:/lib",
    };
    const variables = Object.entries({ ...RUNTIME_VARIABLES, ...loaders }).map(([name, value]) =>
      `${name}=${value}`
    );
    const preloadFile = ["--volume", `${tree.path(".preload")}:/etc/ld.so.preload`];
    const flags = [...preloadFile, ...variables.flatMap((variable) => ["--env", variable])];
    await using container = await startContainer({
      image: await guestWithHexad(guest),
      tree,
      flags,
    });
    await container.stdout.until("db: up\n");
    await assertOwnLibraries(container, guest);
    for (const variable of variables) assertStringIncludes(container.stdout.text, variable);
    assertEquals(await container.stop(), 0);
    assertEquals(container.stderr.text, "");
  });
}
