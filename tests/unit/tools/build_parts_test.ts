import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { COMMANDS, LINKS, TOOLS } from "../../../cmd/registry.ts";
import { isForUsrBin, placesOf } from "../../../tools/build/command_places.ts";
import { dateOf, epochOf } from "../../../tools/build/epoch.ts";
import { minorOf } from "../../../tools/build/matching_cli.ts";
import { makeOverlayStage } from "../../../tools/build/overlay_stage.ts";
import { parseLoaderList } from "../../../tools/build/private_libc.ts";
import { replaceDist, withBuildLock } from "../../../tools/build/replace_dist.ts";
import { makeLinks } from "../../../tools/build/links.ts";
import { entriesOf, GZIP, writeTarball } from "../../../tools/build/tarball.ts";
import { mainComplaint, run } from "../../../tools/command.ts";
import { Fatal } from "../../../tools/fatal.ts";
import { withDirectory } from "./scratch_directory.ts";

Deno.test("minorOf() leaves out the patch", () => assertEquals(minorOf("2.6.10"), "2.6"));

Deno.test("parseLoaderList() takes the libraries, not the kernel's and not the loader", () => {
  const list =
    "\tlinux-vdso.so.1 (0x00007f30fc8e5000)\n\tlibdl.so.2 => /lib/x86_64-linux-gnu/libdl.so.2 (0x00007f30fc8cf000)\n" +
    "\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f30f6d3e000)\n\t/lib64/ld-linux-x86-64.so.2 (0x00007f30fc8e7000)\n";
  assertEquals(parseLoaderList(list), [
    { name: "libdl.so.2", path: "/lib/x86_64-linux-gnu/libdl.so.2" },
    { name: "libc.so.6", path: "/lib/x86_64-linux-gnu/libc.so.6" },
  ]);
  assertThrows(
    () => parseLoaderList("\tlibgcc_s.so.1 => not found\n"),
    Fatal,
    "libgcc_s.so.1 => not found",
  );
});

Deno.test("mainComplaint() takes the line that says most", () => {
  assertEquals(
    mainComplaint(
      "Download x\n\x1b[31merror\x1b[0m: no such thing\n\nStack backtrace:\n   0: <unknown>\n",
    ),
    "no such thing",
  );
  assertEquals(
    mainComplaint("error: Writing x\n\nCaused by:\n    No space left on device (os error 28)\n"),
    "No space left on device",
  );
  assertEquals(
    mainComplaint(
      "error: Failed loading x\n    0: error sending request for url (https://x/): dns error\n",
    ),
    "error sending request for url (https://x/): dns error",
  );
  assertEquals(mainComplaint(""), "no reason given");
});

Deno.test("run() says which command is not there", async () => {
  await assertRejects(
    () => run("hexad-has-no-such-tool", [], { doing: "compile" }),
    Fatal,
    "unable to compile: hexad-has-no-such-tool: command not found",
  );
});

Deno.test("replaceDist() puts the new dist in place as a whole", () =>
  withDirectory(async (root) => {
    await Deno.mkdir(`${root}/dist`);
    await Deno.writeTextFile(`${root}/dist/old`, "");
    await withBuildLock(
      root,
      () => replaceDist(root, (fresh) => Deno.writeTextFile(`${fresh}/new`, "")),
    );
    assertEquals(Array.from(Deno.readDirSync(`${root}/dist`), ({ name }) => name), ["new"]);
    assertEquals(Array.from(Deno.readDirSync(root), ({ name }) => name).sort(), [
      ".dist.lock",
      "dist",
    ]);
  }));

Deno.test("replaceDist() leaves the old dist alone when the build fails", () =>
  withDirectory(async (root) => {
    await Deno.mkdir(`${root}/dist`);
    await Deno.writeTextFile(`${root}/dist/old`, "");
    const failing = withBuildLock(
      root,
      () => replaceDist(root, () => Promise.reject(new Fatal("disk full"))),
    );
    await assertRejects(() => failing, Fatal, "disk full");
    assertEquals(Array.from(Deno.readDirSync(`${root}/dist`), ({ name }) => name), ["old"]);
    assertEquals(Array.from(Deno.readDirSync(root), ({ name }) => name).sort(), [
      ".dist.lock",
      "dist",
    ]);
  }));

Deno.test("withBuildLock() brings back the dist that a killed build had put aside", () =>
  withDirectory(async (root) => {
    await Deno.mkdir(`${root}/.dist.new/half`, { recursive: true });
    await Deno.mkdir(`${root}/.dist.old`);
    await Deno.writeTextFile(`${root}/.dist.old/old`, "");
    await withBuildLock(root, () => Promise.resolve());
    assertEquals(Array.from(Deno.readDirSync(`${root}/dist`), ({ name }) => name), ["old"]);
    assertEquals(Array.from(Deno.readDirSync(root), ({ name }) => name).sort(), [
      ".dist.lock",
      "dist",
    ]);
  }));

