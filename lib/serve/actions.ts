/** `POST /v1/services/NAME/ACTION`: what may be told to a service's supervisor, and how it went. */
import { EACCES } from "../core/linux/errno.ts";
import { signalName, signalNumber } from "../core/linux/signals.ts";
import { SyscallError } from "../libc/bind.ts";
import { sendCommands } from "../servicedir/client.ts";
import { SIGNAL_LETTERS } from "../servicedir/core/control_letters.ts";
import { SERVICE_COMMANDS, type ServiceCommand } from "../servicedir/core/service_command.ts";
import { SUPERVISE_DIRECTORY } from "../servicedir/core/supervise_files.ts";
import { isUp } from "../servicedir/core/svstat_line.ts";
import type { NamedService } from "../servicedir/named_service.ts";
import { observeState } from "../servicedir/observe.ts";
import { jsonBody } from "./body.ts";
import { Problem } from "./core/problem.ts";
import { type Action, ACTIONS } from "./core/routes.ts";
import { type Asked, jsonResponse } from "./handler.ts";

/** docs/acted.schema.json describes it. */
interface ActedDocument {
  readonly format: 1;
  readonly service: string;
  readonly told: string;
}

/** @throws {Problem} If that may not be done, or can't. */
export async function act(asked: Asked): Promise<Response> {
  const { params, request, settings, tree } = asked;
  const action = ACTIONS.find((one) => one === params["action"]);
  if (action === undefined) {
    throw new Problem(404, `there is no such action; there are ${ACTIONS.join(", ")}`);
  }
  if (!settings.allow.includes(action)) {
    throw new Problem(403, `this server may not ${action} services; --allow ${action} lets it`);
  }
  const command = commandOf(action, await jsonBody(request));
  const service = tree.service(params["name"]!);
  tell(service, command);
  tree.forget();
  const document: ActedDocument = { format: 1, service: service.name, told: command.told };
  return jsonResponse(document, 202);
}

/** @throws {Problem} If the body is not what the action needs. */
function commandOf(
  action: Action,
  body: Readonly<Record<string, unknown>>,
): Pick<ServiceCommand, "letters" | "told" | "needsRun"> {
  const known = action === "signal" ? ["signal"] : [];
  const other = Object.keys(body).find((name) => !known.includes(name));
  if (other !== undefined) throw new Problem(400, `${action} knows nothing of ${other}`);
  if (action !== "signal") return SERVICE_COMMANDS[action];
  const text = body["signal"];
  const signal = typeof text === "string" ? signalName(signalNumber(text) ?? 0) : "";
  const letters = SIGNAL_LETTERS[signal];
  if (letters === undefined) {
    const names = Object.keys(SIGNAL_LETTERS).map((name) => name.slice(3)).join(" ");
    throw new Problem(400, `signal has to be one of ${names}`);
  }
  return { letters, told: `was sent ${signal}`, needsRun: true };
}

/** @throws {Problem} If it can't be told. */
function tell(service: NamedService, { letters, needsRun }: Omit<ServiceCommand, "told">): void {
  const { name, directory } = service;
  const { supervised, status } = observeState(service);
  if (needsRun && supervised && status !== undefined && !isUp(status)) {
    throw new Problem(409, `${name} does not run, so nothing was sent`);
  }
  try {
    const answer = sendCommands(directory, SUPERVISE_DIRECTORY, letters);
    if (answer.kind === "ok") return;
    throw new Problem(
      409,
      answer.kind === "broken"
        ? `${directory}/${SUPERVISE_DIRECTORY} is broken: ${answer.reason}`
        : `${name} is not supervised`,
    );
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    const cure = error.errno === EACCES
      ? `; this server needs a right that s6-svperms -G GROUP ${directory} gives`
      : "";
    throw new Problem(403, `${name}: ${error.message}${cure}`);
  }
}
