/**
 * The directory of an image in which a command is linked. Names such as `if`, `cd` and `exit` are
 * also a shell's, and some distributions have programs of these names in /usr/bin. So only names
 * that can't belong to others go there.
 */

const OWN_NAME = /^(s6-.*|ucspilogd|execlineb)$/;

/**
 * Commands of the overlay that are used in the first line of scripts, or that people type in a
 * container with a PATH that lacks /command.
 */
const OVERLAY_NAMES = new Set([
  "fix-attrs",
  "logutil-newfifo",
  "logutil-service",
  "printcontenv",
  "with-contenv",
  "with-contenv-legacy",
  "with-retries",
]);

/** Whether the tarball for /usr links it in bin/. The others are in lib/hexad/bin. */
export function isForUsrBin(command: string): boolean {
  return OWN_NAME.test(command);
}

/** Whether the overlay's tarball links it in usr/bin/ too. All commands are in command/. */
export function isForOverlayUsrBin(command: string): boolean {
  return OWN_NAME.test(command) || OVERLAY_NAMES.has(command);
}
