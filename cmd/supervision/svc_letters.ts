/** The commands of s6-svc that take no value. */
import type { OptionSpec } from "../../lib/core/cli/getopt.ts";

export const SVC_LETTERS = [
  { short: "a", text: "send SIGALRM to the service" },
  { short: "b", text: "send SIGABRT" },
  { short: "q", text: "send SIGQUIT" },
  { short: "h", text: "send SIGHUP" },
  { short: "k", text: "send SIGKILL" },
  { short: "t", text: "send SIGTERM" },
  { short: "i", text: "send SIGINT" },
  { short: "1", text: "send SIGUSR1" },
  { short: "2", text: "send SIGUSR2" },
  { short: "p", text: "pause: send SIGSTOP" },
  { short: "c", text: "continue: send SIGCONT" },
  { short: "y", text: "send SIGWINCH" },
  {
    short: "r",
    text: "restart: send the down-signal, and let the supervisor start the service again",
  },
  { short: "l", text: "reload: send the reload-signal (SIGHUP)" },
  { short: "P", text: "send SIGSTOP to the service's process group" },
  { short: "C", text: "send SIGCONT to the process group" },
  { short: "K", text: "send SIGKILL to the process group" },
  { short: "o", text: "once: start the service if it is down, don't restart it" },
  { short: "d", text: "down: stop the service, don't restart it" },
  { short: "u", text: "up: start the service, restart it when it dies" },
  { short: "D", text: "down, and create a down file" },
  { short: "U", text: "up, and remove the down file" },
  { short: "x", text: "the supervisor exits when the service is down" },
  { short: "O", text: "at most once: don't restart the service; if it is down, don't start it" },
  { short: "Q", text: "at most once, and create a down file" },
] as const satisfies readonly OptionSpec[];
