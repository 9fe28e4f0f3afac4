/**
 * Daemons that put themselves into the background unless they are told not to, or when they are
 * told to. A supervisor that starts one sees it end at once. By the name of the program, and what
 * its command line or its configuration has to have. Source: the daemons' manual pages. Pure.
 */
import { baseName } from "../../core/text/path_name.ts";

/** What a line of its configuration says of it. */
interface ConfigWord {
  /** The options that name the file. */
  readonly options: readonly string[];
  /** Or this word without a dash. */
  readonly operand?: RegExp;
  /** Where it is by default. */
  readonly usual: readonly string[];
  readonly line: RegExp;
}

interface Rule {
  readonly names: readonly string[];
  /** One of these arguments keeps it in the foreground. */
  readonly stays?: RegExp;
  /** Without `stays`: it stays unless one of these sends it to the background. */
  readonly goes?: RegExp;
  readonly staysByConfig?: ConfigWord;
  readonly goesByConfig?: ConfigWord;
  readonly cure: string;
  /** supervisor: it stays, and starts the daemon itself. starter: it starts the daemon and ends. */
  readonly kind?: "supervisor" | "starter";
}

/** A letter in a cluster of options, such as `-df`. */
function letter(letters: string, long?: string): RegExp {
  return new RegExp(
    `^-[A-Za-z0-9]*[${letters}][A-Za-z0-9]*$${
      long === undefined ? "" : `|^--(?:${long})(?:=.*)?$`
    }`,
  );
}

const NGINX_CONFIG: ConfigWord = {
  options: ["-c"],
  usual: ["/etc/nginx/nginx.conf"],
  line: /^[ \t]*daemon\s+off\s*;/m,
};
const REDIS_CONFIG: ConfigWord = {
  options: [],
  operand: /\.conf$/,
  usual: [],
  line: /^[ \t]*daemonize\s+yes\b/m,
};
const HAPROXY_CONFIG: ConfigWord = {
  options: ["-f"],
  usual: ["/etc/haproxy/haproxy.cfg"],
  line: /^[ \t]*daemon\s*$/m,
};
const PHP_CONFIG: ConfigWord = {
  options: ["-y", "--fpm-config"],
  usual: ["/etc/php-fpm.conf"],
  line: /^[ \t]*daemonize[ \t]*=[ \t]*(?:no|off|0|false)\b/mi,
};
const STUNNEL_CONFIG: ConfigWord = {
  options: [],
  operand: /^\//,
  usual: ["/etc/stunnel/stunnel.conf"],
  line: /^[ \t]*foreground[ \t]*=[ \t]*(?:yes|quiet)\b/m,
};
const MONGO_CONFIG: ConfigWord = {
  options: ["-f", "--config"],
  usual: [],
  line: /^[ \t]*fork[ \t]*[:=][ \t]*true\b/m,
};
const VSFTPD_CONFIG: ConfigWord = {
  options: [],
  operand: /\.conf$/,
  usual: ["/etc/vsftpd.conf"],
  line: /^[ \t]*background=YES/mi,
};

