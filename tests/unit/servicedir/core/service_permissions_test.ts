import { assertEquals } from "@std/assert";
import {
  CONTROL_MODES,
  controlAudience,
  EVENT_MODES,
  eventAudience,
  permissionText,
  statusAudience,
  SUPERVISE_MODES,
} from "../../../../lib/servicedir/core/service_permissions.ts";

const DIRECTORY = 0o040000;
const FIFO = 0o010000;

Deno.test("every mode that is set is understood when read", () => {
  for (const [audience, mode] of Object.entries(SUPERVISE_MODES)) {
    assertEquals(statusAudience(DIRECTORY | mode), audience);
  }
  for (const [audience, mode] of Object.entries(CONTROL_MODES)) {
    assertEquals(controlAudience(FIFO | mode), audience);
  }
  for (const [audience, mode] of Object.entries(EVENT_MODES)) {
    assertEquals(eventAudience(DIRECTORY | mode), audience);
  }
});

for (const mode of [0o755, 0o701, 0o600, 0o500, 0o1700, 0o4700, 0o720]) {
  Deno.test(`statusAudience() does not know ${permissionText(mode)}`, () =>
    assertEquals(statusAudience(DIRECTORY | mode), undefined));
}

Deno.test("statusAudience() does not mind a set-group-id bit, which a file system may pass on", () => {
  assertEquals(statusAudience(DIRECTORY | 0o2710), "group");
});

for (const mode of [0o666, 0o640, 0o700, 0o602]) {
  Deno.test(`controlAudience() does not know ${permissionText(mode)}`, () =>
    assertEquals(controlAudience(FIFO | mode), undefined));
}

for (const mode of [0o755, 0o733, 0o3733, 0o1730, 0o2730]) {
  Deno.test(`eventAudience() does not know ${permissionText(mode)}`, () =>
    assertEquals(eventAudience(DIRECTORY | mode), undefined));
}

Deno.test("permissionText() is octal without the kind of file", () =>
  assertEquals(permissionText(DIRECTORY | 0o3730), "3730"));
