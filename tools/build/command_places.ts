/**
 * In which directory of an image a command is linked. Names such as `if`, `cd` and `exit` are a
 * shell's too, and some distributions have programs of these names in /usr/bin: there only what can
 * be nobody else's is put.
 */

const OWN_NAME = /^(s6-.*|ucspilogd|execlineb)$/;

/**
 * Commands of the overlay that stand in the first line of scripts, or that people type in a
 * container whose PATH has no /command.
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

/** Does the tarball for /usr link it in bin/? The others are in lib/hexad/bin. */
export function isForUsrBin(command: string): boolean {
  return OWN_NAME.test(command);
}

/** Does the overlay's tarball link it in usr/bin/ too? All are in command/. */
export function isForOverlayUsrBin(command: string): boolean {
  return OWN_NAME.test(command) || OVERLAY_NAMES.has(command);
}
