/** Which live folder a service directory belongs to, and the path that users know it by. */
import { SyscallError } from "../libc/bind.ts";
import { realPath } from "../libc/cwd.ts";
import { access, F_OK } from "../libc/file.ts";
import { STATE_FILE } from "./core/state_file.ts";

const SERVICEDIRS = "/servicedirs/";
const MAKER = /:s6-rc-(?:init|update):[^/:]+$/;

export interface LivePlace {
  /** The folder itself, with links resolved. */
  readonly folder: string;
  /** The service's name in it. */
  readonly name: string;
}

/** Undefined if the service directory is not one of s6-rc's, or does not exist. */
export function liveFolderOf(servicedir: string): LivePlace | undefined {
  const real = withoutLinks(servicedir);
  const at = real?.lastIndexOf(SERVICEDIRS) ?? -1;
  if (real === undefined || at < 0) return undefined;
  const [folder, name] = [real.slice(0, at), real.slice(at + SERVICEDIRS.length)];
  const isLive = !name.includes("/") && access(`${folder}/${STATE_FILE}`, F_OK) >= 0;
  return isLive ? { folder, name } : undefined;
}

/** The link that users know, if it points there; otherwise the folder. */
export function pathOfLive(folder: string): string {
  const link = folder.replace(MAKER, "");
  return withoutLinks(link) === folder ? link : folder;
}

function withoutLinks(path: string): string | undefined {
  try {
    return realPath(path);
  } catch (error) {
    if (error instanceof SyscallError) return undefined;
    throw error;
  }
}
