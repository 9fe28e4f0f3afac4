/** Debian's supervisor: supervisord, one Python process for all services. */
import { debianTitle, layServicedirs, type Peer, type Service } from "../peer.ts";

const CONFIG = "supervisord.conf";

function program(directory: string, { name }: Service): string {
  return `
[program:${name}]
directory=${directory}/${name}
command=${directory}/${name}/run
autorestart=true
startsecs=0
stdout_logfile=NONE
stderr_logfile=NONE
`;
}

function head(directory: string): string {
  return `[supervisord]
nodaemon=true
user=root
minfds=4096
minprocs=200
logfile=/dev/null
logfile_maxbytes=0
pidfile=${directory}/pid
childlogdir=${directory}

[unix_http_server]
file=${directory}/socket

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

[supervisorctl]
serverurl=unix://${directory}/socket
`;
}

export function supervisor(): Peer {
  return {
    name: "supervisor",
    title: debianTitle("supervisor"),
    packages: ["supervisor"],
    lay: (directory, services) => {
      layServicedirs(directory, services);
      const text = head(directory) +
        services.map((service) => program(directory, service)).join("");
      Deno.writeTextFileSync(`${directory}/${CONFIG}`, text);
    },
    command: (directory) => ["/usr/bin/supervisord", "-n", "-c", `${directory}/${CONFIG}`],
    control: (directory) => ({
      down: (
        service,
      ) => ["/usr/bin/supervisorctl", "-c", `${directory}/${CONFIG}`, "stop", service],
      up: (service) => ["/usr/bin/supervisorctl", "-c", `${directory}/${CONFIG}`, "start", service],
    }),
  };
}
