/**
 * The one table of what a supervisor makes in its service directory: names below it. They are
 * s6's, but for `reason` and `health`. Source: s6, include/s6/supervise.h. Pure.
 */

/** What only the supervisor writes. */
export const SUPERVISE_DIRECTORY = "supervise";
/** A fifodir: where it tells events. */
export const EVENT_DIRECTORY = "event";
/**
 * Held as long as the supervisor lives. What a later one has to know: `life_record.ts`, and
 * `lib/supervise/core/spawn_intent.ts`.
 */
export const LOCK_FILENAME = "supervise/lock";
/** A FIFO for commands. */
export const CONTROL_FILENAME = "supervise/control";
/** The state: `svstatus.ts`. */
export const STATUS_FILENAME = "supervise/status";
/** The latest deaths: `dtally.ts`. */
export const DTALLY_FILENAME = "supervise/death_tally";
/** What else is known of them: `death_reasons.ts`. Ours. */
export const REASON_FILENAME = "supervise/reason";
/** What health checks have found: `lib/health/core/health_record.ts`. Ours. */
export const HEALTH_FILENAME = "supervise/health";
