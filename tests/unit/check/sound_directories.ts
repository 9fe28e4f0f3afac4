/** Service directories, scan directories and images with which nothing is wrong. */
import type { TreeSpec } from "../../fixture/tree.ts";
import { IMAGE } from "./broken_directories.ts";

export interface Sound {
  readonly what: string;
  readonly spec: TreeSpec;
  readonly operand: string;
}

const RUN = "#!/bin/sh\nexec 2>&1\nexec sleep 1000\n";

function service(what: string, spec: TreeSpec): Sound {
  return {
    what,
    spec: Object.fromEntries(Object.entries(spec).map(([name, text]) => [`web/${name}`, text])),
    operand: "web",
  };
}

function image(what: string, spec: TreeSpec): Sound {
  return {
    what,
    spec: {
      ...IMAGE,
      ...Object.fromEntries(Object.entries(spec).map(([name, text]) => [`image/${name}`, text])),
    },
    operand: "image",
  };
}

export const SOUND: readonly Sound[] = [
  service("a run", { "run!": RUN }),
  service("a health check by a program, with all settings", {
    "run!": RUN,
    "health-check/run!": "#!/bin/sh\nexit 0\n",
    "health-check/interval": "10000\n",
    "health-check/timeout": "1000",
    "health-check/retries": "1\n",
    "health-check/start-period": "0\n",
    "health-check/start-interval": "500\n",
    "health-check/on-unhealthy": "restart\n",
    "health-check/README": "",
  }),
  service("a health check over HTTP", {
    "run!": RUN,
    "health-check/http": "http://localhost:8080/health?deep=1\n",
    "health-check/http-status": "200-299,404\n",
  }),
  service("all files of s6", {
    "run!": RUN,
    "finish!": "#!/bin/sh\nsleep 2\n",
    "notification-fd": "3\n",
    "lock-fd": "4\n",
    "timeout-kill": "10000\n",
    "flag-timeout-killpg": "",
    "timeout-finish": "0\n",
    "max-death-tally": "4096",
    "down-signal": "QUIT\n",
    "reload-signal": "10\n",
    "data/x": "",
    "env/X": "1",
  }),
  service("all files of hexad", {
    "run!": RUN,
    "flag-essential": "",
    "restart-policy": "on-failure\n",
    "restart-delay": "200\n",
    "restart-delay-max": "30000\n",
    "max-restarts": "5/60\n",
    "timeout-drain": "5000\n",
    "oom-score-adj": "-500\n",
    "flag-kill-leftovers": "",
  }),
  service("files of its own", {
    "run!": RUN,
    "server.ts": "",
    "config": "",
    "check!": "x",
    "logs/current": "",
    "lib/x": "",
    "README": "",
  }),
  service("a logger that is a process", {
    "run!": RUN,
    "log/run!": "#!/bin/sh\nexec s6-log -b n20 s1000000 t '+^x y' ./main\n",
  }),
  service("a logger without one", {
    "run!": RUN,
    "log/logscript": "-b -- T n20 s1000000 o ./main # here\n",
  }),
  service("a log directory that its script makes", {
    "run!": RUN,
    "log/run!": "#!/bin/sh\nmkdir -p /nonexistent/log/web\nexec s6-log t /nonexistent/log/web\n",
  }),
  service("a finish that sleeps within its time", {
    "run!": RUN,
    "timeout-finish": "20000",
    "finish!": "#!/bin/sh\nsleep 10\n",
  }),
  service("one that sleeps in the background", {
    "run!": RUN,
    "finish!": "#!/bin/sh\nsleep 10 &\n",
  }),
  service("readiness by a check", {
    "run!": "#!/bin/sh\nexec s6-notifyoncheck -w 100 sleep 9\n",
    "notification-fd": "3",
    "data/check!": "#!/bin/sh\nexit 0\n",
  }),
  service("nginx in the foreground", {
    "run!": "#!/bin/sh\nexec s6-echo nginx -g 'daemon off;'\n",
  }),
  service("options that only the script knows", {
    "run!": '#!/bin/sh\nopts="-g daemon off;"\nexec "${NGINX:-nginx}" $opts\n',
  }),
  service("a loop", { "run!": "#!/bin/sh\nwhile :; do\n  date\n  sleep 5\ndone\n" }),
  service("a shell that waits", { "run!": "#!/bin/sh\nsleep 1000 &\ntrap 'kill $!' TERM\nwait\n" }),
  service("a script in another language", { "run!": "#!/usr/bin/env sh\nexec sleep 1\n" }),
  service("run is a link to a program", { "run=": "/bin/sh" }),
  service("environment files", {
    "run!": "#!/bin/sh\nexec s6-envdir ./env sleep 9\n",
    "env/NAME": "x",
  }),
  {
    what: "a scan directory",
    spec: {
      "scan/web/run!": RUN,
      "scan/web/log/run!": "#!/bin/sh\nexec s6-log t ./main\n",
      "scan/db=": "../sv/db",
      "sv/db/run!": RUN,
      "scan/.s6-svscan/finish!": "#!/bin/sh\nexit 0\n",
      "scan/README": "",
    },
    operand: "scan",
  },
  image("an image with a service, as a user", {
    "etc/services.d/web/run!":
      '#!/command/execlineb -P\ns6-setuidgid www\nnginx -g "daemon off;"\n',
    "etc/services.d/web/finish!": "#!/command/execlineb -S0\nexit 0\n",
    "etc/cont-init.d/10-dirs!": "#!/command/with-contenv sh\nmkdir -p /data/web\n",
  }),
  image("one whose nginx stays by its configuration", {
    "etc/services.d/web/run!": "#!/bin/sh\nexec nginx -c /etc/n.conf\n",
    "etc/n.conf": "daemon off;\n",
  }),
  image("one whose log directory is made before", {
    "etc/services.d/web/run!": RUN,
    "etc/services.d/web/log/run!": "#!/bin/sh\nexec s6-setuidgid nobody s6-log t /var/log/web\n",
    "etc/fix-attrs.d/logs": "/var/log/web true nobody 0644 0755\n",
  }),
  image("links are meant in the image", {
    "etc/services.d/web=": "/srv/web",
    "srv/web/run!": RUN,
    "usr/local/bin/bash=": "/bin/sh",
    "etc/services.d/db/run!": "#!/usr/local/bin/bash\nexec sleep 1\n",
  }),
  {
    what: "a directory for an image, where nothing can be looked up",
    spec: {
      "rootfs/etc/services.d/web/run!": "#!/bin/nosuch\n",
      "rootfs/etc/services.d/db/run!": "#!/bin/sh\nexec s6-setuidgid mysql mysqld\n",
    },
    operand: "rootfs",
  },
  image("files that scripts source, without execute bit or first line", {
    "etc/cont-init.d/10-first!": "#!/bin/sh\n. /etc/cont-init.d/common.sh\nsay first\n",
    "etc/cont-init.d/common.sh": 'say() { echo "$1"; }\n',
    "etc/s6-overlay/scripts/prepare!": '#!/bin/sh\nif true; then . "${0%/*}/colours"; fi\n',
    "etc/s6-overlay/scripts/colours!": "RED=1\n",
    "etc/s6-overlay/scripts/service-lib": "PORT=80\n",
    "etc/services.d/web/run!":
      "#!/bin/sh\nsource /etc/s6-overlay/scripts/service-lib\nexec sleep 1000\n",
  }),
];
