import { assertEquals, assertThrows } from "@std/assert";
import { EINVAL, EISDIR, ELOOP, EMLINK, ENOENT, ENXIO } from "../../../lib/core/linux/errno.ts";
import { AT_FDCWD } from "../../../lib/libc/directory.ts";
import {
  O_APPEND,
  O_CREAT,
  O_DIRECTORY,
  O_PATH,
  O_RDONLY,
  O_RDWR,
  O_TRUNC,
  O_WRONLY,
} from "../../../lib/core/linux/open_flags.ts";
import { close, open } from "../../../lib/libc/file.ts";
import {
  openFile,
  orEmpty,
  PlantedError,
  tryCreate,
  tryOpenFifo,
  tryOpenFile,
} from "../../../lib/libc/wary_open.ts";
import { plant, PLANT_KINDS, type PlantKind, plantRefusal } from "../../fixture/plants.ts";
import { makeTree } from "../../fixture/tree.ts";

/** What is no file to be written, or is not to be shared, and how that is told. */
const REFUSED: Partial<Record<PlantKind, number>> = {
  "a link to a file": ELOOP,
  "a link to a directory": ELOOP,
  "a dangling link": ELOOP,
  "a FIFO": ENXIO,
  "a socket": ENXIO,
  "a character device": ENXIO,
  "a block device": ENXIO,
  "a directory": EISDIR,
  "a hard link": EMLINK,
};

function closed(fd: number): number {
  if (fd < 0) return fd;
  close(fd);
  return 0;
}

for (const kind of PLANT_KINDS) {
  Deno.test({
    name: `tryOpenFile(): ${kind}: what it is, at once, and nothing is touched`,
    ignore: plantRefusal(kind) !== undefined,
    fn: () => {
      using tree = makeTree();
      const planted = plant(kind, tree.path("x"));
      for (const flags of [O_WRONLY | O_APPEND | O_CREAT, O_WRONLY | O_CREAT | O_TRUNC]) {
        const result = closed(
          tryOpenFile(tree.path("x"), flags, { mode: 0o666, shared: () => false }),
        );
        assertEquals(result, -(REFUSED[kind] ?? 0));
        planted.assertUntouched();
      }
    },
  });

  Deno.test({
    name: `tryOpenFifo(): ${kind}: only a FIFO is opened`,
    ignore: plantRefusal(kind) !== undefined,
    fn: () => {
      using tree = makeTree();
      plant(kind, tree.path("x"));
      const refusals: readonly number[] = [EINVAL, EISDIR, ELOOP, ENXIO];
      const result = closed(tryOpenFifo(tree.path("x"), O_RDWR));
      assertEquals(
        kind === "a FIFO" ? result === 0 : refusals.includes(-result),
        true,
        String(result),
      );
    },
  });
}

Deno.test("openFile(): says what is in the way; a link may be followed; a file with several names may be shared", () => {
  using tree = makeTree({ "file": "12345", "link=": "file", "directory/": "" });
  Deno.linkSync(tree.path("file"), tree.path("second"));
  const path = tree.path("link");
  const error = assertThrows(
    () => openFile(path, O_RDONLY),
    PlantedError,
    `unable to open ${path}: it is a symbolic link`,
  );
  assertEquals([error.errno, error.reason], [ELOOP, "it is a symbolic link"]);
  assertEquals(closed(openFile(path, O_RDONLY, { follow: true })), 0);
  assertEquals(closed(openFile(tree.path("second"), O_RDONLY)), 0);
  assertEquals(
    closed(tryOpenFile(tree.path("second"), O_RDONLY, { shared: ({ links }) => links === 2 })),
    0,
  );
  assertEquals(orEmpty(() => 1), 1);
});

Deno.test("tryOpenFile() and tryCreate(): names in a directory that is held", () => {
  using tree = makeTree({ "held/file": "12345" });
  const dirFd = open(tree.path("held"), O_PATH | O_DIRECTORY);
  tree.rename("held", "moved");
  assertEquals(closed(tryOpenFile("file", O_WRONLY | O_TRUNC, { dirFd })), 0);
  assertEquals(tree.text("moved/file"), "");
  assertEquals(closed(tryCreate("new", 0o600, dirFd)), 0);
  assertEquals(closed(tryCreate("file", 0o600, dirFd)), 0);
  assertEquals(Deno.statSync(tree.path("moved/file")).mode! & 0o777, 0o600);
  assertEquals(tryOpenFile("missing", O_RDONLY, { dirFd }), -ENOENT);
  assertEquals(tryCreate(tree.path("nowhere/file"), 0o600, AT_FDCWD), -ENOENT);
  close(dirFd);
});
