/** A planned service, as other supervisors' configurations become, for services.yaml. Pure. */
import type { Notes } from "../../importer/core/import_notes.ts";
import type { PlannedUser } from "../../importer/core/planned_user.ts";
import type { PlannedEnvironmentFiles, ServicePlan } from "../../importer/core/service_plan.ts";
import {
  type Draft,
  type DraftMap,
  type DraftValue,
  literal,
  literals,
  withoutGaps,
} from "./draft.ts";
import { logKeys } from "./log_keys.ts";
import { commandKeys, fileKeys, templateWord } from "./plan_command.ts";
import { smallFileKeys } from "./small_file_keys.ts";
import { limitKeys } from "./limit_keys.ts";

const AFTER_DEATH =
  "what runs after a death is not carried over; make a command of it, for x-hexad: {finish: ...}";

export function planDraft(plan: ServicePlan, notes: Notes): Draft {
  const origin = plan.origin ?? { file: plan.name, line: 1 };
  if ((plan.after ?? []).length > 0 || plan.finish !== undefined) notes.add(origin, AFTER_DEATH);
  const { command, hasUser, hasSurroundings, isSilent } = commandKeys(plan);
  const { values, hexad } = smallFileKeys(plan.files, origin, notes);
  const log = plan.log === undefined ? undefined : logKeys(plan.log, origin, notes);
  const user = hasUser ? {} : userKeys(plan.user);
  const own = hasSurroundings ? {} : {
    working_dir: plan.directory === undefined ? undefined : literal(plan.directory),
    ulimits: limitKeys(plan.limits ?? [], origin, notes),
  };
  const isNotified = plan.notifiesSocket === true || plan.notificationFd !== undefined;
  return {
    name: plan.name,
    origin,
    values: withoutGaps({
      command,
      environment: {
        ...literals(plan.environment),
        ...Object.fromEntries(
          (plan.exported ?? []).map(([name, value]) => [name, templateWord(value)]),
        ),
      },
      env_file: fileKeys(plan) ? fileList(plan.environmentFiles!) : undefined,
      ...own,
      ...user,
      ...values,
      logging: isSilent ? { driver: "none" } : log?.logging,
      "x-hexad": withoutGaps({
        ...hexad,
        notification_fd: isNotified ? plan.notificationFd ?? 3 : undefined,
        log: log?.directives,
        ...(hasSurroundings ? {} : {
          home: plan.homeOf === undefined ? undefined : true,
          umask: plan.umask?.padStart(3, "0"),
          nice: plan.nice === undefined || plan.nice === 0 ? undefined : plan.nice,
        }),
      }),
    }),
  };
}

function userKeys(planned: PlannedUser | undefined): DraftMap {
  if (planned === undefined) return {};
  const { user = "0", group, groups = [] } = planned;
  return withoutGaps({
    user: literal(group === undefined ? user : `${user}:${group}`),
    group_add: groups.map(literal),
  });
}

function fileList({ files, format }: PlannedEnvironmentFiles): DraftValue {
  return files.map(({ path, optional }) =>
    withoutGaps({
      path: literal(path),
      required: optional ? false : undefined,
      format: format === "compose" ? undefined : format === "docker" ? "raw" : format,
    })
  );
}
