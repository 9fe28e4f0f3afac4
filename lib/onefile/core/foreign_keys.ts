/**
 * Keys of Compose's services that have no effect here, each with its reason: what they ask for is
 * the container engine's, or the image's. Source: Compose specification, 05-services.md. Pure.
 */
import type { ForeignKeys, ForeignRow } from "./value_types.ts";

const CONTAINER = "the container's own, so it belongs to whoever starts the container";
const IMAGE = "the services run in the image that they are in";
const NETWORK = "all services share the container's network";
const FILES = "all services share the container's files";
const LIMITS = "limits of memory and processors are the container's; ulimits is there";
const RIGHTS = "the rights of the container hold; user and group_add are there";
const DEVELOP = "hexad runs services and builds nothing";

function noted(reason: string, names: string): [string, ForeignRow][] {
  return names.split(" ").map((name) => [name, { noted: reason }]);
}

function refused(reason: string, names: string): [string, ForeignRow][] {
  return names.split(" ").map((name) => [name, { refused: reason }]);
}

export const FOREIGN_SERVICE_KEYS: ForeignKeys = Object.fromEntries([
  ...noted(IMAGE, "image platform pull_policy pull_refresh_after provider models"),
  ...noted(DEVELOP, "build develop"),
  ...noted(
    NETWORK,
    "ports expose networks network_mode links external_links dns dns_opt dns_search domainname extra_hosts hostname mac_address",
  ),
  ...noted(FILES, "volumes volumes_from tmpfs configs secrets storage_opt read_only shm_size"),
  ...noted(
    LIMITS,
    "cpu_count cpu_percent cpu_shares cpu_period cpu_quota cpu_rt_runtime cpu_rt_period cpus cpuset mem_limit mem_reservation mem_swappiness memswap_limit oom_kill_disable pids_limit blkio_config gpus",
  ),
  ...noted(
    RIGHTS,
    "cap_add cap_drop privileged security_opt userns_mode credential_spec device_cgroup_rules devices",
  ),
  ...noted(
    CONTAINER,
    "annotations attach cgroup cgroup_parent driver_opts ipc isolation pid runtime sysctls uts use_api_socket",
  ),
  ...noted("a service's name is what stands before its colon", "container_name"),
  ...noted("a service's standard input is /dev/null, and it has no terminal", "stdin_open tty"),
  ...refused("not known here; write labels", "label_file"),
  ...refused("not known here; use an anchor and << to share keys", "extends"),
  ...refused(
    "not known here; write a oneshot (x-hexad: {oneshot: true}) that this service depends on, or that depends on it",
    "pre_start post_start pre_stop",
  ),
]);

/** Keys of `deploy`. */
export const FOREIGN_DEPLOY_KEYS: ForeignKeys = Object.fromEntries([
  ...noted(LIMITS, "resources"),
  ...noted("restart says it", "restart_policy"),
  ...noted("labels is there", "labels"),
  ...noted(CONTAINER, "mode placement endpoint_mode update_config rollback_config"),
]);

/** Options of Docker's log drivers that write files. */
export const FOREIGN_LOG_OPTIONS: ForeignKeys = Object.fromEntries([
  ...noted(
    "lines in a log directory have their text and no more",
    "tag labels labels-regex env env-regex",
  ),
  ...noted("old files of a log directory are kept as they are", "compress"),
  ...noted("a service that writes more than its log can take waits", "mode max-buffer-size"),
]);

/** Keys beside `services`. */
export const FOREIGN_TOP_KEYS: ForeignKeys = Object.fromEntries([
  ...noted(NETWORK, "networks"),
  ...noted(FILES, "volumes configs secrets"),
  ...noted(IMAGE, "models"),
  ...refused(
    "this is a file of process-compose; hexad import FILE --yaml makes one of services of it",
    "processes",
  ),
  ...refused("not known here; put the files beside each other into services.d", "include"),
]);
