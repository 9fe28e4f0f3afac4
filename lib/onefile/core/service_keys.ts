/**
 * The one table of services.yaml: every key that has an effect, what may stand there, what it
 * becomes, and a sentence about it. The reader, docs/services.schema.json and the reference in
 * docs/services-yaml.md are made from it. Names and meanings are those of the Compose
 * specification, 05-services.md; `x-hexad` has what Compose lacks. Pure.
 */
import {
  FOREIGN_DEPLOY_KEYS,
  FOREIGN_LOG_OPTIONS,
  FOREIGN_SERVICE_KEYS,
  FOREIGN_TOP_KEYS,
} from "./foreign_keys.ts";
import type { Decoded, Keys, ValueType } from "./value_types.ts";

const TEXT = { kind: "text" } as const;
const WORDS = { kind: "words" } as const;
const PAIRS = { kind: "pairs" } as const;
const BOOLEAN = { kind: "boolean" } as const;
const DURATION = { kind: "duration" } as const;
const TEXTS = { kind: "list", of: TEXT } as const;
const NAMES = { kind: "list", of: { kind: "text", form: "service name" } } as const;
const ANY_NUMBER = { kind: "integer", least: -1, most: Number.MAX_SAFE_INTEGER } as const;
const MOST_COPIES = 1000;

export const LOG_DRIVERS = ["file", "prefix", "json", "none", "json-file", "local"] as const;
export const DEPENDENCY_CONDITIONS = [
  "service_started",
  "service_healthy",
  "service_completed_successfully",
] as const;
export type ComposeCondition = (typeof DEPENDENCY_CONDITIONS)[number];

// deno-fmt-ignore
export const DEPENDENCY_KEYS = {
  condition: { type: { kind: "choice", of: DEPENDENCY_CONDITIONS }, becomes: "the content of `dependencies.d/NAME`", text: "What it waits for: that the process was started, that the service is healthy, or that it has ended with 0.", example: "service_healthy" },
  required: { type: BOOLEAN, becomes: "`wants.d/NAME` if false", text: "If false, this service starts even if the other one fails. Its condition has to be service_started then.", example: "false" },
  restart: { type: BOOLEAN, becomes: "`restarts-with.d/NAME`", text: "This service is restarted when the other one is restarted or dies.", example: "true" },
} as const satisfies Keys;

// deno-fmt-ignore
export const HEALTHCHECK_KEYS = {
  test: { type: { kind: "either", of: [TEXT, TEXTS] }, becomes: "`health-check/run`", text: "A list that begins with CMD, CMD-SHELL or NONE; a text is a line for a shell. A program that ends with 0 tells that the service is well.", example: "[CMD, redis-cli, ping]", isReplaced: true },
  interval: { type: DURATION, becomes: "`health-check/interval`", text: "From one check to the next.", example: "10s" },
  timeout: { type: DURATION, becomes: "`health-check/timeout`", text: "How long one check may take.", example: "3s" },
  retries: { type: { kind: "integer", least: 1, most: 1000 }, becomes: "`health-check/retries`", text: "So many failures in a row, and the service is unhealthy.", example: "3" },
  start_period: { type: DURATION, becomes: "`health-check/start-period`", text: "The time after a start in which failures do not count.", example: "30s" },
  start_interval: { type: DURATION, becomes: "`health-check/start-interval`", text: "The interval during that time.", example: "1s" },
  disable: { type: BOOLEAN, becomes: "no `health-check`", text: "No check, whatever else stands here.", example: "true" },
  "x-hexad": {
    type: { kind: "object", keys: {
      tcp: { type: { kind: "text", form: "endpoint" }, becomes: "`health-check/tcp`", text: "Instead of a test: PORT or HOST:PORT that accepts a connection. It needs no process.", example: "6379" },
      http: { type: { kind: "text", form: "http address" }, becomes: "`health-check/http`", text: "Instead of a test: an address that answers well. It needs no process.", example: "http://127.0.0.1:8080/health" },
      unix: { type: { kind: "text", form: "absolute path" }, becomes: "`health-check/unix`", text: "Instead of a test: a socket that accepts a connection. It needs no process.", example: "/run/php-fpm.sock" },
      http_status: { type: { kind: "text", form: "statuses" }, becomes: "`health-check/http-status`", text: "The statuses of a good answer.", example: "200-299,404" },
      on_unhealthy: { type: { kind: "choice", of: ["none", "restart", "essential"] }, becomes: "`health-check/on-unhealthy`", text: "What happens when the service becomes unhealthy: nothing, a restart, or the end of all.", example: "restart" },
    } },
    becomes: "", text: "What Compose has no word for.", example: "{tcp: 6379}",
  },
} as const satisfies Keys;

