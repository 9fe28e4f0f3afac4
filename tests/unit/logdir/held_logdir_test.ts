import { assertEquals, assertThrows } from "@std/assert";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { O_APPEND, O_CREAT, O_WRONLY } from "../../../lib/core/linux/open_flags.ts";
import { close } from "../../../lib/libc/file.ts";
import { HeldLogdir } from "../../../lib/logdir/held_logdir.ts";
import { plant } from "../../fixture/plants.ts";
import { makeTree, type Tree } from "../../fixture/tree.ts";

const NOBODY = 65534;
const STAMP = "@400000000000000000000000";
const APPEND = O_WRONLY | O_APPEND | O_CREAT;
const IS_ROOT = Deno.uid() === 0;

/** Enters `log` of the tree. What it warns of is in `said`. */
function enter(tree: Tree): { readonly logdir: HeldLogdir; readonly said: string[] } {
  const said: string[] = [];
  const logdir = new HeldLogdir(tree.path("log"), {
    stamp: () => STAMP,
    warn: (text) => said.push(text),
  });
  return { logdir, said };
}

Deno.test("log directory: it is made, and held wherever it is moved; current is not rotated where the path leads elsewhere", () => {
  using tree = makeTree();
  const { logdir } = enter(tree);
  assertEquals(Deno.statSync(tree.path("log")).mode! & 0o777, 0o700);
  assertEquals(logdir.isThere(), true);
  tree.rename("log", "moved");
  close(logdir.open("current", APPEND));
  assertEquals([tree.exists("moved/current"), logdir.isThere()], [true, false]);
  assertThrows(
    () => logdir.rename("current", "previous"),
    SyscallError,
    "No such file or directory",
  );
  logdir.close();
});

Deno.test("log directory: a link in the way of current gets another name, and what it leads to is left alone", () => {
  using tree = makeTree({ "log/": "" });
  const planted = plant("a link to a file", tree.path("log/current"), tree.path("secret"));
  const { logdir, said } = enter(tree);
  close(logdir.open("current", APPEND));
  planted.assertUntouched();
  assertEquals(said, [
    `unable to open ${
      tree.path("log/current")
    }: it is a symbolic link (what was in the way is called current.${STAMP} now)`,
  ]);
  assertEquals(Deno.lstatSync(tree.path("log/current")).isFile, true);
  logdir.close();
});

Deno.test({
  name:
    "log directory of a user: a second name of root's file becomes an archive, and a new current is begun",
  ignore: !IS_ROOT,
  fn: () => {
    using tree = makeTree({ "log/": "" });
    Deno.chownSync(tree.path("log"), NOBODY, NOBODY);
    plant("a hard link", tree.path("log/current"), tree.path("secret"));
    const { logdir } = enter(tree);
    close(logdir.open("current", APPEND));
    assertEquals(
      Deno.statSync(tree.path(`log/${STAMP}.u`)).ino,
      Deno.statSync(tree.path("secret")).ino,
    );
    assertEquals(tree.text("log/current"), "");
    logdir.close();
  },
});

Deno.test({
  name: "log directory of a user: his own file with two names is his, and is written to",
  ignore: !IS_ROOT,
  fn: () => {
    using tree = makeTree({ "log/current": "1\n" });
    for (const name of ["log", "log/current"]) Deno.chownSync(tree.path(name), NOBODY, NOBODY);
    Deno.linkSync(tree.path("log/current"), tree.path("backup"));
    const { logdir, said } = enter(tree);
    close(logdir.open("current", APPEND));
    assertEquals([tree.text("log/current"), said], ["1\n", []]);
    logdir.close();
  },
});

Deno.test("log directory that is ours: a file with another name elsewhere is written to, and is archived; one that is an archive is not archived again", () => {
  using tree = makeTree({ "log/current": "1\n" });
  Deno.linkSync(tree.path("log/current"), tree.path("backup"));
  const { logdir, said } = enter(tree);
  close(logdir.open("current", APPEND));
  assertEquals([logdir.stat("current")?.links, said], [1, []]);
  logdir.link("current", `${STAMP}.s`);
  assertEquals(logdir.stat("current")?.links, 3);
  logdir.close();
});

Deno.test("log directory: what is no file counts as empty; a directory that is to be removed, or replaced, is moved", () => {
  using tree = makeTree({
    "log/state/x": "",
    "log/previous/x": "",
    "log/current": "1\n",
    "log/fifo|": "",
  });
  const { logdir, said } = enter(tree);
  assertEquals(logdir.stat("fifo"), { executable: false, size: 0, links: 1 });
  assertEquals(logdir.stat("missing"), undefined);
  logdir.unlink("state");
  logdir.rename("current", "previous");
  assertEquals(tree.text("log/previous"), "1\n");
  assertEquals([...logdir.list()].sort(), [
    "fifo",
    "previous",
    `previous.${STAMP}`,
    `state.${STAMP}`,
  ]);
  assertEquals(said.length, 2);
  logdir.close();
});
