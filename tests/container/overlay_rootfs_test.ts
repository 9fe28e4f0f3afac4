/**
 * The overlay's tarball ADDed to images of several kinds: it changes none of their files, and
 * scripts as they are in images for s6-overlay 3, 2 and 1 work there; and in an image that has
 * nothing else.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { eventually } from "../fixture/deadline.ts";
import type { TreeSpec } from "../fixture/tree.ts";
import { type Container, runContainer, startContainer } from "./container.ts";
import { copyDebian, makeMuslRoot, MUSL_PRELOAD, unmergeUsr } from "./guest_roots.ts";
import { manifestOf } from "./image_manifest.ts";
import { SHARED } from "./shared_files.ts";
import { addFiles, addOverlay, buildInContext, image } from "./images.ts";

interface Guest {
  readonly name: string;
  readonly fill: (directory: string) => Promise<void>;
  /** Is /bin a link into /usr? */
  readonly merged: boolean;
  /** The guest's own C library, as it is seen in /proc/PID/maps. */
  readonly library: string;
  /** A library of the guest that an image like it has in LD_PRELOAD. */
  readonly preload: string;
}

const GUESTS: readonly Guest[] = [
  {
    name: "glibc",
    fill: copyDebian,
    merged: true,
    library: "/usr/lib/x86_64-linux-gnu/libc.so.6",
    preload: "/usr/lib/x86_64-linux-gnu/libacl.so.1",
  },
  {
    name: "glibc-unmerged",
    fill: async (directory) => {
      await copyDebian(directory);
      unmergeUsr(directory);
    },
    merged: false,
    library: "/lib/x86_64-linux-gnu/libc.so.6",
    preload: "/lib/x86_64-linux-gnu/libacl.so.1",
  },
  {
    name: "musl",
    fill: makeMuslRoot,
    merged: false,
    library: "/lib/ld-musl-x86_64.so.1",
    preload: MUSL_PRELOAD,
  },
];

/** What the tarball may add. */
const OWN = new RegExp(
  `^(${SHARED}|` +
    "/(init|command(/[^/]+)?|package(/admin(/(execline|s6|s6-overlay|s6-portable-utils|s6-rc)(/command)?)?)?|etc/s6(-overlay)?(/.*)?|run(/s6|/s6-rc|/service|/s6-linux-init-container-results)?|usr/lib/hexad(/[^/]+)?|" +
    "usr/bin/(hexad|s6-[a-z0-9-]+|ucspilogd|execlineb|with-(contenv|contenv-legacy|retries)|printcontenv|logutil-(service|newfifo)|fix-attrs)))$",
);

/** Scripts and a service as images bring them, of both versions. */
const CONTENT: TreeSpec = {
  "etc/fix-attrs.d/10-data": "/data true 1234:1235,1:1 0640 0750\n",
  "data/file": "",
  "etc/cont-init.d/10-third!":
    '#!/command/with-contenv sh\necho "init 3: $GREETING"\nprintf later >/run/s6/container_environment/LATER\n',
  "etc/cont-init.d/20-second!": '#!/usr/bin/with-contenv sh\necho "init 2: $GREETING $LATER"\n',
  "etc/cont-init.d/30-execline!":
    '#!/usr/bin/execlineb -P\nwith-contenv importas -u g GREETING s6-echo "init 1: ${g}"\n',
  "etc/services.d/web/run!":
    '#!/bin/sh\nexec 2>&1\necho "web: up, GREETING=$GREETING, in $(pwd)"\ntrap "echo web: bye; exit 3" TERM\nwhile :; do sleep 1000 & wait; done\n',
  "etc/services.d/web/finish!": '#!/usr/bin/execlineb -S2\ns6-echo "web: finish ${1}"\n',
  "etc/cont-finish.d/10!": "#!/command/with-contenv sh\necho finished: $GREETING\n",
};

const built = new Map<string, Promise<void>>();