// deno-fmt-ignore
export const LOGGING_KEYS = {
  driver: { type: { kind: "choice", of: LOG_DRIVERS }, becomes: "`log/logscript`", text: "file: a log directory. prefix: the container's output, each line behind the service's name. json: the same as JSON objects. none: nothing is kept. json-file, local: Docker's names for logs in files; here the same as file.", example: "file" },
  options: {
    type: { kind: "object", keys: {
      "max-size": { type: { kind: "text", form: "size" }, becomes: "`s` in the log script", text: "file: a new file is begun after so many bytes; 1000000 without it.", example: "10m" },
      "max-file": { type: { kind: "integer", least: 1, most: 10_000 }, becomes: "`n` in the log script", text: "file: so many old files are kept; 20 without it.", example: "5" },
      dir: { type: { kind: "text", form: "absolute path" }, becomes: "the directory in the log script", text: "file: the log directory; /var/log/NAME without it. Each copy of a scaled service has one of its own in it.", example: "/var/log/app" },
      user: { type: { kind: "text", form: "user" }, becomes: "`user:` in the log script", text: "file: the user that writes it; without it, that of the supervisor.", example: "nobody" },
    }, foreign: FOREIGN_LOG_OPTIONS },
    becomes: "", text: "The options of the driver file.", example: "{max-size: 10m, max-file: 5}",
  },
} as const satisfies Keys;

// deno-fmt-ignore
export const HEXAD_KEYS = {
  oneshot: { type: BOOLEAN, becomes: "a oneshot of s6-rc", text: "It runs once and is up when it has ended with 0.", example: "true" },
  down: { type: WORDS, becomes: "`down` of a oneshot", text: "The command with which a oneshot is brought down.", example: "umount /data", isReplaced: true },
  finish: { type: WORDS, becomes: "`finish`", text: "A command after each end of the service, in its surroundings. Four more words follow it: the exit code, 256 if a signal ended it, the signal, the name, and the process group.", example: "/app/clean --all", isReplaced: true },
  timeout_finish: { type: DURATION, becomes: "`timeout-finish`", text: "The longest that finish may take; 5s without the key, and 0s is no limit.", example: "30s" },
  essential: { type: BOOLEAN, becomes: "`flag-end-all`", text: "When it ends for good, everything is stopped, and its exit code is the container's.", example: "true" },
  drain: { type: DURATION, becomes: "`timeout-drain`", text: "The time between the wish to stop and the signal.", example: "5s" },
  leftovers: { type: { kind: "choice", of: ["kill", "leave"] }, becomes: "`flag-kill-leftovers`", text: "What happens to processes that it leaves behind.", example: "kill" },
  kill_group: { type: BOOLEAN, becomes: "`flag-timeout-killpg`", text: "SIGKILL after stop_grace_period goes to its whole process group.", example: "true" },
  restart_delay: { type: DURATION, becomes: "`restart-delay`", text: "The time before a restart; doubled each time.", example: "200ms" },
  restart_delay_max: { type: DURATION, becomes: "`restart-delay-max`", text: "The longest of these times.", example: "30s" },
  max_restarts: { type: { kind: "text", form: "restarts" }, becomes: "`max-restarts`", text: "N/SECONDS: if it needs more restarts, it has failed for good.", example: "5/60" },
  exit_codes_ok: { type: { kind: "list", of: { kind: "text", form: "exit code" } }, becomes: "`exit-codes-ok`", text: "Exit codes, and signals, that are as good as 0: with restart: on-failure, it is not restarted after them.", example: "[2, SIGTERM]" },
  max_start_failures: { type: { kind: "integer", least: 1, most: 4096 }, becomes: "`max-start-failures`", text: "After so many deaths before it is ready, its start has failed.", example: "3" },
  notification_fd: { type: { kind: "integer", least: 3, most: 1023 }, becomes: "`notification-fd`", text: "It writes a newline to this descriptor when it is ready.", example: "3" },
  ready_tcp: { type: { kind: "text", form: "endpoint" }, becomes: "`ready-tcp`", text: "It is ready when somebody accepts a connection at PORT or HOST:PORT.", example: "8080" },
  ready_http: { type: { kind: "text", form: "http address" }, becomes: "`ready-http`", text: "It is ready when this address answers well.", example: "http://127.0.0.1:8080/" },
  ready_log: { type: TEXT, becomes: "`ready-log`", text: "It is ready when a line of its output contains this text.", example: "listening on" },
  condition: { type: { kind: "list", of: { kind: "text", form: "condition" } }, becomes: "`condition`", text: "It starts only if all of these hold: VAR, !VAR, VAR=value, exists PATH.", example: '["exists /etc/app.conf"]' },
  after: { type: NAMES, becomes: "`after.d/NAME`", text: "Order only: if both start, the other one starts first.", example: "[db]" },
  before: { type: NAMES, becomes: "`before.d/NAME`", text: "Order only: if both start, the other one starts last.", example: "[web]" },
  output_to: { type: { kind: "text", form: "service name" }, becomes: "`producer-for`, `consumer-for`", text: "Its standard output is the standard input of that service.", example: "parser" },
  log: { type: { kind: "list", of: { kind: "text", form: "log directive" } }, becomes: "the log script", text: "Directives of s6-log for the driver file, before its directory.", example: '["-", "+^E"]', isReplaced: true },
  timeout_up: { type: DURATION, becomes: "`timeout-up`", text: "The longest that a start may take.", example: "1m" },
  timeout_down: { type: DURATION, becomes: "`timeout-down`", text: "The longest that a stop may take.", example: "1m" },
  reload_signal: { type: { kind: "text", form: "signal" }, becomes: "`reload-signal`", text: "The signal of hexad reload.", example: "SIGUSR2" },
  home: { type: BOOLEAN, becomes: "`homeof` in `run`", text: "HOME is the home directory of user in /etc/passwd, as in a container of its own.", example: "true" },
  umask: { type: { kind: "text", form: "octal" }, becomes: "`umask` in `run`", text: "The mask for new files.", example: "027" },
  nice: { type: { kind: "integer", least: -20, most: 19 }, becomes: "`nice` in `run`", text: "The priority of its processes.", example: "10" },
} as const satisfies Keys;

