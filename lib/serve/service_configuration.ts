/** Reads the files that configure a service, each by itself: one that can't be read is a fact. */
import { firstLine } from "../core/linux/config_file.ts";
import { SyscallError } from "../libc/bind.ts";
import { access, F_OK } from "../libc/file.ts";
import { readSmallFile } from "../libc/small_file.ts";
import type { NamedService } from "../servicedir/named_service.ts";
import {
  type ConfigurationDocument,
  configurationDocument,
  type FoundFile,
  SETTING_FILES,
} from "./core/configuration_document.ts";

const MAX_LINE_BYTES = 1024;

export function serviceConfiguration(service: NamedService): ConfigurationDocument {
  const found = new Map<string, FoundFile>();
  for (const { file, isRead } of SETTING_FILES) {
    const content = fileOf(`${service.directory}/${file}`, isRead);
    if (content !== undefined) found.set(file, content);
  }
  return configurationDocument(service, found);
}

function fileOf(path: string, isRead: boolean): FoundFile | undefined {
  try {
    if (!isRead) return access(path, F_OK) === 0 ? { line: "" } : undefined;
    const bytes = readSmallFile(path, MAX_LINE_BYTES);
    return bytes === undefined ? undefined : { line: firstLine(bytes).trim() };
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    return { problem: error.reason };
  }
}
