/**
 * What both tarballs may add below /usr/share: manual pages, completions, licences and
 * the bill of materials. A pattern of paths,
 * without its ends.
 */
export const SHARED =
  "/usr/share(/man(/man1(/(hexad|s6-|ucspilogd|execlineb)[a-z0-9-]*\\.1)?)?|/bash-completion(/completions(/hexad)?)?|" +
  "/zsh(/site-functions(/_hexad)?)?|/fish(/vendor_completions\\.d(/hexad\\.fish)?)?|" +
  "/doc(/hexad(/LICENSE|/hexad\\.cdx\\.json|/licences(/[A-Za-z0-9.-]+)?)?)?)?";
