/**
 * The utilities about mounts, swap, the root and the host's name, in namespaces of their own. They
 * are run as root.
 */
import { assert, assertEquals } from "@std/assert";
import { start } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import { makeTree } from "../../fixture/tree.ts";
import { testUtility, type UtilityCase } from "./utility_case.ts";

requireToolset(OURS);
if (Deno.uid() !== 0) throw new Error("the tests of s6-mount and s6-chroot need root");

/** A script in mount and UTS namespaces that end with it. */
function apart(
  script: string,
  outcome: Omit<UtilityCase, "args" | "shell"> = {},
): UtilityCase {
  return {
    ...outcome,
    shell: `exec unshare --mount --uts sh -c '${script}' "$0"`,
    tree: { "m/": "", "n/": "", ...outcome.tree },
  };
}

const TYPE = `stat -f -c %T m`;

testUtility("s6-hostname", [
  { like: ["uname", "-n"], stdout: `${Deno.hostname()}\n` },
  apart(`"$0" web.example && "$0" && uname -n`, { stdout: "web.example\nweb.example\n" }),
  apart(`"$0" "$(printf %065d 0)"`, {
    code: 111,
    stderr: /^s6-hostname: fatal: unable to set hostname: Invalid argument$/m,
  }),
  {
    shell: `exec setpriv --bounding-set -all "$0" x`,
    code: 111,
    stderr: /unable to set hostname: Operation not permitted/,
  },
]);

testUtility("s6-mount", [
  apart(`"$0" -t tmpfs x m && ${TYPE}`, { stdout: "tmpfs\n" }),
  apart(
    `"$0" -n -r -o nosuid,size=64k -t tmpfs x m && findmnt -no OPTIONS m | tr , "\\n" | grep -E "^(ro|nosuid|size=64k)$"`,
    { stdout: "ro\nnosuid\nsize=64k\n" },
  ),
  apart(`"$0" -rwt tmpfs x m && >m/f && echo written`, { stdout: "written\n" }),
  apart(`"$0" -o bind m n && >m/f && ls n && "$0" -o remount,bind,ro none n && ! >n/g`, {
    stdout: "f\n",
    stderr: /Read-only file system|cannot create n\/g/,
  }),
  apart(`"$0" | cmp - /proc/mounts`),
  apart(`"$0" -a -z fstab && ${TYPE} && cat "n n/f"`, {
    tree: {
      "fstab": "# all of it\n\nx m tmpfs size=64k 0 0\n\td\tn\\040n none bind\n",
      "d/f": "here",
      "n n/": "",
    },
    stdout: "tmpfs\nhere",
  }),
  apart(`"$0" -az fstab; echo $?; ${TYPE}`, {
    tree: { "fstab": "x lost tmpfs\nx m tmpfs\nx m/lost tmpfs\n" },
    stdout: "2\ntmpfs\n",
    stderr:
      /^s6-mount: warning: unable to mount x on lost: No such file or directory\n.* x on m\/lost: /m,
  }),
  apart(`"$0" -t tmpfs x lost`, {
    code: 111,
    stderr: /^s6-mount: fatal: unable to mount x on lost: No such file or directory$/m,
  }),
  apart(`"$0" -t no-such-type x m`, {
    code: 111,
    stderr: /unable to mount x on m: No such device/,
  }),
  apart(`"$0" -t sysfs x m && "$0" -t sysfs x m`, {
    code: 1,
    stderr: /unable to mount x on m: Device or resource busy/,
  }),
  {
    args: ["-a", "-z", "lost"],
    code: 111,
    stderr: /unable to open lost for reading: No such file/,
  },
  { args: ["x"], code: 100, stderr: /a device and a mount point are needed/ },
]);

testUtility("s6-umount", [
  apart(`mount -t tmpfs x m && mount -t tmpfs y m && >m/f && "$0" m && ls m && "$0" m && "$0" m`, {
    code: 111,
    stderr: /^s6-umount: fatal: unable to unmount m: Invalid argument$/m,
  }),
  // what is in use stays, is said, and is counted
  apart(
    `mount -t tmpfs x m && >m/f && "$0" --all 2>said; code=$?
    ls m; test $code -eq $(grep -c "unable to unmount" said) && grep -o "unable to unmount /:" said`,
    { stdout: "unable to unmount /:\n" },
  ),
  { code: 100, stderr: /no mountpoint given/ },
]);

testUtility("s6-swapon", [
  {
    args: ["lost"],
    code: 111,
    stderr: /^s6-swapon: fatal: unable to swapon lost: No such file or directory$/m,
  },
  apart(`mount --bind fstab /etc/fstab; "$0" --all`, {
    tree: { "fstab": "x m tmpfs\nlost1 none swap\nlost2 none swap sw\n" },
    code: 2,
    stderr:
      /^s6-swapon: warning: unable to swapon lost1: No such file or directory\n.* swapon lost2: /m,
  }),
  { code: 100, stderr: /no device given/ },
]);