// deno-fmt-ignore
const RULES: readonly Rule[] = [
  { names: ["nginx", "openresty", "tengine"], stays: /(?:^|[;\s])daemon\s+off\s*;/, staysByConfig: NGINX_CONFIG, cure: "add -g 'daemon off;'" },
  { names: ["redis-server", "valkey-server", "keydb-server", "redis-sentinel"], goes: /^--daemonize(?:=yes)?$/, goesByConfig: REDIS_CONFIG, cure: "say daemonize no, or add --daemonize no" },
  { names: ["pg_ctl"], kind: "starter", cure: "exec postgres -D DIR instead" },
  { names: ["pg_ctlcluster"], stays: /^--foreground$/, cure: "add --foreground" },
  { names: ["cron"], stays: letter("f", "foreground"), cure: "add -f" },
  { names: ["crond", "fcron", "dcron"], stays: letter("fnd", "foreground"), cure: "add -f (busybox, dcron, fcron) or -n (cronie)" },
  { names: ["sshd"], stays: letter("DidtT"), cure: "add -D -e" },
  { names: ["dropbear"], stays: letter("Fi"), cure: "add -F -E" },
  { names: ["apache2"], stays: /^-?DFOREGROUND$|^FOREGROUND$|^-X$|^-DNO_DETACH$|^NO_DETACH$|^-[tvVlLS]$/, cure: "add -DFOREGROUND" },
  { names: ["httpd"], stays: /^-?DFOREGROUND$|^FOREGROUND$|^-X$|^-DNO_DETACH$|^NO_DETACH$|^-[tvVlLS]$|^-v*f?v*f$/, cure: "add -DFOREGROUND (busybox: -f)" },
  { names: ["apache2ctl", "apachectl", "apachectl2"], stays: /^-?DFOREGROUND$|^FOREGROUND$|^-X$/, cure: "add -DFOREGROUND" },
  { names: ["mysqld_safe", "mariadbd-safe"], kind: "supervisor", cure: "exec mysqld itself" },
  { names: ["mysqld", "mariadbd"], goes: /^--daemonize$|^-D$/, cure: "leave out --daemonize" },
  { names: ["haproxy"], goes: /^-D$|^-[a-zA-Z]*D[a-zA-Z]*$/, stays: /^-db$/, goesByConfig: HAPROXY_CONFIG, cure: "add -db, or leave out -D and daemon" },
  { names: ["memcached"], goes: letter("d", "daemon"), cure: "leave out -d" },
  { names: ["dnsmasq"], stays: letter("kd", "keep-in-foreground|no-daemon|test|version"), cure: "add -k" },
  { names: ["rsyslogd"], stays: letter("nN"), cure: "add -n" },
  { names: ["syslog-ng"], stays: letter("F", "foreground"), cure: "add -F" },
  { names: ["syslogd", "klogd"], stays: letter("nF"), cure: "add -n" },
  { names: ["named"], stays: letter("fg"), cure: "add -f or -g" },
  { names: ["unbound"], stays: letter("d"), cure: "add -d" },
  { names: ["nsd"], stays: letter("d"), cure: "add -d" },
  { names: ["squid", "squid3"], stays: letter("Nz", "foreground"), cure: "add --foreground or -N" },
  { names: ["varnishd"], stays: letter("FdC"), cure: "add -F" },
  { names: ["lighttpd"], stays: letter("Dt"), cure: "add -D" },
  { names: ["proftpd"], stays: letter("nt", "nodaemon|configtest"), cure: "add -n" },
  { names: ["pure-ftpd"], goes: letter("B", "daemonize"), cure: "leave out -B" },
  { names: ["vsftpd"], goes: /^-obackground=YES$/i, goesByConfig: VSFTPD_CONFIG, cure: "say background=NO" },
  { names: ["smbd", "nmbd", "winbindd", "samba"], stays: letter("Fi", "foreground|interactive"), cure: "add --foreground --no-process-group" },
  { names: ["avahi-daemon"], goes: letter("D", "daemonize"), cure: "leave out -D" },
  { names: ["chronyd"], stays: letter("dnqQ"), cure: "add -d or -n" },
  { names: ["ntpd"], stays: letter("ndqp"), cure: "add -n" },
  { names: ["postfix"], stays: /^start-fg$|^check$|^status$|^set-permissions$/, cure: "say postfix start-fg" },
  { names: ["exim", "exim4"], stays: /^-bdf$|^-bi$|^-bP$|^-bV$/, cure: "say -bdf in place of -bd" },
  { names: ["dovecot"], stays: letter("Fn"), cure: "add -F" },
  { names: ["supervisord"], stays: letter("n", "nodaemon"), cure: "add -n; or have hexad import make services of its configuration" },
  { names: ["gunicorn"], goes: /^--daemon$|^-D$/, cure: "leave out --daemon" },
  { names: ["uwsgi"], goes: /^--daemonize2?(?:=.*)?$|^-d$/, cure: "leave out --daemonize" },
  { names: ["celery"], goes: /^multi$|^--detach$|^-D$/, cure: "say celery worker, without --detach" },
  { names: ["mongod", "mongos"], goes: /^--fork$/, goesByConfig: MONGO_CONFIG, cure: "leave out --fork" },
  { names: ["stunnel", "stunnel4"], stays: /^-fd$/, staysByConfig: STUNNEL_CONFIG, cure: "say foreground = yes in its configuration" },
  { names: ["openvpn"], goes: /^--daemon$/, cure: "leave out --daemon" },
  { names: ["tor"], goes: /^--RunAsDaemon$/i, cure: "leave out --RunAsDaemon" },
  { names: ["keepalived"], stays: letter("n", "dont-fork"), cure: "add -n" },
  { names: ["slapd"], stays: /^-d\d*$|^-T/, cure: "add -d 0" },
  { names: ["in.tftpd", "tftpd"], goes: /^-[a-zA-Z]*l[a-zA-Z]*$|^--listen$/, stays: letter("L", "foreground"), cure: "say -L in place of -l" },
  { names: ["rpcbind"], stays: letter("fd"), cure: "add -f" },
  { names: ["rpc.mountd", "rpc.statd", "rpc.idmapd"], stays: letter("Ff", "foreground"), cure: "add -F" },
  { names: ["fail2ban-server"], stays: letter("f", "foreground|version|help"), cure: "add -f" },
  { names: ["snmpd", "snmptrapd"], stays: letter("f"), cure: "add -f" },
  { names: ["zabbix_agentd", "zabbix_agent2", "zabbix_server", "zabbix_proxy"], stays: letter("f", "foreground"), cure: "add -f" },
  { names: ["monit"], stays: letter("It"), cure: "add -I" },
  { names: ["pgbouncer"], goes: letter("d", "daemon"), cure: "leave out -d" },
  { names: ["pgpool"], stays: letter("n"), cure: "add -n" },
  { names: ["php-fpm"], stays: letter("Ftv", "nodaemonize|test|version"), staysByConfig: PHP_CONFIG, cure: "add -F" },
  { names: ["dhcpd"], stays: letter("fd"), cure: "add -f" },
  { names: ["dhcpcd"], stays: letter("B", "nobackground"), cure: "add -B" },
  { names: ["udhcpc"], stays: letter("f", "foreground"), cure: "add -f" },
  { names: ["udhcpd"], stays: letter("f"), cure: "add -f" },
  { names: ["hostapd", "wpa_supplicant"], goes: letter("B"), cure: "leave out -B" },
  { names: ["radvd"], stays: /^-n$|^--nodaemon$|^-m$/, cure: "add -n" },
  { names: ["acpid"], stays: letter("fd", "foreground"), cure: "add -f" },
  { names: ["freeradius", "radiusd"], stays: letter("fX"), cure: "add -f" },
  { names: ["saslauthd"], stays: letter("d"), cure: "add -d" },
  { names: ["opendkim", "opendmarc"], stays: letter("f"), cure: "add -f" },
  { names: ["xinetd"], stays: /^-dontfork$|^-d$/, cure: "add -dontfork" },
  { names: ["inetd"], stays: letter("fid"), cure: "add -f" },
  { names: ["atd"], stays: letter("f"), cure: "add -f" },
  { names: ["telnetd"], stays: letter("Fi"), cure: "add -F" },
  { names: ["service", "invoke-rc.d", "rc-service", "systemctl", "initctl", "sv", "supervisorctl"], kind: "starter", cure: "exec the daemon itself, in the foreground" },
  { names: ["start-stop-daemon"], goes: letter("b", "background"), cure: "leave out --background, and start the daemon in the foreground" },
  { names: ["daemonize", "daemon"], kind: "starter", cure: "exec what it starts" },
];

