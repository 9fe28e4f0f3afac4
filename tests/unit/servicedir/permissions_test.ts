import { assertEquals, assertThrows } from "@std/assert";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { chmod } from "../../../lib/libc/file.ts";
import { getegid } from "../../../lib/libc/process.ts";
import {
  readPermissions,
  setEvents,
  setStatusAndControl,
} from "../../../lib/servicedir/permissions.ts";
import { TemporaryServicedir } from "./temporary_servicedir.ts";

/** A service directory with the modes that a supervisor gives it. */
function fresh(): TemporaryServicedir {
  const dir = new TemporaryServicedir();
  dir.mkdir("supervise");
  dir.mkdir("event");
  dir.fifo("supervise/control", { read: false });
  chmod(`${dir.path}/supervise`, 0o700);
  chmod(`${dir.path}/event`, 0o3730);
  return dir;
}

function modes(dir: TemporaryServicedir): string[] {
  return ["supervise", "supervise/control", "event"].map((name) =>
    (Deno.statSync(`${dir.path}/${name}`).mode! & 0o7777).toString(8)
  );
}

function noWarning(text: string): void {
  throw new Error(`unexpected warning: ${text}`);
}

Deno.test("readPermissions() tells who may do what", () => {
  using dir = fresh();
  chmod(`${dir.path}/supervise`, 0o711);
  chmod(`${dir.path}/event`, 0o1733);
  assertEquals(readPermissions(dir.path), {
    lines: [
      `${dir.path} status: public`,
      `${dir.path} control: owner`,
      `${dir.path} events: public`,
    ],
    problems: [],
  });
});

Deno.test("readPermissions() goes on to the events when the supervise directory is out of order", () => {
  using dir = fresh();
  chmod(`${dir.path}/supervise`, 0o755);
  chmod(`${dir.path}/event`, 0o1733);
  assertEquals(readPermissions(dir.path), {
    lines: [`${dir.path} events: public`],
    problems: [`${dir.path}/supervise has incorrect permissions: 755`],
  });
});

Deno.test("readPermissions() tells what is missing or of the wrong kind", () => {
  using dir = new TemporaryServicedir();
  dir.mkdir("supervise");
  chmod(`${dir.path}/supervise`, 0o700);
  dir.write("supervise/control", "");
  assertEquals(readPermissions(dir.path), {
    lines: [`${dir.path} status: owner`],
    problems: [
      `${dir.path}/supervise/control is not a named pipe`,
      `unable to stat ${dir.path}/event: No such file or directory`,
    ],
  });
});

// deno-fmt-ignore
const settings = [
  [{ status: "owner", control: "owner" }, "700", "600"],
  [{ status: "group", control: "owner" }, "710", "600"],
  [{ status: "group", control: "group" }, "710", "620"],
  [{ status: "public", control: "owner" }, "711", "600"],
  [{ status: "public", control: "group" }, "711", "620"],
] as const;

for (const [wanted, supervise, control] of settings) {
  Deno.test(`setStatusAndControl(): status for ${wanted.status}, control for ${wanted.control}`, () => {
    using dir = fresh();
    setStatusAndControl(dir.path, { ...wanted, gid: getegid() }, () => {});
    assertEquals(modes(dir), [supervise, control, "3730"]);
  });
}

Deno.test("setEvents() for everybody and for a group", () => {
  using dir = fresh();
  setEvents(dir.path, undefined, () => {});
  assertEquals(modes(dir), ["700", "600", "1733"]);
  setEvents(dir.path, getegid(), noWarning);
  assertEquals(modes(dir), ["700", "600", "3730"]);
});

Deno.test("setEvents() says what is missing", () => {
  using dir = new TemporaryServicedir();
  assertThrows(
    () => setEvents(dir.path, getegid(), noWarning),
    SyscallError,
    `unable to chown ${dir.path}/event: No such file or directory`,
  );
});
