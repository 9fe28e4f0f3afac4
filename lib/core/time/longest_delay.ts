/**
 * The longest delay, in milliseconds, that a timer of the runtime or poll(2) can have: they fire at
 * once for more. Pure.
 */
export const MAX_DELAY_MS = 0x7fffffff;
