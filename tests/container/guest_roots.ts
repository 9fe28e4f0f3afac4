/**
 * Two small distributions to add the tarball to: one with glibc and one with musl, each with files
 * of its own at the places that hexad uses.
 */
import { run } from "../fixture/command.ts";
import { makeTree } from "../fixture/tree.ts";
import { compileProbe, copyBusybox } from "./images.ts";

/** Enough of Debian for a shell, with /bin and /lib as links into /usr. */
const DEBIAN_PACKAGES = [
  "base-files",
  "base-passwd",
  "coreutils",
  "dash",
  "libacl1",
  "libattr1",
  "libc-bin",
  "libc6",
  "libgcc-s1",
];
const DEBIAN_LIBRARIES = ["libgmp10", "libpcre2-8-0", "libselinux1"];
const MERGED_LINKS = ["bin", "lib", "lib64", "sbin"];
const LEFT_OUT =
  /^\/usr\/share\/(doc|i18n|info|lintian|locale|man)(\/|$)|^\/usr\/lib\/x86_64-linux-gnu\/gconv\//;

/** Images with musl often have a library in LD_PRELOAD, such as libiconv or jemalloc. */
export const MUSL_PRELOAD = "/usr/lib/libpreloadable.so";

async function checked(program: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(program, args);
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} exited with ${code}: ${stderr}`);
  return stdout;
}

/** Where a package's file is: dpkg lists /bin/dash, which is /usr/bin/dash where /bin is a link. */
function actualPath(path: string): string | undefined {
  const slash = path.lastIndexOf("/");
  try {
    const actual = `${Deno.realPathSync(path.slice(0, slash) || "/")}/${path.slice(slash + 1)}`
      .replace("//", "/");
    Deno.lstatSync(actual);
    return actual;
  } catch (error) {
    // deleted from this machine, as images do with documentation
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Copies what this Debian has of some packages, and of `more`, to `directory`. */
export async function copyDebian(directory: string, more: readonly string[] = []): Promise<void> {
  const listed = (await checked("dpkg", ["-L", ...DEBIAN_PACKAGES, ...DEBIAN_LIBRARIES, ...more]))
    .split("\n");
  const wanted = listed.filter((path) =>
    path.startsWith("/") && path !== "/." && !LEFT_OUT.test(path)
  );
  const actual = wanted.map(actualPath).filter((path) =>
    path !== undefined && !LEFT_OUT.test(path)
  );
  const paths = new Set(
    [...actual, ...MERGED_LINKS.map((name) => `/${name}`)].map((path) => `.${path}`),
  );
  using list = makeTree({ "paths": [...paths].sort().join("\n") });
  const archive = list.path("archive.tar");
  await checked("tar", [
    "--create",
    "--file",
    archive,
    "--directory",
    "/",
    "--no-recursion",
    "--files-from",
    list.path("paths"),
  ]);
  await checked("tar", [
    "--extract",
    "--file",
    archive,
    "--directory",
    directory,
    "--preserve-permissions",
  ]);
}

/**
 * Makes a root as Alpine's: musl's loader in a real /lib, busybox, and a program that is linked
 * against that musl.
 */
export async function makeMuslRoot(directory: string): Promise<void> {
  for (const name of ["bin", "lib", "usr/bin", "usr/lib", "etc"]) {
    Deno.mkdirSync(`${directory}/${name}`, { recursive: true });
  }
  Deno.copyFileSync("/lib/ld-musl-x86_64.so.1", `${directory}/lib/ld-musl-x86_64.so.1`);
  Deno.symlinkSync("ld-musl-x86_64.so.1", `${directory}/lib/libc.musl-x86_64.so.1`);
  copyBusybox(`${directory}/bin/busybox`);
  for (const name of ["sh", "cat"]) Deno.symlinkSync("busybox", `${directory}/bin/${name}`);
  Deno.writeTextFileSync(`${directory}/etc/passwd`, "root:x:0:0:root:/root:/bin/sh\n");
  await compileProbe(`${directory}/usr/bin/probe`, []);
  await compileProbe(`${directory}${MUSL_PRELOAD}`, ["-shared", "-fPIC"]);
}

/**
 * Turns a root whose /bin and /lib are links into /usr into one where they are directories of their
 * own, as distributions once had it.
 */
export function unmergeUsr(directory: string): void {
  for (const name of MERGED_LINKS) {
    Deno.removeSync(`${directory}/${name}`);
    Deno.mkdirSync(`${directory}/usr/${name}`, { recursive: true });
    Deno.renameSync(`${directory}/usr/${name}`, `${directory}/${name}`);
    Deno.mkdirSync(`${directory}/usr/${name}`);
  }
}

/** The users and groups of a new Debian. */
export function addDebianAccounts(directory: string): void {
  Deno.mkdirSync(`${directory}/etc`, { recursive: true });
  for (const name of ["passwd", "group"]) {
    Deno.copyFileSync(`/usr/share/base-passwd/${name}.master`, `${directory}/etc/${name}`);
  }
}
