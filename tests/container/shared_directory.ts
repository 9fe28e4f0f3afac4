/**
 * A directory that the test files of one run share, each in a thread or a process of its own: the
 * first one makes it, and the last one that leaves removes it.
 *
 * `users/` holds a file for each member. The directory appears complete, with its first member, by a
 * rename; whoever can remove an empty `users/` is the last one. While there is no `users/`, the
 * directory is being removed, and newcomers wait until it is gone.
 */
import { eventually } from "../fixture/deadline.ts";

const REMOVAL_LIMIT_MS = 120_000;

function isNoEntry(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound;
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}

function addMember(path: string, member: string): boolean {
  try {
    Deno.writeTextFileSync(`${path}/users/${member}`, "", { createNew: true });
    return true;
  } catch (error) {
    if (!isNoEntry(error)) throw error;
    return false;
  }
}

function makeWith(path: string, member: string, fill: (staging: string) => void): boolean {
  const staging = `${path}-${member}`;
  Deno.mkdirSync(`${staging}/users`, { recursive: true });
  addMember(staging, member);
  fill(staging);
  try {
    Deno.renameSync(staging, path);
    return true;
  } catch (error) {
    if (!hasCode(error, "ENOTEMPTY", "EEXIST")) throw error;
    Deno.removeSync(staging, { recursive: true });
    return false;
  }
}

export class SharedDirectory {
  readonly path: string;
  readonly #member: string;

  private constructor(path: string, member: string) {
    this.path = path;
    this.#member = member;
  }

  /**
   * Becomes a member.
   *
   * @param fill makes what is in it at first, in a directory that is to get its name afterwards
   */
  static async join(path: string, fill: (staging: string) => void): Promise<SharedDirectory> {
    const member = crypto.randomUUID();
    await eventually(
      `${path} to be removed by its last member`,
      () => addMember(path, member) || makeWith(path, member, fill),
      REMOVAL_LIMIT_MS,
    );
    return new SharedDirectory(path, member);
  }

  /** Leaves it. @param end is called by the last member, before the directory is removed */
  async leave(end: () => Promise<void>): Promise<void> {
    Deno.removeSync(`${this.path}/users/${this.#member}`);
    try {
      Deno.removeSync(`${this.path}/users`);
    } catch (error) {
      // ENOENT: two have left at the same time, and the other one was the last
      if (isNoEntry(error) || hasCode(error, "ENOTEMPTY")) return;
      throw error;
    }
    await end();
    await Deno.remove(this.path, { recursive: true });
  }

  /** Does `make` once for all members; the others wait until it is done. */
  async once(name: string, make: () => Promise<void>): Promise<void> {
    const place = `${this.path}/once-${encodeURIComponent(name)}`;
    using file = await Deno.open(place, { read: true, write: true, create: true });
    await file.lock(true);
    if ((await file.stat()).size > 0) return;
    await make();
    await file.write(new TextEncoder().encode("done\n"));
  }
}
