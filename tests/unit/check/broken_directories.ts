/** Service directories, scan directories and images, each with one thing wrong with it. */
import type { TreeSpec } from "../../fixture/tree.ts";

export interface Broken {
  readonly what: string;
  readonly spec: TreeSpec;
  /** In the tree. */
  readonly operand: string;
  /** Each as `file:line severity id`, in the order in which they are told. */
  readonly found: readonly string[];
  /** Part of what is said of the first. */
  readonly says?: string;
}

const RUN = "#!/bin/sh\nexec sleep 1000\n";
const LOGGER = "#!/bin/sh\nexec s6-log t ./main\n";

function service(what: string, spec: TreeSpec, found: readonly string[], says?: string): Broken {
  const inside = Object.fromEntries(
    Object.entries(spec).map(([name, text]) => [`web/${name}`, text]),
  );
  return { what, spec: inside, operand: "web", found, ...(says === undefined ? {} : { says }) };
}

/** In an image that has a shell, sleep, nginx, and the users root, www (33) and nobody (65534). */
export const IMAGE: TreeSpec = {
  "image/etc/passwd":
    "root:x:0:0::/root:/bin/sh\nwww:x:4033:4033::/:/bin/false\nnobody:x:65534:65534::/:/bin/false\n",
  "image/etc/group": "root:x:0:\nwww:x:4033:\nnogroup:x:65534:\n",
  "image/bin/sh!": "\u007fELF",
  "image/usr/bin/env!": "\u007fELF",
  "image/usr/bin/sleep!": "\u007fELF",
  "image/usr/sbin/nginx!": "\u007fELF",
  "image/command/execlineb!": "\u007fELF",
  "image/command/with-contenv!": "\u007fELF",
  "image/var/log/": "",
  "image/etc/services.d/": "",
};

function image(what: string, spec: TreeSpec, found: readonly string[], says?: string): Broken {
  const inside = Object.fromEntries(
    Object.entries(spec).map(([name, text]) => [`image/etc/${name}`, text]),
  );
  const places = found.map((line) => `image/etc/${line}`);
  return {
    what,
    spec: { ...IMAGE, ...inside },
    operand: "image",
    found: places,
    ...(says === undefined ? {} : { says }),
  };
}

/** Each with one thing wrong in health-check/. */
function brokenHealth(): Broken[] {
  const at = (
    what: string,
    files: TreeSpec,
    found: readonly string[],
    says?: string,
  ): Broken => {
    const inside = Object.entries(files).map(([name, text]) => [`health-check/${name}`, text]);
    const places = found.map((line) => `web/health-check${line}`);
    return service(
      `health-check: ${what}`,
      { "run!": RUN, ...Object.fromEntries(inside) },
      places,
      says,
    );
  };
  const tcp = { tcp: "80\n" };
  return [
    service("health-check: a file", { "run!": RUN, "health-check": "" }, [
      "web/health-check error health-not-directory",
    ]),
    service("health-check: another name", { "run!": RUN, "healthcheck/tcp": "80\n" }, [
      "web/healthcheck warning misspelt-name",
    ]),
    at("nothing", { interval: "5000" }, [" error no-check"]),
    at("two", { ...tcp, unix: "s" }, ["/unix warning second-check"], "tcp is the check"),
    at("no port", { tcp: "0" }, ["/tcp:1 error not-an-endpoint"]),
    at("a name", { tcp: "db:5432" }, ["/tcp:1 error host-name-check"], "db"),
    at("no URL", { http: "127.0.0.1/x" }, ["/http:1 error not-an-http-url"]),
    at("TLS", { http: "https://127.0.0.1/" }, ["/http:1 error https-check"]),
    at("a long path", { unix: `/${"x".repeat(108)}` }, ["/unix:1 error not-a-socket-path"]),
    at("no status", { http: "http://[::1]/", "http-status": "2xx" }, [
      "/http-status:1 error not-statuses",
    ]),
    at("a status without http", { ...tcp, "http-status": "200" }, [
      "/http-status warning no-effect",
    ]),
    at("no number", { ...tcp, interval: "30s" }, ["/interval:1 error not-a-number"]),
    at("too little", { ...tcp, timeout: "0" }, ["/timeout:1 error too-little"]),
    at("no retries", { ...tcp, retries: "0" }, ["/retries:1 error too-little"]),
    at("seconds", { ...tcp, interval: "30" }, ["/interval:1 warning perhaps-seconds"]),
    at("no reaction", { ...tcp, "on-unhealthy": "kill" }, ["/on-unhealthy:1 error not-a-reaction"]),
    at("empty", { ...tcp, retries: "" }, ["/retries:1 error no-value"]),
    at("an underscore", { ...tcp, "start_period": "9000" }, [
      "/start_period warning misspelt-name",
    ]),
    at("a misspelt name", { ...tcp, intervall: "9000" }, ["/intervall warning misspelt-name"]),
    at("no execute bit", { run: RUN }, ["/run error no-execute-bit"]),
    at("no interpreter", { "run!": "#!/no/such\n" }, ["/run:1 error interpreter-missing"]),
    at("a directory in place of a file", { ...tcp, "interval/x": "" }, [
      "/interval error not-regular",
    ]),
  ];
}

