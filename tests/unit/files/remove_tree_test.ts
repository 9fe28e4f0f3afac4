import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { removeTree } from "../../../lib/files/remove_tree.ts";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { AT_FDCWD, openAt } from "../../../lib/libc/directory.ts";
import { mkdirAt } from "../../../lib/libc/entry.ts";
import { O_DIRECTORY, O_RDONLY } from "../../../lib/core/linux/open_flags.ts";
import { close } from "../../../lib/libc/file.ts";

/** Without O_NOFOLLOW, the first few go wrong. On a busy machine they need many rounds. */
const ENCOUNTERS = 5;
const MAX_ROUNDS = 200_000;

interface Scratch extends Disposable {
  readonly root: string;
}

function scratch(): Scratch {
  const root = Deno.makeTempDirSync({ prefix: "hexad-remove-tree-" });
  return { root, [Symbol.dispose]: () => removeTree(root) };
}

function namesIn(path: string): string[] {
  return Array.from(Deno.readDirSync(path), ({ name }) => name).sort();
}

function openFds(): number {
  return namesIn("/proc/self/fd").length;
}

Deno.test("removeTree() removes a directory with all that is in it, and links without what they point to", () => {
  using place = scratch();
  const { root } = place;
  Deno.mkdirSync(`${root}/keep`);
  Deno.writeTextFileSync(`${root}/keep/file`, "");
  Deno.mkdirSync(`${root}/tree/a/b`, { recursive: true });
  Deno.writeTextFileSync(`${root}/tree/a/.hidden`, "");
  Deno.symlinkSync(`${root}/keep`, `${root}/tree/link`);
  Deno.symlinkSync("nowhere", `${root}/tree/dangling`);
  removeTree(`${root}/tree`);
  assertEquals(namesIn(root), ["keep"]);
  assertEquals(namesIn(`${root}/keep`), ["file"]);
});

Deno.test("removeTree() removes a file, a link, and does nothing if there is nothing", () => {
  using place = scratch();
  const { root } = place;
  Deno.writeTextFileSync(`${root}/file`, "");
  Deno.symlinkSync(".", `${root}/link`);
  for (const name of ["file", "link", "none"]) removeTree(`${root}/${name}`);
  assertEquals(namesIn(root), []);
});

Deno.test("removeTree() goes deeper than a path can be long, with few descriptors", () => {
  using place = scratch();
  let fd = openAt(AT_FDCWD, place.root, O_RDONLY | O_DIRECTORY);
  for (let level = 0; level < 1500; level++) {
    mkdirAt(fd, "directory", 0o700);
    mkdirAt(fd, "beside", 0o700);
    const next = openAt(fd, "directory", O_RDONLY | O_DIRECTORY);
    close(fd);
    fd = next;
  }
  close(fd);
  const before = openFds();
  removeTree(`${place.root}/directory`);
  assertEquals(namesIn(place.root), ["beside"]);
  assertEquals(openFds(), before);
});

Deno.test("removeTree() empties a directory of many names", () => {
  using place = scratch();
  Deno.mkdirSync(`${place.root}/many`);
  for (let i = 0; i < 5000; i++) {
    Deno.writeTextFileSync(`${place.root}/many/a name of some length ${i}`, "");
  }
  removeTree(`${place.root}/many`);
  assertEquals(namesIn(place.root), []);
});

Deno.test("removeTree() names what it can't remove, and has closed everything then", () => {
  using place = scratch();
  const { root } = place;
  Deno.writeTextFileSync(`${root}/file`, "");
  const before = openFds();
  assertEquals(
    assertThrows(() => removeTree(`${root}/file/x`), SyscallError).message,
    `unable to remove ${root}/file/x: Not a directory`,
  );
  assertMatch(
    assertThrows(() => removeTree("/"), SyscallError).message,
    /^unable to remove \/: .*it is the root directory$/,
  );
  assertMatch(
    assertThrows(() => removeTree("/proc/self/net"), SyscallError).message,
    /^unable to remove \/proc\/self\/net/,
  );
  assertEquals(openFds(), before);
});

/** Removes it, however often somebody is in the way. Returns how often. */
function failuresBeforeRemoved(path: string): number {
  for (let failures = 0;; failures++) {
    try {
      removeTree(path);
      return failures;
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
    }
  }
}

async function startSwapping(one: string, other: string): Promise<AsyncDisposable> {
  const script = new URL("./link_swapper.ts", import.meta.url).pathname;
  const swapper = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", script, one, other],
    stdout: "piped",
  }).spawn();
  const reader = swapper.stdout.getReader();
  const { value } = await reader.read();
  assertEquals(new TextDecoder().decode(value), "begun\n");
  return {
    [Symbol.asyncDispose]: async () => {
      swapper.kill("SIGKILL");
      await swapper.status;
      await reader.cancel();
    },
  };
}

Deno.test("removeTree() follows no link that somebody puts in the place of a directory meanwhile", async () => {
  using place = scratch();
  const [victim, tree, link] = ["victim", "tree", "link"].map((name) =>
    `${place.root}/${name}`
  ) as [string, string, string];
  Deno.mkdirSync(`${victim}/deep`, { recursive: true });
  Deno.writeTextFileSync(`${victim}/deep/file`, "");
  // what the tree has there is now a directory, now a link to somebody else's
  await using _swapper = await startSwapping(`${tree}/d`, link);
  let failures = 0;
  for (let round = 0; failures < ENCOUNTERS; round++) {
    assert(round < MAX_ROUNDS, "hardly ever was somebody in its way, so nothing was shown");
    removeTree(link);
    Deno.symlinkSync(victim, link);
    Deno.mkdirSync(`${tree}/d`, { recursive: true });
    failures += failuresBeforeRemoved(tree);
    assertEquals(namesIn(`${victim}/deep`), ["file"], `round ${round}`);
  }
});