Deno.test("withBuildLock() lets one build in at a time", () =>
  withDirectory(async (root) => {
    const order: string[] = [];
    const first = Promise.withResolvers<void>();
    const inside = Promise.withResolvers<void>();
    const one = withBuildLock(root, async () => {
      inside.resolve();
      await first.promise;
      order.push("first ends");
    });
    await inside.promise;
    const two = withBuildLock(root, () => Promise.resolve(void order.push("second begins")));
    first.resolve();
    await Promise.all([one, two]);
    assertEquals(order, ["first ends", "second begins"]);
  }));

/** What a tarball's root and the links beside the program for this machine look like. */
async function makeStage(directory: string): Promise<void> {
  for (const name of ["dev", "stage/bin", "stage/lib/hexad", "stage/share/doc/hexad"]) {
    await Deno.mkdir(`${directory}/${name}`, { recursive: true });
  }
  await Deno.writeTextFile(`${directory}/dev/hexad`, "for this machine");
  await Deno.writeTextFile(`${directory}/stage/bin/hexad`, "for images");
  await Deno.writeTextFile(`${directory}/stage/lib/hexad/libc.so.6`, "libc");
  await Deno.writeTextFile(`${directory}/stage/share/doc/hexad/LICENSE`, "licence");
  await Deno.chmod(`${directory}/stage/bin/hexad`, 0o755);
}

/** Mode, owner and name of each entry, in order. */
async function listTarball(path: string): Promise<string[]> {
  const list = await run("tar", ["--list", "--verbose", "--numeric-owner", "--file", path]);
  return list.trimEnd().split("\n").map((line) =>
    line.replace(/^(\S+) (\S+) .*:\d\d (.*)$/, "$1 $2 $3")
  );
}

const FORM = { epoch: 1767225600, compressor: GZIP };

Deno.test("tarball: program, links and private libraries, no entry for what belongs to the image, the same bytes twice", () =>
  withDirectory(async (directory) => {
    await makeStage(directory);
    for (const name of ["s6-svok", "if", "s6-svc"]) {
      await Deno.symlink("hexad", `${directory}/dev/${name}`);
    }
    const root = `${directory}/stage`;
    await makeLinks(`${directory}/dev`, root, "base");
    const contents = { root, entries: await entriesOf(root) };
    await writeTarball(contents, `${directory}/a.tar.gz`, FORM);
    await Deno.utime(`${root}/bin/hexad`, 1, 1);
    await writeTarball(contents, `${directory}/b.tar.gz`, FORM);
    assertEquals(
      await Deno.readFile(`${directory}/a.tar.gz`),
      await Deno.readFile(`${directory}/b.tar.gz`),
    );
    assertEquals(await listTarball(`${directory}/a.tar.gz`), [
      "-rwxr-xr-x 0/0 bin/hexad",
      "lrwxrwxrwx 0/0 bin/s6-svc -> hexad",
      "lrwxrwxrwx 0/0 bin/s6-svok -> hexad",
      "drwxr-xr-x 0/0 lib/hexad/",
      "drwxr-xr-x 0/0 lib/hexad/bin/",
      "lrwxrwxrwx 0/0 lib/hexad/bin/if -> ../../../bin/hexad",
      "-rw-r--r-- 0/0 lib/hexad/libc.so.6",
      "-rw-r--r-- 0/0 share/doc/hexad/LICENSE",
    ]);
  }));

