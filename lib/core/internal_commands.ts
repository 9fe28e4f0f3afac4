/** Names of commands that are second halves of others: this program starts them, no user does. Pure. */

/** `hexad-orphan FD BLOCK...` starts a block that is to be nobody's child. */
export const ORPHAN_STARTER = "hexad-orphan";
