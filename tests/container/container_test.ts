/**
 * The container tier: images built from the tarball, run as PID 1 by podman. One file runs all,
 * since they share podman's storage and the images.
 */
import { closePodman } from "./podman.ts";
import "./app_image_cases.ts";
import "./clients_cases.ts";
import "./confinement_cases.ts";
import "./dockerfile_cases.ts";
import "./examples_cases.ts";
import "./execline_cases.ts";
import "./exit_code_cases.ts";
import "./guests_cases.ts";
import "./inheritance_cases.ts";
import "./not_pid1_cases.ts";
import "./overlay_boot_cases.ts";
import "./overlay_command_cases.ts";
import "./overlay_failure_cases.ts";
import "./overlay_launch_cases.ts";
import "./overlay_logging_cases.ts";
import "./overlay_oom_cases.ts";
import "./overlay_pid_cases.ts";
import "./overlay_places_cases.ts";
import "./overlay_rc_cases.ts";
import "./overlay_record_cases.ts";
import "./overlay_rootfs_cases.ts";
import "./overlay_settings_cases.ts";
import "./overlay_stop_cases.ts";
import "./overlay_terminal_cases.ts";
import "./overlay_users_cases.ts";
import "./pid1_cases.ts";
import "./readme_cases.ts";
import "./refused_calls_cases.ts";
import "./start_failure_cases.ts";
import "./stop_cases.ts";

Deno.test.afterAll(closePodman);