export const ENV_FILE_FORMATS = ["raw", "foreman"] as const;
export type EnvFileFormat = (typeof ENV_FILE_FORMATS)[number];

const ENV_FILE = {
  kind: "object",
  keys: {
    path: { type: TEXT, becomes: "`hexad env --file`", text: "The file.", example: "app.env" },
    required: {
      type: BOOLEAN,
      becomes: "`-` before the file",
      text: "If false, the file may be missing.",
      example: "false",
    },
    format: {
      type: { kind: "choice", of: ENV_FILE_FORMATS },
      becomes: "`hexad env --format`",
      text:
        "raw: values are taken as they are, without quotes and variables. foreman: as foreman reads a .env.",
      example: "raw",
    },
  },
} as const satisfies ValueType;

const DEPLOY_KEYS = {
  replicas: {
    type: { kind: "integer", least: 0, most: MOST_COPIES },
    becomes: "as `scale`",
    text: "The number of copies.",
    example: "3",
  },
} as const satisfies Keys;

/** A key of a map of services. */
// deno-fmt-ignore
export const SERVICE_KEYS = {
  command: { type: WORDS, becomes: "the last words of `run`", text: "The program and its arguments; a text is split into words, without a shell.", example: "nginx -g 'daemon off;'", isReplaced: true },
  entrypoint: { type: WORDS, becomes: "the words of `run` before those of command", text: "Words that stand before those of command.", example: "[/docker-entrypoint.sh]", isReplaced: true },
  environment: { type: PAIRS, becomes: "`export` in `run`", text: "Variables. A name without a value keeps the value that the environment has.", example: "{PORT: 8080}" },
  env_file: { type: { kind: "either", of: [TEXT, { kind: "list", of: { kind: "either", of: [TEXT, ENV_FILE] } }] }, becomes: "`hexad env` in `run`", text: "Files of variables, read at each start; environment takes precedence. Relative names are those beside the file of services.", example: "[app.env]" },
  working_dir: { type: { kind: "text", form: "path" }, becomes: "`cd` in `run`", text: "The directory in which it runs; a relative one is beside the file of services. Without the key, hexad up runs it beside the file, and others in its service directory.", example: "/srv/app" },
  user: { type: { kind: "text", form: "user" }, becomes: "`s6-setuidgid` in `run`", text: "USER or USER:GROUP, names or numbers.", example: "www-data" },
  group_add: { type: TEXTS, becomes: "the groups of that link", text: "More groups, names or numbers.", example: "[video]" },
  depends_on: { type: { kind: "either", of: [NAMES, { kind: "entries", of: { kind: "object", keys: DEPENDENCY_KEYS } }] }, becomes: "`dependencies.d`", text: "Services that start before this one and stop after it.", example: "{db: {condition: service_healthy}}" },
  healthcheck: { type: { kind: "object", keys: HEALTHCHECK_KEYS }, becomes: "`health-check`", text: "How hexad finds out whether the service is well.", example: "{test: [CMD, redis-cli, ping], interval: 10s}" },
  restart: { type: { kind: "text", form: "restart" }, becomes: "`restart-policy`, `max-restarts`", text: "Whether it is restarted after its end. Without the key: always. unless-stopped is the same as always.", example: "on-failure:5" },
  stop_signal: { type: { kind: "text", form: "signal" }, becomes: "`down-signal`", text: "The signal that stops it.", example: "SIGQUIT" },
  stop_grace_period: { type: DURATION, becomes: "`timeout-kill`", text: "The time from that signal to SIGKILL; 10s without the key.", example: "30s" },
  ulimits: { type: { kind: "entries", of: { kind: "either", of: [ANY_NUMBER, { kind: "object", keys: {
    soft: { type: ANY_NUMBER, becomes: "`s6-softlimit`", text: "The soft limit; -1 is no limit.", example: "1024" },
    hard: { type: ANY_NUMBER, becomes: "`s6-softlimit -h`", text: "The hard limit; -1 is no limit.", example: "4096" },
  } }] } }, becomes: "`s6-softlimit` in `run`", text: "Limits by the names of Compose: nofile, nproc, core and so on. A number is both limits.", example: "{nofile: 65536}" },
  oom_score_adj: { type: { kind: "integer", least: -1000, most: 1000 }, becomes: "`oom-score-adj`", text: "How soon the kernel kills it when memory is short.", example: "500" },
  scale: { type: { kind: "integer", least: 0, most: MOST_COPIES }, becomes: "a bundle NAME of NAME-1, NAME-2, ...", text: "The number of copies; each has its number in the variable REPLICA.", example: "3" },
  deploy: { type: { kind: "object", keys: DEPLOY_KEYS, foreign: FOREIGN_DEPLOY_KEYS }, becomes: "as `scale`", text: "Only replicas counts.", example: "{replicas: 3}" },
  init: { type: { kind: "choice", of: ["true", "false", "oneshot"] }, becomes: "a oneshot of s6-rc", text: "oneshot is x-hexad: {oneshot: true}. true and false have no effect: hexad is the init of them all.", example: "oneshot" },
  profiles: { type: TEXTS, becomes: "not in the bundle that starts", text: "It starts only if one of these profiles is asked for, by COMPOSE_PROFILES.", example: "[debug]" },
  labels: { type: PAIRS, becomes: "`data/labels`", text: "Kept for your own programs, a line NAME=VALUE each.", example: "{team: web}" },
  logging: { type: { kind: "object", keys: LOGGING_KEYS }, becomes: "`log/`", text: "Where its output goes. Without the key: to the container's output, as it is.", example: "{driver: file, options: {max-size: 10m}}" },
  "x-hexad": { type: { kind: "object", keys: HEXAD_KEYS }, becomes: "", text: "What Compose has no word for.", example: "{essential: true}" },
} as const satisfies Keys;

