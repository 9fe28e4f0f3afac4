/**
 * logutil-service: s6-log as nobody, with the container's logging script. Source: s6-overlay 3.2.3,
 * logutil-service.
 */
import { logutilService } from "../../lib/overlay/logutil_service.ts";
import type { LinkModule } from "../context.ts";

export const table: LinkModule["table"] = {
  summary:
    "Logs what it reads into a directory, as the user nobody, by the directives of S6_LOGGING_SCRIPT (n20 s1000000 T).",
  usage: "[ -f fifo ] directory",
  options: [{ short: "f", arg: "FIFO", text: "read from this FIFO, not from standard input" }],
  exits: [
    ["s6-log's", "of the logger that it becomes"],
    ["100", "wrong usage"],
    ["111", "system call failed"],
  ],
  example: "exec logutil-service /var/log/web",
};

export const link = logutilService;
