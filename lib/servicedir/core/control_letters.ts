/**
 * Signals that the control FIFO of a supervisor has letters for. Source: s6, doc/s6-svc.html. Pure.
 */

/** For the process of a service. */
export const SIGNAL_LETTERS: Readonly<Record<string, string>> = {
  SIGALRM: "a",
  SIGABRT: "b",
  SIGQUIT: "q",
  SIGHUP: "h",
  SIGKILL: "k",
  SIGTERM: "t",
  SIGINT: "i",
  SIGUSR1: "1",
  SIGUSR2: "2",
  SIGSTOP: "p",
  SIGCONT: "c",
  SIGWINCH: "y",
};

/** For its whole process group. */
export const GROUP_LETTERS: Readonly<Record<string, string>> = {
  SIGKILL: "K",
  SIGSTOP: "P",
  SIGCONT: "C",
};
