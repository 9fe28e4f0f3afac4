import { assertEquals } from "@std/assert";
import {
  hangingMount,
  isRemote,
  mountOf,
  parseMountinfo,
} from "../../../../lib/loghost/core/mount_table.ts";

const MOUNTINFO = `22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime - overlay overlay rw,lowerdir=/a
25 27 0:24 / /run rw,relatime shared:3 - tmpfs tmpfs rw
40 27 259:1 /docker/x /data rw,relatime master:7 - ext4 /dev/nvme0n1p1 rw
41 27 259:1 /docker/hosts /etc/hosts rw,relatime - ext4 /dev/nvme0n1p1 rw
42 40 0:50 / /data/far\\040away rw,relatime - nfs4 server:/x rw
43 25 254:0 /srv /run/srv rw,relatime - overlay overlay rw
44 27 0:60 / /over rw - ext4 /dev/a rw
45 44 0:61 / /over rw - tmpfs tmpfs rw
not a line
`;
const MOUNTS = parseMountinfo(MOUNTINFO);

const LINKS: Readonly<Record<string, string>> = {
  "/var/log/web": "/data/web",
  "/var/log/up": "../../data/up",
  "/run/link": "srv/logs",
  "/loop": "/loop",
  "/dots": "/var/../data/../run/x",
};
const looked: string[] = [];
const readLink = (path: string): string | undefined => {
  looked.push(path);
  return LINKS[path];
};

const CASES: readonly (readonly [path: string, device: string])[] = [
  ["/", ""],
  ["/var/log/db", ""],
  ["/run/log", ""],
  ["/run/srv/log", ""],
  ["/data", "259:1"],
  ["/data/web/log", "259:1"],
  ["/database", ""],
  ["/data/far away/log", "0:50"],
  ["/data/far away/../web", "259:1"],
  ["/var/log/web/lines", "259:1"],
  ["/var/log/up", "259:1"],
  ["/run/link/a", ""],
  ["//run/./../data//x", "259:1"],
  ["/loop/a", ""],
  ["/dots", "259:1"],
  ["/over/x", ""],
];

for (const [path, device] of CASES) {
  Deno.test(`${path} lies on ${device === "" ? "nothing that may hang alone" : device}`, () => {
    assertEquals(hangingMount(path, MOUNTS, readLink)?.device ?? "", device);
  });
}

Deno.test("nothing on a file system that may hang is asked for a link", () => {
  assertEquals(looked.filter((path) => path === "/data" || path.startsWith("/data/")), []);
});

Deno.test("octal escapes of mount points are undone, and lines that are none left out", () => {
  assertEquals([MOUNTS.length, mountOf("/data/far away/x", MOUNTS)?.type], [9, "nfs4"]);
});

Deno.test("what comes from another machine or process is told by the type", () => {
  const types = ["nfs4", "fuse.sshfs", "fuse", "fuseblk", "ext4", "overlay", "9p"];
  assertEquals(types.filter((type) => isRemote({ point: "/x", device: "0:1", type })), [
    "nfs4",
    "fuse.sshfs",
    "fuse",
    "9p",
  ]);
});
