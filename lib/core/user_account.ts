/** A user in /etc/passwd. The images that we run in have no name service, so the file is what there is. Source: passwd(5). Pure. */
import { parseUint } from "./config_file.ts";

export interface UserAccount {
  readonly uid: number;
  readonly gid: number;
}

/** The first entry for `name`, or undefined; lines without the numbers that belong there are passed over. */
export function userAccount(passwdFile: string, name: string): UserAccount | undefined {
  for (const line of passwdFile.split("\n")) {
    const fields = line.split(":");
    const uid = parseUint(fields[2] ?? "");
    const gid = parseUint(fields[3] ?? "");
    if (fields[0] === name && uid !== undefined && gid !== undefined) return { uid, gid };
  }
  return undefined;
}