function daemon(command: string, says: string): Broken {
  const found = ["web/run:2 error daemonises"];
  return service(
    `a daemon in the background: ${command}`,
    { "run!": `#!/bin/sh\nexec ${command}\n` },
    found,
    says,
  );
}

/** Programs that the directories speak of and a machine may not have. */
export const STUBS: TreeSpec = Object.fromEntries(
  "nginx redis-server cron sshd apache2 php-fpm8.2 memcached dnsmasq rsyslogd pg_ctl mysqld_safe"
    .split(" ").map((
      name,
    ) => [`bin/${name}!`, ""]),
);

export const BROKEN: readonly Broken[] = [
  service(
    "no run",
    { "down": "" },
    ["web/run error no-run"],
    "every service directory needs an executable run",
  ),
  service("no execute bit", { "run": RUN }, ["web/run error no-execute-bit"], "chmod +x web/run"),
  service("CR LF in the first line", { "run!": "#!/bin/sh\r\nexec sleep 9\r\n" }, [
    "web/run:1 error interpreter-crlf",
  ], "/bin/sh\\r"),
  service("CR LF behind an option", { "run!": "#!/bin/sh -e\r\nexec sleep 9\r\n" }, [
    "web/run:1 error crlf-lines",
  ], "LF line ends"),
  service("CR LF in the third line", { "run!": "#!/bin/sh\nexec 2>&1\nexec sleep 9\r\n" }, [
    "web/run:3 error crlf-lines",
  ]),
  service(
    "no interpreter there",
    { "run!": "#!/usr/bin/no-such-thing\n" },
    ["web/run:1 error interpreter-missing"],
    "/usr/bin/no-such-thing not found",
  ),
  service("#! and nothing", { "run!": "#!\n" }, ["web/run:1 error no-interpreter-named"]),
  service("no #!", { "run!": "exec sleep 9\n" }, ["web/run error no-shebang"], "begin it with #!"),
  service(
    "an empty line before #!",
    { "run!": `\n${RUN}` },
    ["web/run error late-shebang"],
    "blank space",
  ),
  service(
    "a byte order mark before #!",
    { "run!": `\ufeff${RUN}` },
    ["web/run error late-shebang"],
    "byte order mark",
  ),
  service("empty run", { "run!": "" }, ["web/run error empty-program"]),
  service("run is a directory", { "run/x": "" }, ["web/run error not-regular"]),
  service("run is a FIFO", { "run|": "" }, ["web/run error not-regular"]),
  service("run is a link to nothing", { "run=": "nowhere" }, ["web/run error dangling-link"]),
  service("run is a circle of links", { "run=": "other", "other=": "run" }, [
    "web/run error circular-link",
  ]),
  service("a first line that is too long", { "run!": `#!/${"x".repeat(300)}\n` }, [
    "web/run:1 error shebang-too-long",
  ]),
  service("finish without execute bit", { "run!": RUN, "finish": "#!/bin/sh\n" }, [
    "web/finish error no-execute-bit",
  ]),
  service("env finds no program", { "run!": "#!/usr/bin/env no-such-python\n" }, [
    "web/run:1 error env-program-missing",
  ], "no-such-python"),

  ...brokenHealth(),
  service("a number that is none", { "run!": RUN, "timeout-kill": "5s\n" }, [
    "web/timeout-kill:1 error not-a-number",
  ]),
  service("a number with a sign", { "run!": RUN, "timeout-finish": "-1\n" }, [
    "web/timeout-finish:1 error not-a-number",
  ]),
  service("a number beyond 32 bits", { "run!": RUN, "restart-delay": "4294967296\n" }, [
    "web/restart-delay:1 error not-a-number",
  ]),
  service("an empty value", { "run!": RUN, "notification-fd": "\n" }, [
    "web/notification-fd:1 error no-value",
  ]),
  service(
    "descriptor 0",
    { "run!": RUN, "notification-fd": "0\n" },
    ["web/notification-fd:1 error not-a-descriptor"],
    "3 is the usual one",
  ),
  service("a descriptor above the limit", { "run!": RUN, "lock-fd": "70000\n" }, [
    "web/lock-fd:1 error not-a-descriptor",
  ]),
  service("one descriptor for two things", {
    "run!": RUN,
    "notification-fd": "3\n",
    "lock-fd": "3\n",
  }, [
    "web/lock-fd error descriptor-taken",
  ]),
  service("a death tally that is too long", { "run!": RUN, "max-death-tally": "5000\n" }, [
    "web/max-death-tally:1 error too-many",
  ], "4096"),
  service("no signal", { "run!": RUN, "down-signal": "SIGSTOPP\n" }, [
    "web/down-signal:1 error not-a-signal",
  ], "SIGSTOPP"),
  service("no policy", { "run!": RUN, "restart-policy": "onfailure\n" }, [
    "web/restart-policy:1 error not-a-policy",
  ]),
  service("no max-restarts", { "run!": RUN, "max-restarts": "5\n" }, [
    "web/max-restarts:1 error not-max-restarts",
  ], "5/60"),
  service(
    "no oom-score-adj",
    { "run!": RUN, "oom-score-adj": "1001\n" },
    ["web/oom-score-adj:1 error not-an-oom-score-adj"],
    "-1000 to 1000",
  ),
  service("seconds for milliseconds", { "run!": RUN, "timeout-kill": "10\n" }, [
    "web/timeout-kill:1 warning perhaps-seconds",
  ], "10000"),
  service("CR LF in a value", { "run!": RUN, "down-signal": "INT\r\n" }, [
    "web/down-signal:1 warning value-crlf",
  ]),
  service("two lines in a value", { "run!": RUN, "down-signal": "INT\nTERM\n" }, [
    "web/down-signal:2 warning late-lines",
  ]),
  service("a longest delay below the first", {
    "run!": RUN,
    "restart-delay": "5000",
    "restart-delay-max": "100",
  }, [
    "web/restart-delay-max warning delay-order",
  ]),
  service("a delay that is never needed", {
    "run!": RUN,
    "restart-policy": "never",
    "restart-delay": "200",
  }, [
    "web/restart-delay warning no-effect",
  ]),
  service(
    "a file with an underscore",
    { "run!": RUN, "notification_fd": "3\n" },
    ["web/notification_fd warning misspelt-name"],
    "notification-fd",
  ),
  service("a letter too many", { "run!": RUN, "notifcation-fdd": "3\n" }, [
    "web/notifcation-fdd warning misspelt-name",
  ], "notification-fd"),
  service("run.sh", { "run.sh!": RUN }, [
    "web/run.sh warning misspelt-name",
    "web/run error no-run",
  ]),

  service(
    "a finish that outlasts its time",
    { "run!": RUN, "finish!": "#!/bin/sh\nsleep 10\n" },
    ["web/finish:2 error finish-too-long"],
    "5000 ms",
  ),
  service("one that does so in two sleeps", {
    "run!": RUN,
    "timeout-finish": "1500",
    "finish!": "#!/bin/sh\nsleep 1\nsleep 1\n",
  }, [
    "web/finish:2 error finish-too-long",
  ]),
  daemon("nginx", "daemon off"),
  daemon("redis-server --daemonize yes", "daemonize no"),
  daemon("cron", "add -f"),
  daemon("sshd -e", "add -D"),
  daemon("apache2", "-DFOREGROUND"),
  daemon("php-fpm8.2", "add -F"),
  daemon("memcached -d -m 64", "leave out -d"),
  daemon("s6-setuidgid root dnsmasq -C /dev/null", "add -k"),
  daemon("rsyslogd -f /dev/null", "add -n"),
  service("pg_ctl", { "run!": "#!/bin/sh\nexec pg_ctl start -D /data\n" }, [
    "web/run:2 error starts-elsewhere",
  ]),
  service("mysqld_safe", { "run!": "#!/bin/sh\nexec mysqld_safe --user=mysql\n" }, [
    "web/run:2 warning own-supervisor",
  ], "mysqld itself"),
  service("a command in the background", { "run!": "#!/bin/sh\nsleep 1000 &\n" }, [
    "web/run:2 error ends-in-background",
  ]),
  service("a daemon without exec", { "run!": "#!/bin/sh\nsomedaemon --foreground\n" }, [
    "web/run:2 warning program-not-found",
    "web/run:2 warning not-exec",
  ]),

  service("a logger without run", { "run!": RUN, "log/down": "" }, [
    "web/log error log-without-run",
  ]),
  service("log is a file", { "run!": RUN, "log": "" }, ["web/log error log-not-directory"]),
  service("log is the service itself", { "run!": RUN, "log=": "." }, ["web/log error log-itself"]),
  service("a logger of a logger", { "run!": RUN, "log/run!": LOGGER, "log/log/run!": LOGGER }, [
    "web/log/log warning log-of-logger",
  ]),
  service(
    "a wrong directive",
    { "run!": RUN, "log/run!": "#!/bin/sh\nexec s6-log t q10 ./main\n" },
    [
      "web/log/run:2 error log-script-syntax",
    ],
    "q10",
  ),
  service(
    "a logger without an action",
    { "run!": RUN, "log/logscript": "t n10\n" },
    ["web/log/logscript error log-script-syntax"],
    "no action",
  ),
  service("run and logscript", { "run!": RUN, "log/run!": LOGGER, "log/logscript": "t ./main" }, [
    "web/log/logscript warning run-and-logscript",
  ]),
  service("a logger without a place", {
    "run!": RUN,
    "log/run!": "#!/bin/sh\nexec s6-log t /nonexistent/log/web\n",
  }, [
    "web/log/run:2 error logdir-missing",
  ]),
  service("a file in the place of the log directory", {
    "run!": RUN,
    "log/run!": LOGGER,
    "log/main": "",
  }, [
    "web/log/run:2 error logdir-not-directory",
  ]),

  service("an execline script with a { too many", {
    "run!": "#!/nonexistent/execlineb -P\nforeground { echo hi\nsleep 9\n",
  }, [
    "web/run:1 error no-hexad",
    "web/run:2 error script-syntax",
  ]),
  service("options for execlineb that the kernel joins", {
    "run!": "#!/nonexistent/execlineb -P -S1\nsleep 9\n",
  }, [
    "web/run:1 error no-hexad",
    "web/run:1 error script-syntax",
  ]),
  service("readiness that nobody hears", { "run!": "#!/bin/sh\nexec s6-notifyoncheck sleep 9\n" }, [
    "web/run:2 error check-without-fd",
    "web/run:2 error check-missing",
  ], "echo 3 >notification-fd"),
  service("no environment directory", { "run!": "#!/bin/sh\nexec s6-envdir ./env sleep 9\n" }, [
    "web/run:2 error envdir-missing",
  ]),

  {
    what: "a link to nothing in a scan directory",
    spec: { "scan/web/run!": RUN, "scan/db=": "/nonexistent/db" },
    operand: "scan",
    found: ["scan/db error dangling-link"],
  },
  {
    what: "a circle in a scan directory",
    spec: { "scan/web/run!": RUN, "scan/db=": "db" },
    operand: "scan",
    found: ["scan/db error circular-link"],
  },
  {
    what: "a scan directory in itself",
    spec: { "scan/web/run!": RUN, "scan/all=": "." },
    operand: "scan",
    found: ["scan/all error scandir-itself"],
  },
  {
    what: "two names for one service",
    spec: { "scan/web/run!": RUN, "scan/www=": "web" },
    operand: "scan",
    found: ["scan/www error twice"],
  },
  {
    what: "a file in the wrong directory",
    spec: { "scan/web/run!": RUN, "scan/timeout-kill": "1" },
    operand: "scan",
    found: ["scan/timeout-kill warning misplaced"],
  },
  {
    what: "two loggers for one directory",
    spec: {
      "scan/a/run!": RUN,
      "scan/a/log/run!": "#!/bin/sh\nexec s6-log t /tmp\n",
      "scan/b/run!": RUN,
      "scan/b/log/logscript": "t /tmp\n",
    },
    operand: "scan",
    found: ["scan/b/log/logscript error logdir-shared"],
  },
  { what: "nothing there", spec: {}, operand: "web", found: ["web error no-such-directory"] },

  image(
    "a shell that the image has not",
    { "services.d/web/run!": "#!/bin/bash\nexec sleep 9\n" },
    ["services.d/web/run:1 error no-shell"],
    "/bin/sh",
  ),
  image("with-contenv and a shell that is not there", {
    "services.d/web/run!": "#!/command/with-contenv bash\nexec sleep 9\n",
  }, [
    "services.d/web/run:1 error env-program-missing",
  ]),
  image("a user that the image has not", {
    "services.d/web/run!": "#!/bin/sh\nexec s6-setuidgid mysql sleep 9\n",
  }, [
    "services.d/web/run:2 error user-unknown",
  ]),
  image("a user and a group, as s6-setuidgid does not take them", {
    "services.d/web/run!": "#!/bin/sh\nexec s6-setuidgid root:root sleep 9\n",
  }, [
    "services.d/web/run:2 error user-form",
  ]),
  image("a script without execute bit that others only execute", {
    "s6-overlay/scripts/prepare": "#!/bin/sh\nexit 0\n",
    "services.d/web/run!": "#!/bin/sh\n/etc/s6-overlay/scripts/prepare\nexec sleep 9\n",
  }, [
    "s6-overlay/scripts/prepare error no-execute-bit",
  ]),
  image("a command of older images that hexad has not", {
    "services.d/web/run!": "#!/bin/sh\nexec s6-fdholder-retrievec id sleep 9\n",
  }, [
    "services.d/web/run:2 error command-absent",
  ], "write s6-fdholder-retrieve"),
  image("shell in execline", {
    "services.d/web/run!": "#!/command/execlineb -P\nsleep 9 2>&1\n",
  }, [
    "services.d/web/run:2 warning script-syntax",
  ], "fdmove -c 2 1"),
  image("a number alone, which s6-setuidgid takes for a name", {
    "services.d/web/run!": "#!/bin/sh\nexec s6-setuidgid 1000 sleep 9\n",
  }, [
    "services.d/web/run:2 error user-form",
  ]),
  image("a group that the image has not", {
    "services.d/web/run!":
      "#!/bin/sh\nexec s6-envuidgid root s6-envuidgid -g mysql s6-applyuidgid -Uz sleep 9\n",
  }, [
    "services.d/web/run:2 error user-unknown",
  ]),
  image("a shell that stays between", {
    "services.d/web/run!": "#!/bin/sh\nexec s6-setuidgid root /bin/sh -c 'sleep 9 | cat'\n",
  }, [
    "services.d/web/run:2 warning shell-stays",
  ]),
  image("a shell that could become its program", {
    "services.d/web/run!": "#!/bin/sh\nexec s6-setuidgid root /bin/sh -c 'sleep $SECS'\n",
  }, [
    "services.d/web/run:2 warning not-exec",
  ]),
  image("a program that is not there", {
    "services.d/web/run!": "#!/bin/sh\nexec /usr/sbin/mysqld\n",
  }, [
    "services.d/web/run:2 error program-missing",
  ]),
  image("a script of cont-init.d without its interpreter", {
    "cont-init.d/10-x!": "#!/usr/bin/perl\n",
  }, [
    "cont-init.d/10-x:1 error interpreter-missing",
  ]),
  image("attributes for nobody that is known", {
    "fix-attrs.d/x": "/var true mysql 0644 0755\n/var maybe root 0644 0755\n",
  }, [
    "fix-attrs.d/x:2 error fix-attrs",
    "fix-attrs.d/x:1 error user-unknown",
  ]),
  image(
    "a log directory that its user may not write",
    {
      "services.d/web/run!": RUN,
      "services.d/web/log/run!": "#!/bin/sh\nexec s6-setuidgid nobody s6-log t /var/log/web\n",
    },
    ["services.d/web/log/run:2 error logdir-unwritable"],
    "nobody may not write in /var/log",
  ),
  image("nginx by a configuration in the image", {
    "services.d/web/run!": "#!/command/execlineb -P\nnginx -c /etc/nginx.conf\n",
    "nginx.conf": "events {}\n",
  }, ["services.d/web/run:2 error daemonises"]),
];
