/**
 * Signals that must not end s6-svscan: it handles them, or they are nothing to it. Source: s6,
 * doc/s6-svscan.html.
 */
export const SURVIVED_SIGNALS = [
  "HUP",
  "ALRM",
  "CHLD",
  "CONT",
  "PIPE",
  "PWR",
  "USR1",
  "USR2",
  "WINCH",
] as const;
