/**
 * Where commands have stood in images: s6-overlay 1 and 2 put them into /bin and /usr/bin, version
 * 3 into /command and /package/admin, and distributions into /usr/bin. Pure.
 */
const COMMAND_PATH =
  /^\/(?:bin|usr\/bin|usr\/local\/bin|command|package\/admin\/[^/]+\/command)\/[^/]+$/;

/** Whether an image may have had a command of ours there. */
export function isCommandPath(path: string): boolean {
  return COMMAND_PATH.test(path);
}
