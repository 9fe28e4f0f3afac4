/**
 * The one table of what a supervisor makes in its service directory: names below it. They are
 * s6's, but for `reason`, `health` and `starting`. Source: s6, include/s6/supervise.h. Pure.
 */

/** What only the supervisor writes. */
export const SUPERVISE_DIRECTORY = "supervise";
/** A fifodir: where it tells events. */
export const EVENT_DIRECTORY = "event";
/** Held as long as the supervisor lives. */
export const LOCK_FILENAME = "supervise/lock";
/** A FIFO for commands. */
export const CONTROL_FILENAME = "supervise/control";
/** 35 bytes as C's, `svstatus.ts`; and what tells the process from all others, `life_record.ts`. */
export const STATUS_FILENAME = "supervise/status";
/** The latest deaths: `dtally.ts`. */
export const DTALLY_FILENAME = "supervise/death_tally";
/** What else is known of them: `death_reasons.ts`. Ours. */
export const REASON_FILENAME = "supervise/reason";
/** What health checks have found: `lib/health/core/health_record.ts`. Ours. */
export const HEALTH_FILENAME = "supervise/health";
/**
 * What an s6-supervise that is no part of an s6-svscan is about to start:
 * `lib/supervise/core/spawn_intent.ts`. Ours.
 */
export const STARTING_FILENAME = "supervise/starting";
