/**
 * Debian's packages for another machine, unpacked into a directory: apt downloads and verifies them
 * with separate lists, so that this machine's own packages are not affected.
 */
import { run } from "../command.ts";
import { Fatal } from "../fatal.ts";
import { isFile, placeInCache } from "./cached_file.ts";
import type { DebianOrigin } from "./debian_origin.ts";
import type { Library } from "./private_libc.ts";

/** The packages that hold the base's libraries. */
const PACKAGES = ["libc6", "libgcc-s1"];

function options(debian: string, state: string): string[] {
  const settings = {
    "APT::Architecture": debian,
    "APT::Architectures::": debian,
    "APT::Sandbox::User": "root",
    "Dir::State::lists": `${state}/lists`,
    "Dir::Cache": `${state}/cache`,
    "Dir::State::status": "/dev/null",
  };
  return ["-q", ...Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`])];
}

async function unpackAll(debian: string, root: string, scratch: string): Promise<void> {
  for (const name of ["lists/partial", "cache/archives/partial", "debs"]) {
    await Deno.mkdir(`${scratch}/${name}`, { recursive: true });
  }
  const asked = options(debian, scratch);
  await run("apt-get", [...asked, "update"], { doing: `read Debian's lists for ${debian}` });
  await run("apt-get", [...asked, "download", ...PACKAGES], {
    cwd: `${scratch}/debs`,
    doing: `download ${PACKAGES.join(" ")} for ${debian}`,
  });
  await Deno.mkdir(root);
  for await (const { name: file } of Deno.readDir(`${scratch}/debs`)) {
    const name = file.slice(0, file.indexOf("_"));
    await run("dpkg-deb", ["--extract", `${scratch}/debs/${file}`, `${root}/${name}`], {
      doing: `unpack ${file}`,
    });
    const origin = await fieldsOf(`${scratch}/debs/${file}`);
    await Deno.writeTextFile(`${root}/${name}/${ORIGIN}`, JSON.stringify(origin));
  }
}

/** The file in each unpacked package that holds its DebianOrigin. */
const ORIGIN = "origin.json";

async function fieldsOf(file: string): Promise<DebianOrigin> {
  const told = (await run("dpkg-deb", ["--field", file])).split("\n");
  const field = (wanted: string): string =>
    told.find((line) => line.startsWith(`${wanted}: `))?.slice(wanted.length + 2) ?? "";
  const name = field("Package");
  return {
    package: name,
    version: field("Version"),
    source: field("Source").split(" ")[0] || name,
  };
}

/** The library `name` in the unpacked packages. @throws {Fatal} If no package has it. */
export async function foreignLibrary(
  root: string,
  multiarch: string,
  name: string,
): Promise<Library> {
  for await (const { name: directory } of Deno.readDir(root)) {
    const path = `${root}/${directory}/lib/${multiarch}/${name}`;
    if (!await isFile(path)) continue;
    const origin: DebianOrigin = JSON.parse(
      await Deno.readTextFile(`${root}/${directory}/${ORIGIN}`),
    );
    return { name, path, origin };
  }
  throw new Fatal(`${PACKAGES.join(" and ")} have no ${name}`);
}

/**
 * The directory with the unpacked packages for Debian's architecture `debian`, each in a directory
 * with its name.
 * @throws {Fatal} If they are not available.
 */
export async function foreignRoot(
  debian: string,
  cacheDir: string,
  say: (text: string) => void,
): Promise<string> {
  const root = `${cacheDir}/debian-${debian}-${await hostVersion()}`;
  if ((await Deno.stat(root).catch(() => undefined))?.isDirectory === true) return root;
  say(`downloading ${PACKAGES.join(" ")} for ${debian} from Debian`);
  await placeInCache(root, (made, scratch) => unpackAll(debian, made, scratch));
  return root;
}

/**
 * Part of the cache key: a new release of this machine's C library means that there is one for the
 * other machine, too.
 */
async function hostVersion(): Promise<string> {
  try {
    return (await run("dpkg-query", ["--show", "--showformat=${Version}", "libc6"])).trim();
  } catch (error) {
    if (!(error instanceof Fatal)) throw error;
    throw new Fatal("libraries for another machine are taken from Debian: build there");
  }
}
