/**
 * Who may read the status of a service, control it, and listen to its events: the modes of
 * `supervise/`, `supervise/control` and `event/`. Source: s6, supervision/s6-svperms.c;
 * doc/s6-svperms.html. Pure.
 */

/** Who has a right, read from a mode. `group` means the file's group. */
export type Audience = "owner" | "group" | "public";

/** What `-u`, `-g`, `-G`, `-o` and `-O` ask for. */
export interface StatusAndControl {
  readonly status: Audience;
  readonly control: "owner" | "group";
}

/** The mode of `supervise/` for that audience of the status. */
export const SUPERVISE_MODES: Readonly<Record<Audience, number>> = {
  owner: 0o700,
  group: 0o710,
  public: 0o711,
};

/** The mode of `supervise/control` for that audience. */
export const CONTROL_MODES: Readonly<Record<StatusAndControl["control"], number>> = {
  owner: 0o600,
  group: 0o620,
};

/** The mode of `event/` for that audience. */
export const EVENT_MODES: Readonly<Record<"group" | "public", number>> = {
  group: 0o3730,
  public: 0o1733,
};

const PERMISSIONS = 0o7777;

/** Who may read the status, or `undefined` if nobody would set `supervise/` to that mode. */
export function statusAudience(mode: number): Audience | undefined {
  const others = (mode & 0o001) !== 0;
  const group = (mode & 0o010) !== 0;
  if ((mode & 0o5066) !== 0 || (mode & 0o700) !== 0o700 || (others && !group)) return undefined;
  if (others) return "public";
  return group ? "group" : "owner";
}

/**
 * Who may control the service, or `undefined` if nobody would set `supervise/control` to that mode.
 */
export function controlAudience(mode: number): "owner" | "group" | undefined {
  if ((mode & 0o157) !== 0) return undefined;
  return (mode & 0o020) === 0 ? "owner" : "group";
}

/** Who may listen, or `undefined` if nobody would set `event/` to that mode. */
export function eventAudience(mode: number): "group" | "public" | undefined {
  switch (mode & PERMISSIONS) {
    case EVENT_MODES.group:
      return "group";
    case EVENT_MODES.public:
      return "public";
    default:
      return undefined;
  }
}

/** The permission bits in octal, as a warning shows them: `755`. */
export function permissionText(mode: number): string {
  return (mode & PERMISSIONS).toString(8);
}
