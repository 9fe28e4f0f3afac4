/** What git says of the repository. */
import { run } from "../command.ts";
import { Fatal } from "../fatal.ts";

export interface Commit {
  readonly id: string;
  /** In seconds. */
  readonly epoch: number;
  readonly tags: readonly string[];
}

async function git(root: string, args: readonly string[], doing: string): Promise<string[]> {
  const text = await run("git", ["-C", root, ...args], { doing });
  return text.split("\n").filter((line) => line !== "");
}

/** The commit that is checked out. */
export async function headCommit(root: string): Promise<Commit> {
  const [line = ""] = await git(root, ["log", "-1", "--format=%H %ct"], "read the last commit");
  const [id = "", seconds] = line.split(" ");
  const tags = await git(root, ["tag", "--points-at", "HEAD"], "read the tags");
  return { id, epoch: Number(seconds), tags };
}

/**
 * A release is made of what is in a commit, so that others can make the same.
 * @throws {Fatal} If a file is changed or not known to git.
 */
export async function refuseDirtyTree(root: string): Promise<void> {
  const [first, ...more] = await git(root, ["status", "--porcelain"], "compare the tree with git");
  if (first === undefined) return;
  const others = more.length === 0 ? "" : ` and ${more.length} more`;
  throw new Fatal(`the tree has changes that are in no commit: ${first.trim()}${others}`);
}

/** The subjects of all commits since the release before, newest first. */
export async function subjectsSinceRelease(root: string): Promise<string[]> {
  const tags = await git(
    root,
    [
      "tag",
      "--list",
      "v[0-9]*",
      "--merged",
      "HEAD",
      "--no-contains",
      "HEAD",
      "--sort=-creatordate",
    ],
    "find the release before",
  );
  // several tags on one line of history: the one that is nearest
  const nearest = tags.length === 0 ? [] : await git(
    root,
    ["describe", "--tags", "--abbrev=0", "--match", "v[0-9]*", "HEAD^"],
    "find the release before",
  );
  const range = nearest[0] === undefined ? "HEAD" : `${nearest[0]}..HEAD`;
  return await git(root, ["log", "--no-merges", "--format=%s", range], "read the commits");
}
