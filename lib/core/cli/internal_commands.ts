/**
 * Names of commands that are second halves of others: this program starts them, no user does. Pure.
 */

/** `hexad-orphan FD BLOCK...` starts a block as an orphan. */
export const ORPHAN_STARTER = "hexad-orphan";

/**
 * `hexad-limited COUNT { RESOURCE SOFT HARD }... EXECUTABLE ARGV...` becomes a program under
 * limits, instead of a chain that goes on without them.
 */
export const LIMITED_STARTER = "hexad-limited";

/** `hexad-heredoc TEXT` writes the text, which is too long for a pipe to hold. */
export const HEREDOC_WRITER = "hexad-heredoc";

/**
 * `hexad-notifyoncheck FD EVENTS-FD FIFO NUMBERS... [ LINE ]` polls a service for its readiness,
 * beside it.
 */
export const READINESS_POLLER = "hexad-notifyoncheck";
