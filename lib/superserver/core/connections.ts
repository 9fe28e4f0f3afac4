/**
 * The connections of a super-server: how many there are, and of each user, and whether there may be
 * one more. Source: s6, conn-tools/s6-ipcserverd.c. Pure.
 */

export interface ConnectionLimits {
  /** Of all users together. */
  readonly total: number;
  /** Of each user. */
  readonly perUser: number;
}

export const MOST_CONNECTIONS = 16384;

/** The limits that hold where these are asked for: at least one, and of a user no more than of all. */
export function effectiveLimits({ total, perUser }: ConnectionLimits): ConnectionLimits {
  const all = Math.min(Math.max(total, 1), MOST_CONNECTIONS);
  return { total: all, perUser: Math.min(perUser, all) };
}

export class Connections {
  readonly limits: ConnectionLimits;
  readonly #uidOf = new Map<number, number>();
  readonly #countOf = new Map<number, number>();

  constructor(limits: ConnectionLimits) {
    this.limits = limits;
  }

  get pids(): readonly number[] {
    return [...this.#uidOf.keys()];
  }

  get count(): number {
    return this.#uidOf.size;
  }

  get isFull(): boolean {
    return this.count >= this.limits.total;
  }

  /** How many the user has. */
  of(uid: number): number {
    return this.#countOf.get(uid) ?? 0;
  }

  /** May the user have one more? */
  admits(uid: number): boolean {
    return this.of(uid) < this.limits.perUser;
  }

  /** The process `pid` serves one of the user's. */
  begin(pid: number, uid: number): void {
    this.#uidOf.set(pid, uid);
    this.#countOf.set(uid, this.of(uid) + 1);
  }

  /** It is dead. Returns whose it was; undefined if it served none. */
  end(pid: number): number | undefined {
    const uid = this.#uidOf.get(pid);
    if (uid === undefined) return undefined;
    this.#uidOf.delete(pid);
    const left = this.of(uid) - 1;
    if (left === 0) this.#countOf.delete(uid);
    else this.#countOf.set(uid, left);
    return uid;
  }
}