testUtility("s6-swapoff", [
  {
    args: ["lost"],
    code: 111,
    stderr: /^s6-swapoff: fatal: unable to swapoff lost: No such file or directory$/m,
  },
  apart(`mount --bind swaps /proc/swaps; "$0" -a`, {
    tree: { "swaps": "Filename Type\n/lost\\040one file 8 0 -2\n" },
    code: 1,
    stderr: /^s6-swapoff: warning: unable to swapoff \/lost one: No such file or directory$/m,
  }),
  { code: 100, stderr: /no device given/ },
]);

testUtility("s6-freeramdisk", [
  { args: ["lost"], code: 111, stderr: /unable to open lost in read-write mode: No such file/ },
  {
    args: ["f"],
    tree: { f: "" },
    code: 111,
    stderr: /^s6-freeramdisk: fatal: unable to ioctl f: Inappropriate ioctl for device$/m,
  },
  { code: 100, stderr: /no device given/ },
]);

/** Makes m a file system that has the programs of this one, and none of its other directories. */
const NEW_ROOT = `mount -t tmpfs x m && mkdir m/old && for d in usr bin lib lib64; do
  if test -L /$d; then cp -P /$d m/$d
  elif test -d /$d; then mkdir m/$d && mount --bind /$d m/$d
  fi
done`;

testUtility("s6-chroot", [
  apart(`${NEW_ROOT}; exec "$0" m sh -c "pwd && test ! -e /etc && test -e /old && echo other"`, {
    stdout: "/\nother\n",
  }),
  { args: ["m", "s6-echo", "ours"], tree: { "m/": "" }, stdout: "ours\n" },
  { args: ["m", "s6-chroot", "d", "s6-ls", "/"], tree: { "m/d/f": "" }, stdout: "f\n" },
  {
    shell: `exec "\${0%/*}/execlineb" -Pc "foreground { s6-chroot m s6-ls / } s6-ls m/d"`,
    tree: { "m/d/f": "" },
    stdout: "d\nf\n",
  },
  {
    args: ["m", "lost"],
    tree: { "m/": "" },
    code: 127,
    stderr: /^s6-chroot: fatal: unable to exec lost: No such file or directory$/m,
  },
  { args: ["lost", "true"], code: 111, stderr: /unable to chdir to lost: No such file/ },
  { args: ["m"], tree: { "m/": "" }, code: 100, stderr: /a directory and a program are needed/ },
]);

testUtility("s6-pivotchroot", [
  apart(
    `${NEW_ROOT}; exec "$0" m old sh -c "pwd && test ! -e /etc && test -e /old/etc && echo other"`,
    {
      stdout: "/\nother\n",
    },
  ),
  apart(`mkdir m/n && exec "$0" m n true`, {
    code: 111,
    stderr:
      /^s6-pivotchroot: fatal: unable to pivot_root: (Invalid argument|Device or resource busy)$/m,
  }),
  { args: ["m", "n"], code: 100, stderr: /a place for the old one and a program are needed/ },
]);

testUtility("s6-logwatch", [
  { args: ["lost"], code: 111, stderr: /^s6-logwatch: fatal: unable to watch lost: No such file/m },
  { args: ["-m", "x", "."], code: 100, stderr: /invalid number of bytes: x/ },
  // a reader that has gone ends it
  {
    shell: `"$0" -m 100 . | head -n 1`,
    tree: { current: "one\n" },
    stdout: "one\n",
    stderr: /^s6-logwatch: warning: the -m option is deprecated$/m,
  },
]);

Deno.test("s6-logwatch: a log directory that a logger rotates is printed once, in order", async () => {
  using tree = makeTree({ "log/": "" });
  await using logger = start(OURS.bin("s6-log"), ["s4096", "n20", tree.path("log")]);
  const writer = logger.stdin.getWriter();
  const say = (line: string) => writer.write(new TextEncoder().encode(`${line}\n`));
  await eventually("the logger to make current", () => tree.exists("log/current"));
  await using watch = start(OURS.bin("s6-logwatch"), [tree.path("log")]);
  let written = "";
  for (let i = 0; i < 12; i++) {
    const line = `${i} ${"x".repeat(1500)}`;
    written += `${line}\n`;
    await say(line);
    await eventually(`line ${i} to be printed`, () => watch.stdout.text === written);
  }
  const archives = [...Deno.readDirSync(tree.path("log"))].filter(({ name }) =>
    name.startsWith("@")
  );
  assert(archives.length > 1, "the log directory was rotated");
  await writer.close();
  assertEquals(await logger.ended(), 0);
  watch.kill("SIGTERM");
  assertEquals(await watch.ended(), 143);
});