async function build({ name, fill }: Guest): Promise<void> {
  await buildInContext(`${name}-guest-root`, "FROM scratch\nCOPY . /\n", fill);
  await addOverlay(`${name}-overlay-bare`, `${name}-guest-root`);
  await addFiles(
    `${name}-overlay`,
    `${name}-overlay-bare`,
    { ...CONTENT, "var/run=": "/run" },
    "WORKDIR /data\nENV GREETING='good day'\n",
  );
}

/** @returns the image with scripts and a service */
async function guestImage(guest: Guest): Promise<string> {
  let building = built.get(guest.name);
  if (building === undefined) built.set(guest.name, building = build(guest));
  await building;
  return `${guest.name}-overlay`;
}

/** The files that a process of the container has mapped. */
async function mappedFiles(container: Container, pid: string): Promise<string[]> {
  const maps = await container.said("/bin/cat", `/proc/${pid}/maps`);
  return [...new Set(maps.match(/\/\S+$/gm))];
}

const BOOTED = [
  "init 3: good day",
  "init 2: good day later",
  "init 1: good day",
  "web: up, GREETING=, in /run/service/web",
].map((line) => `${line}\n`).join("");

for (const guest of GUESTS) {
  const { name } = guest;
  Deno.test(`overlay rootfs: added to an image with ${name}, the tarball changes none of its files and adds only its own`, async () => {
    await guestImage(guest);
    const before = await manifestOf(`${name}-guest-root`);
    const after = await manifestOf(`${name}-overlay-bare`);
    assert(before.has(guest.library), [...before.keys()].join(" "));
    assertEquals(before.get("/bin")?.startsWith("l"), guest.merged, "/bin is a link");
    const changed = [...before].filter(([path, entry]) => after.get(path) !== entry).map((
      [path, entry],
    ) => [path, entry, after.get(path)]);
    assertEquals(changed, []);
    const added = [...after.keys()].filter((path) => !before.has(path));
    assert(
      ["/init", "/command/with-contenv", "/usr/bin/with-contenv", "/etc/s6/init/init-stage1"].every(
        (path) => added.includes(path),
      ),
    );
    assertEquals(added.filter((path) => !OWN.test(path)), []);
  });

  Deno.test(`overlay rootfs: in an image with ${name}, scripts of versions 3, 2 and 1 run, a service is supervised, all in order`, async () => {
    const variables = [
      `LD_PRELOAD=${guest.preload}`,
      "LD_LIBRARY_PATH=/usr/lib/x86_64-linux-gnu:/usr/lib:/lib",
    ];
    const flags = [
      "--env",
      "S6_VERBOSITY=0",
      ...variables.flatMap((variable) => ["--env", variable]),
    ];
    await using container = await startContainer({ image: await guestImage(guest), flags });
    await container.stdout.until("web: up");
    const pid = (await container.said("s6-svstat", "-o", "pid", "/var/run/s6/services/web")).trim();
    assertEquals(
      (await mappedFiles(container, "1")).filter((path) => !OWN.test(path)),
      [],
      "files of the image that /init has mapped",
    );
    const service = await mappedFiles(container, pid);
    // the shell of the musl image is static
    if (name !== "musl") assert(service.includes(guest.library), service.join(" "));
    assertEquals(
      service.filter((path) => path.startsWith("/usr/lib/hexad/")),
      [],
      "files of hexad that the service has mapped",
    );
    const { mode, uid, gid } = await container.statOf("/data/file");
    assertEquals([mode & 0o7777, uid, gid], [0o640, 1234, 1235]);
    assertEquals((await container.statOf("/data")).mode & 0o7777, 0o750);
    assertEquals(await container.stop(), 0);
    assertEquals(container.stdout.text, `${BOOTED}web: bye\nweb: finish 3\nfinished: good day\n`);
    assertEquals(container.stderr.text, "");
  });

  Deno.test(`overlay rootfs: in an image with ${name}, the CMD runs where WORKDIR says, and its code is the container's`, async () => {
    const command = ["sh", "-c", 'echo "cmd: $(pwd) $1 $GREETING"; exit 42', "sh", "a b"];
    const options = { image: await guestImage(guest), flags: ["--env", "S6_VERBOSITY=0"] };
    const plain = await runContainer({ ...options, command });
    assertEquals(plain.code, 42, plain.stderr);
    assertStringIncludes(plain.stdout, "cmd: /data a b \n");
    const withContenv = await runContainer({ ...options, command: ["with-contenv", ...command] });
    assertStringIncludes(withContenv.stdout, "cmd: /data a b good day\n");
    assertEquals(withContenv.code, 42, withContenv.stderr);
  });
}