Deno.test("overlay tarball: what is laid into an image, whatever the umask, with no entry for directories that every image has", () =>
  withDirectory(async (directory) => {
    await makeStage(directory);
    for (const name of ["s6-svc", "foreground", "with-contenv"]) {
      await Deno.symlink("hexad", `${directory}/dev/${name}`);
    }
    const [program, devBin, libraries] = [
      `${directory}/stage/bin/hexad`,
      `${directory}/dev`,
      `${directory}/stage/lib/hexad`,
    ];
    const lists: string[][] = [];
    for (const [mask, name] of [[0o077, "a"], [0o002, "b"]] as const) {
      const before = Deno.umask(mask);
      try {
        await Deno.mkdir(`${directory}/${name}`);
        const contents = await makeOverlayStage(`${directory}/${name}`, {
          program,
          devBin,
          libraries,
          docs: `${directory}/stage/share/doc/hexad`,
        });
        await writeTarball(contents, `${directory}/${name}.tar.gz`, FORM);
      } finally {
        Deno.umask(before);
      }
      lists.push(await listTarball(`${directory}/${name}.tar.gz`));
    }
    assertEquals(
      await Deno.readFile(`${directory}/a.tar.gz`),
      await Deno.readFile(`${directory}/b.tar.gz`),
    );
    assertEquals(lists[0], [
      "drwxr-xr-x 0/0 command/",
      "lrwxrwxrwx 0/0 command/foreground -> hexad",
      "-rwxr-xr-x 0/0 command/hexad",
      "lrwxrwxrwx 0/0 command/s6-svc -> hexad",
      "lrwxrwxrwx 0/0 command/with-contenv -> hexad",
      "drwxr-xr-x 0/0 etc/s6/",
      "drwxr-xr-x 0/0 etc/s6-overlay/",
      "drwxr-xr-x 0/0 etc/s6-overlay/s6-rc.d/",
      "drwxr-xr-x 0/0 etc/s6-overlay/user-bundles.d/",
      "drwxr-xr-x 0/0 etc/s6-overlay/user-bundles.d/user/",
      "drwxr-xr-x 0/0 etc/s6-overlay/user-bundles.d/user/contents.d/",
      "-rw-r--r-- 0/0 etc/s6-overlay/user-bundles.d/user/type",
      "drwxr-xr-x 0/0 etc/s6-overlay/user-bundles.d/user2/",
      "drwxr-xr-x 0/0 etc/s6-overlay/user-bundles.d/user2/contents.d/",
      "-rw-r--r-- 0/0 etc/s6-overlay/user-bundles.d/user2/type",
      "drwxr-xr-x 0/0 etc/s6/init/",
      "drwxr-xr-x 0/0 etc/s6/init-catchall/",
      "lrwxrwxrwx 0/0 etc/s6/init-catchall/init-stage1 -> ../../../init",
      "drwxr-xr-x 0/0 etc/s6/init-no-catchall/",
      "lrwxrwxrwx 0/0 etc/s6/init-no-catchall/init-stage1 -> ../../../init",
      "lrwxrwxrwx 0/0 etc/s6/init/init-stage1 -> ../../../init",
      "-rwxr-xr-x 0/0 etc/s6/init/init-stage2",
      "-rwxr-xr-x 0/0 etc/s6/init/init-stage3",
      "lrwxrwxrwx 0/0 init -> command/hexad",
      "drwxr-xr-x 0/0 package/",
      "drwxr-xr-x 0/0 package/admin/",
      "drwxr-xr-x 0/0 package/admin/execline/",
      "lrwxrwxrwx 0/0 package/admin/execline/command -> ../../../command",
      "drwxr-xr-x 0/0 package/admin/s6/",
      "drwxr-xr-x 0/0 package/admin/s6-overlay/",
      "lrwxrwxrwx 0/0 package/admin/s6-overlay/command -> ../../../command",
      "drwxr-xr-x 0/0 package/admin/s6-portable-utils/",
      "lrwxrwxrwx 0/0 package/admin/s6-portable-utils/command -> ../../../command",
      "drwxr-xr-x 0/0 package/admin/s6-rc/",
      "lrwxrwxrwx 0/0 package/admin/s6-rc/command -> ../../../command",
      "lrwxrwxrwx 0/0 package/admin/s6/command -> ../../../command",
      "drwxrwxrwt 0/0 run/s6/",
      "lrwxrwxrwx 0/0 run/s6-linux-init-container-results -> s6/results",
      "lrwxrwxrwx 0/0 run/s6-rc -> s6/rc",
      "lrwxrwxrwx 0/0 run/service -> s6/service",
      "lrwxrwxrwx 0/0 usr/bin/hexad -> ../../command/hexad",
      "lrwxrwxrwx 0/0 usr/bin/s6-svc -> ../../command/s6-svc",
      "lrwxrwxrwx 0/0 usr/bin/with-contenv -> ../../command/with-contenv",
      "drwxr-xr-x 0/0 usr/lib/hexad/",
      "-rw-r--r-- 0/0 usr/lib/hexad/libc.so.6",
      "-rw-r--r-- 0/0 usr/share/doc/hexad/LICENSE",
    ]);
  }));

Deno.test("makeLinks() refuses a link to a place on this machine", () =>
  withDirectory(async (directory) => {
    await makeStage(directory);
    await Deno.symlink(`${directory}/dev/hexad`, `${directory}/dev/s6-svok`);
    await assertRejects(
      () => makeLinks(`${directory}/dev`, `${directory}/stage`, "base"),
      Fatal,
      "hexad --install made s6-svok a link to",
    );
  }));

Deno.test("command places: each command is linked somewhere in the base and in the overlay; hexad-symlinks has in bin what the base has apart", () => {
  for (const name of Object.keys({ ...COMMANDS, ...TOOLS, ...LINKS })) {
    const [base] = placesOf(name, "base");
    assert(base === "bin" || base === "lib/hexad/bin", name);
    assertEquals(placesOf(name, "overlay")[0], "command", name);
    assertEquals(placesOf(name, "symlinks"), base === "bin" ? [] : ["bin"], name);
  }
  for (const name of ["s6-svc", "execlineb", "ucspilogd"]) assert(isForUsrBin(name), name);
  for (const name of ["if", "cd", "with-contenv", "init"]) assert(!isForUsrBin(name), name);
});

Deno.test("epochOf() takes SOURCE_DATE_EPOCH, and refuses what is no time", () => {
  assertEquals(dateOf(epochOf(undefined)), "2026-01-01");
  assertEquals(dateOf(epochOf("1700000000")), "2023-11-14");
  for (const wrong of ["yesterday", "-1", "1e9", " 1", "9".repeat(20)]) {
    assertThrows(() => epochOf(wrong), Fatal, `no number of seconds: ${wrong}`);
  }
});