/** No option is longer, and the expressions above take their time. */
const LONGEST_ARGUMENT = 256;

/** A version behind the name: php-fpm8.2, php-fpm82, postgres-15. */
function plainName(program: string): string {
  return baseName(program).replace(/^(php-fpm).*$/, "$1").replace(/^php\d*-fpm.*$/, "php-fpm");
}

/** Reads a configuration file of the image; undefined if it can't be read. */
export type ReadConfig = (path: string) => string | undefined;

export interface DaemonFinding {
  readonly kind: "daemonises" | "supervisor" | "starter";
  readonly program: string;
  readonly cure: string;
}

/** Does this command line leave the foreground? Undefined: no, or it is not known. */
export function daemonises(
  words: readonly string[],
  readConfig: ReadConfig,
): DaemonFinding | undefined {
  const [program = "", ...rest] = words;
  const args = rest.filter((word) => word.length <= LONGEST_ARGUMENT);
  const name = plainName(program);
  const isScript = /^\/etc\/(?:rc\.d\/)?init\.d\//.test(program);
  if (isScript) {
    return {
      kind: "starter",
      program: baseName(program),
      cure: "exec the daemon itself, in the foreground",
    };
  }
  const rule = RULES.find(({ names }) => names.includes(name));
  if (rule === undefined) return undefined;
  const daemon = {
    kind: rule.kind ?? "daemonises",
    program: baseName(program),
    cure: rule.cure,
  } as const;
  if (rule.kind !== undefined) return isHarmless(name, args) ? undefined : daemon;
  if (rule.stays !== undefined && args.some((word) => rule.stays!.test(word))) return undefined;
  if (rule.goes !== undefined || rule.goesByConfig !== undefined) {
    const told = rule.goes !== undefined &&
      args.some((word, i) => rule.goes!.test(word) && !/^(?:no|0)$/.test(args[i + 1] ?? ""));
    return told || configSays(rule.goesByConfig, args, readConfig) ? daemon : undefined;
  }
  return configSays(rule.staysByConfig, args, readConfig) ? undefined : daemon;
}

/** Starters that are only asked something. */
function isHarmless(name: string, args: readonly string[]): boolean {
  return name !== "mysqld_safe" &&
    ["status", "--version", "--help", "stop", "reload"].some((word) => args.includes(word));
}

function configSays(
  config: ConfigWord | undefined,
  args: readonly string[],
  readConfig: ReadConfig,
): boolean {
  if (config === undefined) return false;
  const named = args.filter((word, i) =>
    config.options.includes(args[i - 1] ?? "") || (config.operand?.test(word) ?? false)
  );
  const files = named.length > 0 ? named : config.usual;
  return files.some((path) => config.line.test(readConfig(path) ?? ""));
}