const EXECLINE_ONLY: TreeSpec = {
  "var/run=": "/run",
  "etc/cont-init.d/10!":
    '#!/command/execlineb -P\nwith-contenv importas -u g GREETING s6-echo "init: ${g}"\n',
  "etc/services.d/web/run!":
    '#!/command/execlineb -P\nfdmove -c 2 1 foreground { s6-echo "web: up" } foreground { fdmove 1 3 s6-echo } s6-pause\n',
  "etc/services.d/web/notification-fd": "3\n",
  "etc/services.d/web/finish!": '#!/command/execlineb -S2\ns6-echo "web: finish ${1} ${2}"\n',
  "etc/services.d/web/log/run!": "#!/command/execlineb -P\nlogutil-service /logs/web\n",
  "logs/web/": "",
};

Deno.test("overlay rootfs: in an image with nothing else, execline scripts run, are supervised and logged as nobody", async () => {
  await image("overlay");
  await addFiles(
    "overlay-execline",
    "overlay",
    EXECLINE_ONLY,
    "ENV GREETING='good day' S6_LOGGING_SCRIPT='n3 s268435455'\n",
  );
  // nothing can RUN while such an image is built: a list gives the directory its owner at boot
  await addFiles("overlay-execline-fixed", "overlay-execline", {
    "etc/fix-attrs.d/logs": "/logs/web true nobody,65534:65534 0644 0700\n",
  });
  await using container = await startContainer({
    image: "overlay-execline-fixed",
    flags: ["--env", "S6_VERBOSITY=0"],
  });
  await container.stdout.until("init: good day\n");
  await container.said("/command/s6-svwait", "-U", "-t", "10000", "/run/service/web");
  await container.said("/command/s6-svwait", "-u", "-t", "10000", "/run/service/web/log");
  assertEquals((await container.statOf("/logs/web/current")).uid, 65534);
  const status = await container.statOf("/run/s6/container_environment/GREETING");
  assertEquals(status.mode & 0o7777, 0o644);
  await container.said("/command/s6-svc", "-wD", "-T", "10000", "-d", "/run/service/web");
  await eventually("the last line in the log", async () => {
    const { stdout } = await container.exec(["/command/s6-tail", "-n", "9", "/logs/web/current"]);
    return stdout === "web: up\nweb: finish 256 15\n";
  });
  assertEquals(await container.stop(), 0);
  assertEquals(container.stderr.text, "");
});

Deno.test("overlay rootfs: an entry point of version 1 that ends in init-stage1 boots, and its CMD has the whole environment", async () => {
  await image("overlay-shell");
  const appInit =
    "#!/usr/bin/execlineb -S0\nforeground { s6-echo prepared }\n/etc/s6/init/init-stage1 $@\n";
  await addFiles(
    "overlay-app-init",
    "overlay-shell",
    { "app-init!": appInit, "var/run=": "/run" },
    'ENTRYPOINT ["/app-init"]\n',
  );
  const flags = ["--env", "GREETING=good day", "--env", "S6_VERBOSITY=0"];
  const { code, stdout, stderr } = await runContainer({
    image: "overlay-app-init",
    flags,
    command: ["sh", "-c", 'echo "cmd: $GREETING"; exit 7'],
  });
  assertEquals({ code, stdout, stderr }, {
    code: 7,
    stdout: "prepared\ncmd: good day\n",
    stderr: "",
  });
});

