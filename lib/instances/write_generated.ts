/** Writing a service and its logger, for a scan directory or for s6-rc, completely or not at all. */
import { EEXIST } from "../core/linux/errno.ts";
import { baseName, dirName } from "../core/text/path_name.ts";
import { copyHierarchy } from "../files/copy_hierarchy.ts";
import { removeTree } from "../files/remove_tree.ts";
import { mkdir } from "../libc/file.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { withUmask } from "../libc/cwd.ts";
import { ExistsError, writeService } from "../newservice/write.ts";
import { loggerFiles, type LoggerPlan, type RcNames, serviceFiles } from "./core/generated.ts";

export interface GeneratedRequest {
  readonly dir: string;
  readonly run: string;
  readonly logger: LoggerPlan | undefined;
  /** Absent: a service directory. */
  readonly names: RcNames | undefined;
  /** Copied to `template`, beside the directories of instances. */
  readonly template?: string;
}

const MODE = 0o755;

/** @throws {SyscallError} If something can't be written; nothing of it is left then. */
export function writeGenerated({ dir, run, logger, names, template }: GeneratedRequest): void {
  const service = names === undefined ? dir : `${dir}/${names.service}`;
  const made: string[] = [];
  const write = (path: string, files: ReturnType<typeof serviceFiles>): void => {
    try {
      writeService(dirName(path), baseName(path), files);
    } catch (error) {
      if (error instanceof ExistsError) throw new SyscallError(`mkdir ${path}`, EEXIST);
      throw error;
    }
    made.push(path);
  };
  try {
    const own = serviceFiles(run, names);
    const beside = logger === undefined || names !== undefined ? [] : loggerFiles(logger, undefined)
      .map((each) => ({ ...each, path: `log/${each.path}` }));
    write(service, [...own, ...beside]);
    if (template !== undefined) addTemplate(service, template, names === undefined);
    if (logger !== undefined && names?.logger !== undefined) {
      write(`${dir}/${names.logger}`, loggerFiles(logger, names));
    }
  } catch (error) {
    made.forEach(removeTree);
    throw error;
  }
}

function addTemplate(service: string, template: string, withDirectories: boolean): void {
  if (withDirectories) { for (const name of ["instance", "instances"]) makeIn(service, name); }
  copyHierarchy(template, `${service}/template`, (error) => {
    throw error;
  });
}

/** Makes one of the directories of instances, if it is not there. @throws {SyscallError} If it can't. */
export function makeIn(service: string, name: string): void {
  const path = `${service}/${name}`;
  const result = withUmask(0, () => mkdir(path, MODE));
  if (result !== -EEXIST) checked(`mkdir ${path}`, result);
}
