import { assertEquals, assertThrows } from "@std/assert";
import { EINVAL } from "../../../lib/core/linux/errno.ts";
import { argumentVector } from "../../../lib/libc/invocation.ts";
import { become } from "../../../lib/libc/become.ts";
import { bindUnixDatagram } from "../../../lib/libc/socket/datagram.ts";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { AT_FDCWD, openAt, rmdirAt, unlinkAt } from "../../../lib/libc/directory.ts";
import {
  chownAt,
  exchange,
  linkAt,
  mkdirAt,
  mknodAt,
  readlinkAt,
  renameAt,
  symlinkAt,
} from "../../../lib/libc/entry.ts";
import { getenv, replaceEnvironment } from "../../../lib/libc/environ.ts";
import { execInto } from "../../../lib/libc/exec.ts";
import {
  access,
  chdir,
  chmod,
  chown,
  mkdir,
  mkfifo,
  readDirectory,
  readlink,
  rename,
  rmdir,
  symlink,
  tryOpen,
  unlink,
} from "../../../lib/libc/file.ts";
import { FNM_PATHNAME, fnmatch, glob } from "../../../lib/libc/glob.ts";
import { mountFlags, mountTmpfs } from "../../../lib/libc/mount.ts";
import { realPath } from "../../../lib/libc/cwd.ts";
import { Ere } from "../../../lib/libc/regex.ts";
import { matchGroups } from "../../../lib/libc/regex_groups.ts";
import { readSmallFile, writeFileAtomically } from "../../../lib/libc/small_file.ts";
import { spawn } from "../../../lib/libc/spawn.ts";
import { stat, tryFileTimes, tryLstat, tryLstatAt, tryStat } from "../../../lib/libc/stat.ts";

/** The shorter name exists: whoever gives a path to C unseen would find it. */
const BAD = "/dev/null\0x";
const HERE = AT_FDCWD;

const numbers: Readonly<Record<string, () => unknown>> = {
  tryOpen: () => tryOpen(BAD, 0),
  access: () => access(BAD, 0),
  mkdir: () => mkdir(BAD, 0o700),
  mkfifo: () => mkfifo(BAD, 0o600),
  unlink: () => unlink(BAD),
  rmdir: () => rmdir(BAD),
  "rename, from": () => rename(BAD, "/x"),
  "rename, to": () => rename("/x", BAD),
  "symlink, target": () => symlink(BAD, "/nowhere/x"),
  "symlink, path": () => symlink("x", BAD),
  readlink: () => readlink(BAD),
  chmod: () => chmod(BAD, 0o600),
  chown: () => chown(BAD, -1, -1),
  chdir: () => chdir("/\0x"),
  openAt: () => openAt(HERE, BAD, 0),
  unlinkAt: () => unlinkAt(HERE, BAD),
  rmdirAt: () => rmdirAt(HERE, BAD),
  mkdirAt: () => mkdirAt(HERE, BAD, 0o700),
  mknodAt: () => mknodAt(HERE, BAD, { mode: 0o010600, rdev: 0n }),
  symlinkAt: () => symlinkAt("x", HERE, BAD),
  readlinkAt: () => readlinkAt(HERE, BAD),
  linkAt: () => linkAt({ dirFd: HERE, name: BAD }, { dirFd: HERE, name: "x" }, { follow: false }),
  chownAt: () => chownAt({ dirFd: HERE, name: BAD }, -1, -1),
  exchange: () => exchange({ dirFd: HERE, name: BAD }, { dirFd: HERE, name: "x" }),
  renameAt: () =>
    renameAt({ dirFd: HERE, name: BAD }, { dirFd: HERE, name: "x" }, { replace: false }),
  tryStat: () => tryStat(BAD),
  tryLstat: () => tryLstat(BAD),
  tryLstatAt: () => tryLstatAt(HERE, BAD),
  tryFileTimes: () => tryFileTimes(BAD),
  mountTmpfs: () => mountTmpfs("/\0x"),
  "spawn, path": () => spawn({ path: "/bin/true\0x", argv: ["true"] }),
  "spawn, path to search": () => spawn({ path: "true\0x", argv: ["true"], searchPath: true }),
  "spawn, argv": () => spawn({ path: "/bin/true", argv: ["true", "a\0b"] }),
  "spawn, env": () => spawn({ path: "/bin/true", argv: ["true"], env: ["A=\0"] }),
  "spawn, directory": () => spawn({ path: "/bin/true", argv: ["true"], directory: "/\0x" }),
  "execInto, path": () => execInto(["/bin/true\0x"]),
  "execInto, argv": () => execInto(["/bin/true", "a\0b"]),
  "become, path": () =>
    become({
      paths: ["/bin/true\0x"],
      argv: ["true"],
      env: [],
      copies: [],
      closed: [],
      limits: [],
    }),
  "become, argv": () =>
    become({ paths: ["/bin/true"], argv: ["a\0b"], env: [], copies: [], closed: [], limits: [] }),
};

for (const [name, attempt] of Object.entries(numbers)) {
  Deno.test(`a NUL in a name is EINVAL: ${name}`, () => assertEquals(attempt(), -EINVAL));
}

const throwing: Readonly<Record<string, () => unknown>> = {
  realPath: () => realPath(BAD),
  readSmallFile: () => readSmallFile(BAD, 10),
  readDirectory: () => readDirectory("/\0x"),
  writeFileAtomically: () => writeFileAtomically(BAD, new Uint8Array(1)),
  stat: () => stat(BAD),
  bindUnixDatagram: () => bindUnixDatagram("/nowhere\0/x"),
  replaceEnvironment: () =>
    replaceEnvironment(new Map([...Object.entries(Deno.env.toObject()), ["A\0B", "x"]])),
};

for (const [name, attempt] of Object.entries(throwing)) {
  Deno.test(`a NUL in a name is EINVAL: ${name} throws it`, () => {
    const error = assertThrows(attempt, SyscallError);
    assertEquals(error.errno, EINVAL);
  });
}

Deno.test("a NUL in a name: nothing has it, and no expression holds one", () => {
  assertEquals(glob(BAD, 0), []);
  assertEquals(fnmatch("*", "a\0b", FNM_PATHNAME), false);
  assertEquals(fnmatch("a\0*", "a", FNM_PATHNAME), undefined);
  assertEquals(getenv("PATH\0x"), undefined);
  assertEquals(mountFlags(BAD), 0);
  assertEquals(argumentVector(["a", "b\0"]), undefined);
  assertThrows(() => new Ere("a\0b"), SyntaxError, "NUL");
  assertThrows(
    () => matchGroups("a\0b", "a", { extended: true, ignoreCase: false }),
    SyntaxError,
    "NUL",
  );
  assertEquals(matchGroups("a", "a\0b", { extended: true, ignoreCase: false }), undefined);
});
