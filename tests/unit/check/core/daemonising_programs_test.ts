import { assertEquals } from "@std/assert";
import { daemonises } from "../../../../lib/check/core/daemonising_programs.ts";

const CONFIGS: Readonly<Record<string, string>> = {
  "/etc/nginx/nginx.conf": "user www;\nevents {}\n",
  "/etc/off.conf": "  daemon off;\n",
  "/etc/comment.conf": "# daemon off;\n",
  "/etc/redis.conf": "port 1\ndaemonize yes\n",
  "/etc/fpm.conf": "[global]\ndaemonize = no\n",
  "/etc/haproxy/haproxy.cfg": "global\n  daemon\n",
  "/etc/mongod.conf": "processManagement:\n  fork: true\n",
};

/** The command line, and what it does: "" stays. */
const rows: readonly (readonly [line: string, kind: string])[] = [
  ["nginx", "daemonises"],
  ["/usr/sbin/nginx -g 'x'", "daemonises"],
  ["nginx -g daemon_off;", "daemonises"],
  ["nginx -c /etc/off.conf", ""],
  ["nginx -c /etc/comment.conf", "daemonises"],
  ["redis-server", ""],
  ["redis-server /etc/redis.conf", "daemonises"],
  ["redis-server --daemonize yes", "daemonises"],
  ["redis-server --daemonize no", ""],
  ["postgres -D /data", ""],
  ["pg_ctl start -D /data", "starter"],
  ["pg_ctl status", ""],
  ["cron", "daemonises"],
  ["cron -f", ""],
  ["cron -L 15 -f", ""],
  ["crond -n", ""],
  ["crond -l 2 -f", ""],
  ["sshd", "daemonises"],
  ["/usr/sbin/sshd -D -e", ""],
  ["sshd -eD", ""],
  ["apache2 -DFOREGROUND", ""],
  ["apache2 -D FOREGROUND", ""],
  ["apache2 -k start", "daemonises"],
  ["httpd -f -p 80", ""],
  ["apachectl start", "daemonises"],
  ["mysqld_safe", "supervisor"],
  ["mysqld", ""],
  ["mysqld --daemonize", "daemonises"],
  ["php-fpm", "daemonises"],
  ["php-fpm8.2 -F", ""],
  ["php-fpm82 --nodaemonize", ""],
  ["php-fpm -y /etc/fpm.conf", ""],
  ["haproxy -f /etc/other.cfg", ""],
  ["haproxy", "daemonises"],
  ["haproxy -db", ""],
  ["haproxy -W -D -f /x", "daemonises"],
  ["memcached -u nobody", ""],
  ["memcached -d", "daemonises"],
  ["dnsmasq", "daemonises"],
  ["dnsmasq -k", ""],
  ["dnsmasq --keep-in-foreground", ""],
  ["rsyslogd -n", ""],
  ["rsyslogd", "daemonises"],
  ["supervisord -c /x", "daemonises"],
  ["supervisord -n", ""],
  ["mongod --config /etc/mongod.conf", "daemonises"],
  ["gunicorn app:app", ""],
  ["gunicorn app:app --daemon", "daemonises"],
  ["postfix start", "daemonises"],
  ["postfix start-fg", ""],
  ["exim4 -bd -q15m", "daemonises"],
  ["exim4 -bdf", ""],
  ["service nginx start", "starter"],
  ["/etc/init.d/nginx start", "starter"],
  ["java -jar x.jar", ""],
  ["sleep 5", ""],
];

for (const [line, kind] of rows) {
  Deno.test(`daemonises(): ${line}: ${kind === "" ? "stays" : kind}`, () => {
    assertEquals(daemonises(line.split(" "), (path) => CONFIGS[path])?.kind ?? "", kind);
  });
}

Deno.test("daemonises(): nginx with its directive in one word stays", () => {
  assertEquals(daemonises(["nginx", "-g", "daemon off; user x;"], () => undefined), undefined);
});

Deno.test("daemonises(): a long argument takes no time", () => {
  daemonises(["cron", `-${"f".repeat(60000)}!`], () => "\n".repeat(60000));
});
