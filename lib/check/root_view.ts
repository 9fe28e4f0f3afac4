/**
 * A file system as it is seen from within one of its directories, an image's root: absolute names
 * and links are meant there, and `..` leads no further up. For the machine's own file system that
 * directory is "".
 *
 * Paths here are absolute, as seen from within.
 */
import { lookUpAccount } from "../core/accounts/account_lookup.ts";
import { decodePath } from "../core/text/path_bytes.ts";
import type { CheckPort, FileRecord, Names } from "./port.ts";

const MAX_LINKS = 40;
const MAX_COMPONENTS = 1024;
const ACCOUNTS_LIMIT = 4 * 1024 * 1024;
const ROOT_UID = 0;
const EXECUTE = 1;
const WRITE = 2;
const READ = 4;

export type Resolved =
  | { readonly kind: "found"; readonly path: string; readonly record: FileRecord }
  /** `path`: the part that is not there. `link`: by the way of one. */
  | { readonly kind: "missing"; readonly path: string; readonly link: boolean }
  | { readonly kind: "circle" }
  | { readonly kind: "unknown"; readonly reason: string };

export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gids: readonly number[];
}

export type Access = "execute" | "write" | "read";
const BITS: Readonly<Record<Access, number>> = { execute: EXECUTE, write: WRITE, read: READ };

export class RootView {
  readonly #port: CheckPort;
  readonly #root: string;
  #accounts: { readonly passwd: string; readonly group: string } | undefined;

  constructor(port: CheckPort, root: string) {
    this.#port = port;
    this.#root = root.replace(/\/+$/, "");
  }

  /** Where it is for the system. Only for what has been resolved, or whose directory has been. */
  outside(path: string): string {
    return `${this.#root}${path}` || "/";
  }

  /** Does C's supervisor hold the lock at `path`? */
  isHeldByC(path: string): boolean {
    const found = this.resolve(path);
    return found.kind === "found" && this.#port.isHeldByC(this.outside(found.path));
  }

  /** Follows links, that at the end of the path too. */
  resolve(path: string): Resolved {
    const todo = path.split("/").reverse();
    let at = "";
    let links = 0;
    for (let steps = 0; todo.length > 0; steps++) {
      if (steps > MAX_COMPONENTS) return { kind: "circle" };
      const component = todo.pop()!;
      if (component === "" || component === ".") continue;
      if (component === "..") {
        at = at.slice(0, Math.max(0, at.lastIndexOf("/")));
        continue;
      }
      const next = `${at}/${component}`;
      const record = this.#port.record(this.outside(next));
      if (record === undefined) return { kind: "missing", path: next, link: links > 0 };
      if (typeof record === "string") return { kind: "unknown", reason: record };
      if (record.type === "link") {
        if (++links > MAX_LINKS) return { kind: "circle" };
        const target = this.#port.target(this.outside(next)) ?? "";
        if (target.startsWith("/")) at = "";
        todo.push(...target.split("/").reverse());
      } else {
        at = next;
      }
    }
    const record = this.#port.record(this.outside(at));
    if (typeof record !== "object") return { kind: "missing", path: at, link: false };
    return { kind: "found", path: at, record };
  }

  /** What stands at the path itself, links in the directories before it followed. */
  lookAt(path: string): FileRecord | undefined | string {
    const slash = path.lastIndexOf("/");
    const directory = this.resolve(path.slice(0, slash));
    if (directory.kind === "unknown") return directory.reason;
    if (directory.kind !== "found") return undefined;
    return this.#port.record(this.outside(`${directory.path}${path.slice(slash)}`));
  }

  exists(path: string): boolean {
    return this.resolve(path).kind === "found";
  }

  isDirectory(path: string): boolean {
    const found = this.resolve(path);
    return found.kind === "found" && found.record.type === "directory";
  }

  names(path: string): Names | string {
    const found = this.resolve(path);
    return found.kind === "found"
      ? this.#port.names(this.outside(found.path))
      : "No such file or directory";
  }

  /** The first bytes of a regular file. */
  read(path: string, limit: number): Uint8Array | string {
    const found = this.resolve(path);
    if (found.kind === "unknown") return found.reason;
    return found.kind === "found"
      ? this.#port.read(this.outside(found.path), limit)
      : "No such file or directory";
  }

  text(path: string, limit: number): string | undefined {
    const bytes = this.read(path, limit);
    return typeof bytes === "string" ? undefined : decodePath(bytes);
  }

  get hasAccounts(): boolean {
    return this.exists("/etc/passwd");
  }

  /**
   * The numbers of USER, or of USER:GROUP, as s6-setuidgid takes them; the names that no file has.
   */
  user(name: string): User | { readonly unknown: string } {
    this.#accounts ??= {
      passwd: this.text("/etc/passwd", ACCOUNTS_LIMIT) ?? "",
      group: this.text("/etc/group", ACCOUNTS_LIMIT) ?? "",
    };
    const form = name.includes(":") ? "both" : "account";
    const { uid, gid, gids, unknown } = lookUpAccount(
      name,
      { form, numeric: true },
      this.#accounts,
    );
    if (unknown.length > 0) return { unknown: unknown[0]!.replace(": ", " ") };
    return {
      name,
      uid: uid ?? ROOT_UID,
      gids: [...(gid === undefined ? [] : [gid]), ...(gids ?? [])],
    };
  }

  /**
   * May the user do so by the modes of the file and of the directories before it? The path has been
   * resolved.
   */
  mayAccess(user: User, path: string, access: Access): boolean {
    for (let slash = path.indexOf("/", 1); slash > 0; slash = path.indexOf("/", slash + 1)) {
      if (!this.#allows(user, path.slice(0, slash), EXECUTE)) return false;
    }
    return this.#allows(user, path, BITS[access]);
  }

  #allows({ uid, gids }: User, path: string, bit: number): boolean {
    const record = this.#port.record(this.outside(path));
    if (typeof record !== "object") return true;
    if (uid === ROOT_UID) return true;
    const shift = record.uid === uid ? 6 : gids.includes(record.gid) ? 3 : 0;
    return (record.mode >> shift & bit) !== 0;
  }
}
