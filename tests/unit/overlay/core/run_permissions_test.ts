import { assert, assertEquals } from "@std/assert";
import {
  type Caller,
  type DirectoryFacts,
  isKeptByRoot,
  judgeRunDirectory,
  KUBERNETES_VARIABLE,
} from "../../../../lib/overlay/core/run_permissions.ts";

const ROOT: Caller = { uid: 0, gids: [0] };
const USER: Caller = { uid: 1000, gids: [1000] };
const OPENSHIFT: Caller = { uid: 654321, gids: [0] };
/** With fsGroup 2000. */
const POD: Caller = { uid: 1000, gids: [1000, 2000] };

const roots = (mode: number, gid = 0): DirectoryFacts => ({ uid: 0, gid, mode: 0o040000 | mode });

type Outcome = "ours" | "take over" | "accepted" | "warned" | "refused";

function outcome(directory: DirectoryFacts, caller: Caller, acceptWorldWritable = false): Outcome {
  const verdict = judgeRunDirectory("/run", directory, caller, acceptWorldWritable);
  return verdict.kind === "accepted" && verdict.warning !== undefined ? "warned" : verdict.kind;
}

const ROWS: readonly (readonly [string, DirectoryFacts, Caller, Outcome, Outcome])[] = [
  ["root, root's", roots(0o755), ROOT, "ours", "ours"],
  ["root, root's sticky", roots(0o1777), ROOT, "ours", "ours"],
  ["root, a user's", { uid: 1000, gid: 1000, mode: 0o755 }, ROOT, "take over", "take over"],
  ["a user, his own", { uid: 1000, gid: 0, mode: 0o700 }, USER, "ours", "ours"],
  ["a user, root's", roots(0o755), USER, "refused", "refused"],
  [
    "a user, another's, open to all",
    { uid: 2000, gid: 2000, mode: 0o777 },
    USER,
    "refused",
    "refused",
  ],
  ["a user, another's, sticky", { uid: 2000, gid: 2000, mode: 0o1777 }, USER, "refused", "refused"],
  ["a user, root's sticky", roots(0o1777), USER, "warned", "warned"],
  ["a user, root's sticky without execution", roots(0o1776), USER, "refused", "refused"],
  ["a user, root's open to all", roots(0o777), USER, "refused", "warned"],
  ["a user, root's for all but the group", roots(0o707), USER, "refused", "refused"],
  ["a user of group 0, 0775", roots(0o775), OPENSHIFT, "accepted", "accepted"],
  ["a user of group 0, 0755", roots(0o755), OPENSHIFT, "refused", "refused"],
  ["a user of group 0, open to all", roots(0o777), OPENSHIFT, "refused", "warned"],
  ["a user of group 0, sticky", roots(0o1777), OPENSHIFT, "warned", "warned"],
  [
    "a user of group 0, another's with group 0",
    { uid: 5, gid: 0, mode: 0o770 },
    OPENSHIFT,
    "accepted",
    "accepted",
  ],
  [
    "group 0 is not his first, 0770",
    roots(0o770),
    { uid: 1000, gids: [1000, 0] },
    "refused",
    "warned",
  ],
  ["a user, root's with his group, 3770", roots(0o3770, 1000), USER, "warned", "warned"],
  ["a user, root's with his group, 1770", roots(0o1770, 1000), USER, "refused", "warned"],
  ["a user, root's with his group, 0770", roots(0o770, 1000), USER, "refused", "warned"],
  [
    "a user, root's with his group, sticky, closed to the group",
    roots(0o1707, 1000),
    USER,
    "refused",
    "refused",
  ],
  ["a pod with a volume's group, 2777", roots(0o2777, 2000), POD, "refused", "warned"],
  ["a pod with a volume's group, 3777", roots(0o3777, 2000), POD, "warned", "warned"],
  ["a pod with a volume's group, 3770", roots(0o3770, 2000), POD, "warned", "warned"],
];

for (const [title, directory, caller, strict, lenient] of ROWS) {
  Deno.test(`judgeRunDirectory(): ${title}: ${strict}, and ${lenient} with the variable`, () => {
    assertEquals([outcome(directory, caller), outcome(directory, caller, true)], [strict, lenient]);
  });
}

Deno.test("judgeRunDirectory() names the variable exactly where it would help", () => {
  for (const [title, directory, caller, strict, lenient] of ROWS) {
    const verdict = judgeRunDirectory("/run", directory, caller, false);
    const helps = strict === "refused" && lenient !== "refused";
    assertEquals(
      verdict.kind === "refused" && (verdict.cure ?? "").includes(KUBERNETES_VARIABLE),
      helps,
      title,
    );
  }
});

Deno.test("judgeRunDirectory() says in its reason who owns the directory and who we are", () => {
  const verdict = judgeRunDirectory("/run", roots(0o755), USER, false);
  assert(verdict.kind === "refused");
  assertEquals(
    verdict.reason,
    "/run belongs to uid 0, not to uid 1000, and its mode 0755 keeps us out",
  );
});

const KEPT: readonly (readonly [string, DirectoryFacts, boolean])[] = [
  ["0755", roots(0o755), true],
  ["0775 with root's group", roots(0o775), true],
  ["0775 with another group", roots(0o775, 1000), false],
  ["0777", roots(0o777), false],
  ["1777", roots(0o1777), true],
  ["another's 0755", { uid: 1000, gid: 0, mode: 0o755 }, false],
];

Deno.test("isKeptByRoot() tells whether others can replace what is in a directory", () => {
  assertEquals(
    KEPT.map(([title, directory]) => [title, isKeptByRoot(directory)]),
    KEPT.map(([title, , kept]) => [title, kept]),
  );
});
