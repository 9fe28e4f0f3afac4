/** Going on with a supervisor that an earlier program in this process had. */
import { noteHeld } from "../libc/held_lock.ts";
import { lockFd as lockFile } from "../libc/lock.ts";
import type { HeldSupervisor } from "../supervise/core/held_supervisor.ts";
import { supervise } from "../supervise/supervise.ts";
import type { Supervisor } from "../supervise/supervisor.ts";
import type { World } from "../supervise/world.ts";
import type { SuperviseRequest } from "./port.ts";

export function goOnSupervising(
  world: World,
  service: SuperviseRequest,
  { machine, dueMs, pid, pidfd, notificationFd, mark, log, stdioClosed, ...held }: HeldSupervisor,
): Supervisor {
  const { lockFd } = held;
  lockFile(lockFd, { exclusive: true, wait: false }); // kernels before 5.11 lose it in an exec
  const facts = {
    ...(pidfd === undefined ? {} : { pidfd }),
    ...(notificationFd === undefined ? {} : { notificationFd }),
    ...(mark === undefined ? {} : { mark }),
    ...(log === undefined ? {} : { log }),
  };
  const child = pid === undefined && log === undefined
    ? {}
    : { child: { pid: pid ?? machine.status.pid, ours: pidfd === undefined, ...facts } };
  return supervise(world, {
    ...service,
    path: service.name,
    control: { ...held, lockKey: noteHeld(lockFd) },
    ongoing: { machine, due: dueMs ?? "never", isNewSupervisor: false, stdioClosed, ...child },
  });
}