/** What concerns the whole tree. */
// deno-fmt-ignore
export const TREE_KEYS = {
  serve: { type: WORDS, becomes: "a service `hexad-serve`", text: "Where `hexad serve` listens, and options of it: the services for browsers and programs.", example: "127.0.0.1:9266", isReplaced: true },
} as const satisfies Keys;

/** A key beside `services`. */
// deno-fmt-ignore
export const TOP_KEYS = {
  services: { type: { kind: "entries", of: { kind: "object", keys: SERVICE_KEYS, foreign: FOREIGN_SERVICE_KEYS } }, becomes: "a definition for each service", text: "The services by their names.", example: "{web: {command: nginx}}" },
  name: { type: TEXT, becomes: "nothing", text: "The name of the whole, for its readers.", example: "shop" },
  "x-hexad": { type: { kind: "object", keys: TREE_KEYS }, becomes: "", text: "What Compose has no word for.", example: '{serve: "127.0.0.1:9266"}' },
  version: { type: TEXT, becomes: "nothing", text: "Accepted, as Compose does; it has no meaning.", example: "'3.8'" },
} as const satisfies Keys;

export const DOCUMENT = {
  kind: "object",
  keys: TOP_KEYS,
  foreign: FOREIGN_TOP_KEYS,
  hint: "; services stand below the key services",
} as const satisfies ValueType;

/** What the reader has found in a document. */
export type ServicesDocument = Decoded<typeof DOCUMENT>;
export type ServiceEntry = NonNullable<ServicesDocument["services"]>["value"][number];
export type ServiceValues = ServiceEntry["value"];

/** Whether it runs once and is up when it has ended with 0. */
export function isOneshot({ init, "x-hexad": hexad }: ServiceValues): boolean {
  return init?.value === "oneshot" || hexad?.value.oneshot?.value === true;
}