Deno.test("overlay rootfs: a /var/run that is a directory with files in it keeps them, and old paths lead to the services", async () => {
  await image("overlay-shell");
  const service = { "etc/services.d/web/run!": "#!/bin/sh\necho web: up\nexec sleep 1000000\n" };
  await addFiles("overlay-var-run", "overlay-shell", { "var/run/precious": "kept\n", ...service });
  await using container = await startContainer({
    image: "overlay-var-run",
    flags: ["--env", "S6_VERBOSITY=1"],
  });
  await container.stdout.until("web: up\n");
  assertEquals(await container.said("/bin/cat", "/var/run/precious"), "kept\n");
  assertEquals(
    await container.said("/bin/sh", "-c", "s6-svstat -o up /var/run/s6/services/web"),
    "true\n",
  );
  await container.said("/bin/sh", "-c", "s6-svscanctl -t /var/run/s6/services");
  assertEquals(await container.ended(), 0);
  assertMatch(
    container.stderr.text,
    /^init: warning: \/var\/run is a directory with files in it, not a link to \/run: making \/var\/run\/s6 a link.*\n$/,
  );
});

/**
 * Of the container's own network only: the machine's settings must not change, whatever goes wrong
 * here.
 */
const NETWORK_SETTINGS = "net.ipv4.ip_forward = 1\n-net.ipv4.no_such_setting = 1\n";
/** Nobody can write this one. */
const HOSTS_SETTING = "kernel.ostype = Other\n";

Deno.test("overlay rootfs: with S6_APPLY_SYSCTL, settings are made before the first script where the container may", async () => {
  await image("overlay-shell");
  const script = { "etc/cont-init.d/10!": "#!/bin/sh\ncat /proc/sys/net/ipv4/ip_forward\n" };
  await addFiles("overlay-sysctl", "overlay-shell", {
    "var/run=": "/run",
    "etc/sysctl.d/10.conf": NETWORK_SETTINGS,
    ...script,
  });
  const may = ["--cap-add", "NET_ADMIN", "--security-opt", "unmask=/proc/sys"];
  const flags = ["--env", "S6_VERBOSITY=1", "--env", "S6_APPLY_SYSCTL=1"];
  const command = ["true"];
  assertEquals(
    await runContainer({ image: "overlay-sysctl", flags: [...flags, ...may], command }),
    { code: 0, stdout: "1\n", stderr: "" },
  );
  const unasked = await runContainer({
    image: "overlay-sysctl",
    flags: ["--env", "S6_VERBOSITY=1", ...may],
    command,
  });
  assertEquals(unasked, { code: 0, stdout: "0\n", stderr: "" });
});

Deno.test("overlay rootfs: a setting that the container may not make is one warning, with the cure, and the boot goes on", async () => {
  await image("overlay-shell");
  const files = {
    "var/run=": "/run",
    "etc/sysctl.d/10.conf": NETWORK_SETTINGS,
    "etc/sysctl.conf": HOSTS_SETTING,
  };
  await addFiles("overlay-sysctl-refused", "overlay-shell", files);
  const flags = ["--env", "S6_VERBOSITY=1", "--env", "S6_APPLY_SYSCTL=1"];
  const { code, stdout, stderr } = await runContainer({
    image: "overlay-sysctl-refused",
    flags,
    command: ["echo", "booted"],
  });
  assertEquals([code, stdout], [0, "booted\n"]);
  const lines = stderr.trimEnd().split("\n");
  assertEquals(lines.length, 2, stderr);
  assertMatch(
    lines[0]!,
    /warning: unable to set net\.ipv4\.ip_forward to 1: .*; let the engine do it: --sysctl 'net\.ipv4\.ip_forward=1'$/,
  );
  assertMatch(
    lines[1]!,
    /warning: unable to set kernel\.ostype to Other: .*; it belongs to the host: set it there$/,
  );
});
