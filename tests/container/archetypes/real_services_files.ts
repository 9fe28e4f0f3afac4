/** What Debian's nginx, php-fpm, redis and cron need in an image: a page that counts in redis. */
import type { TreeSpec } from "../../fixture/tree.ts";

const NGINX_CONF = `user www-data; pid /run/nginx.pid; error_log stderr notice;
events { worker_connections 64; }
http {
  access_log off;
  server {
    listen 127.0.0.1:8080;
    location = /ping { return 200 "pong"; }
    location / {
      fastcgi_pass unix:/run/php/fpm.sock;
      fastcgi_param SCRIPT_FILENAME /srv/index.php;
      fastcgi_param REQUEST_METHOD GET;
    }
  }
}
`;

const FPM_CONF = `[global]
error_log = /dev/stderr
daemonize = no
[www]
user = www-data
listen = /run/php/fpm.sock
listen.owner = www-data
pm = static
pm.max_children = 2
`;

/** Counts in redis. */
const PAGE = `<?php
$redis = fsockopen("127.0.0.1", 6379);
fwrite($redis, "INCR hits\\r\\n");
echo "hits ", trim(fgets($redis)), "\\n";
`;

export const REAL_SERVICES_FILES: TreeSpec = {
  "etc/nginx.conf": NGINX_CONF,
  "etc/fpm.conf": FPM_CONF,
  "etc/pam.d/cron": ["auth", "account", "session"].map((kind) => `${kind} required pam_permit.so\n`)
    .join(""),
  "etc/crontab": "@reboot root touch /run/cron-has-run\n",
  "srv/index.php": PAGE,
  "tmp/": "",
};
