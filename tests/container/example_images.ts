/**
 * The images of examples/, built as their Dockerfiles say, on bases that are made of this machine:
 * no registry is needed.
 */
import { run } from "../fixture/command.ts";
import { ROOT } from "../fixture/toolset.ts";
import { addDebianAccounts, copyDebian, makeMuslRoot } from "./guest_roots.ts";
import { buildInContext, OVERLAY_TARBALL, TARBALL_DIRECTORY } from "./images.ts";
import { oncePerRun, podman } from "./podman.ts";

const BASH = ["bash", "libtinfo6"];
const NGINX = ["nginx", "nginx-common", "libcrypt1", "libpcre2-8-0", "libssl3", "zlib1g"];

/** php-fpm, redis and cron, with the libraries that they and nginx need. */
const SERVICES = [
  ...["cron", "php8.2-common", "php8.2-fpm", "redis-server", "redis-tools"],
  ...["libacl1", "libapparmor1", "libargon2-1", "libatomic1", "libaudit1", "libcap-ng0", "libcap2"],
  ...["libgcrypt20", "libgpg-error0", "libicu72", "libjemalloc2", "liblz4-1", "liblzf1"],
  ...["liblzma5", "libpam0g", "libpam-modules", "libsodium23", "libstdc++6", "libsystemd0"],
  ...["libxml2", "libzstd1"],
];

/** Groups as CentOS has them: nobody's is called nobody. */
const CENTOS_ACCOUNTS = {
  passwd: "root:x:0:0:root:/root:/bin/bash\nnobody:x:99:99:Nobody:/:/sbin/nologin\n",
  group: "root:x:0:\nnobody:x:99:\n",
} as const;

const NOTHING = "FROM scratch\nCOPY . /\n";
const BUSYBOX_LINKS = 'RUN ["/bin/busybox", "--install", "-s", "/bin"]\n';

const BASES = {
  /** Debian with bash and nginx. */
  debian: () =>
    buildInContext("base-debian", NOTHING, async (directory) => {
      await copyDebian(directory, [...BASH, ...NGINX]);
      addDebianAccounts(directory);
    }),
  /** The same with php-fpm, redis and cron. */
  services: () =>
    buildInContext("base-services", NOTHING, async (directory) => {
      await copyDebian(directory, [...BASH, ...NGINX, ...SERVICES]);
      addDebianAccounts(directory);
    }),
  /** Debian with bash and CentOS's accounts. */
  centos: () =>
    buildInContext("base-centos", NOTHING, async (directory) => {
      await copyDebian(directory, BASH);
      for (const [name, text] of Object.entries(CENTOS_ACCOUNTS)) {
        Deno.writeTextFileSync(`${directory}/etc/${name}`, text);
      }
    }),
  /** musl and busybox. */
  alpine: () => buildInContext("base-alpine", NOTHING + BUSYBOX_LINKS, makeMuslRoot),
};

export type BaseName = keyof typeof BASES;

async function copyExample(name: string, directory: string): Promise<void> {
  const { code, stderr } = await run("cp", ["-a", `${ROOT}/examples/${name}/.`, directory]);
  if (code !== 0) throw new Error(`unable to copy examples/${name}: ${stderr}`);
  await Deno.link(`${TARBALL_DIRECTORY}/${OVERLAY_TARBALL}`, `${directory}/${OVERLAY_TARBALL}`)
    .catch(() =>
      Deno.copyFile(`${TARBALL_DIRECTORY}/${OVERLAY_TARBALL}`, `${directory}/${OVERLAY_TARBALL}`)
    );
}

/**
 * The engine would tell on standard error that it has nothing to run health checks with by the
 * clock.
 */
export const NO_TIMED_CHECKS = ["--no-healthcheck"];

/** A base by itself. @returns the image's name */
export async function baseImage(base: BaseName): Promise<string> {
  await oncePerRun(`base-${base}`, BASES[base]);
  return `localhost/base-${base}`;
}

/** Builds the example `name`, on `base` if its Dockerfile has one. @returns the image's name */
export async function exampleImage(name: string, base?: BaseName): Promise<string> {
  const tag = base === undefined ? `example-${name}` : `example-${name}-${base}`;
  if (base !== undefined) await baseImage(base);
  await oncePerRun(tag, async () => {
    const engine = await podman();
    const directory = `${engine.root}/example-${tag}`;
    Deno.mkdirSync(directory);
    await copyExample(name, directory);
    // the format of OCI has no place for a health check
    const flags = [
      "--format",
      "docker",
      ...(base === undefined ? [] : ["--build-arg", `BASE=localhost/base-${base}`]),
    ];
    await engine.build(tag, Deno.readTextFileSync(`${directory}/Dockerfile`), directory, flags);
    await Deno.remove(directory, { recursive: true });
  });
  return tag;
}
