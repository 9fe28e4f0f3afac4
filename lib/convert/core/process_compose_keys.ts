/**
 * Keys of process-compose that have no counterpart, each with its reason. Source: process-compose,
 * www/docs/configuration.md, launcher.md, schemas/process-compose-schema.json. Pure.
 */

const SCREEN = "there is no screen of its own; hexad top shows the services";
const FOREGROUND = "no service has a terminal or an input";
const MERGED = "not followed: import the other file too, or write its keys here";

/** Keys beside `processes`. */
export const TOP_REASONS: Readonly<Record<string, string>> = {
  env_cmds:
    "no command fills variables: let the command do it, as in sh -c 'export X=$(hostname); exec ...'",
  log_location: "there is no log of all: a service with log_location has one of its own",
  log_configuration: "it is for a log of all; logging of a service has max-size and max-file",
  log_level: "it is of process-compose itself",
  log_length: "the last 64 KiB of each service without a log are kept",
  log_format: "it is of process-compose itself",
  is_tui_disabled: SCREEN,
  extends: MERGED,
  mcp_server: "there is no such server",
  is_strict: "an unknown key always is an error",
  ordered_shutdown: "services always stop in the order opposite to that of their start",
};

/** Keys of a process. */
export const PROCESS_REASONS: Readonly<Record<string, string>> = {
  extends: MERGED,
  is_daemon: "it has to stay in the foreground: take away the option that makes it a daemon",
  is_foreground: FOREGROUND,
  is_tty: FOREGROUND,
  is_interactive: FOREGROUND,
  is_elevated: "nobody is asked for a password: write user, and start the tree as root",
  launch_timeout_seconds: "it is for daemons; x-hexad has timeout_up",
  disable_ansi_colors: "lines are kept as they are",
  schedule: "services do not start at times; a cron daemon can be one of them",
  watch: "files are not watched; hexad run --watch does that",
  mcp: "there is no such server",
  truncate_log: "a log directory goes on after what is in it",
  monitor_for: SCREEN,
  monitor_silence_threshold: SCREEN,
};

export const PROBE_REASONS: Readonly<Record<string, string>> = {
  success_threshold: "one success is enough, as it is in process-compose",
};
