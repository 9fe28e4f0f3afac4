import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { projectPlace } from "../../../../lib/foreground/core/project_place.ts";

const directoryOf = (file: string): string => projectPlace(file, "/run", 1000).directory;

Deno.test("projectPlace(): the same file is always in the same place, other files are elsewhere", () => {
  assertEquals(directoryOf("/srv/app/services.yaml"), directoryOf("/srv/app/services.yaml"));
  assertNotEquals(directoryOf("/srv/app/services.yaml"), directoryOf("/srv/app/other.yaml"));
  assertNotEquals(directoryOf("/a/app/services.yaml"), directoryOf("/b/app/services.yaml"));
});

Deno.test("projectPlace(): the name tells whose it is, and can stand in a path", () => {
  assertMatch(
    directoryOf("/srv/my app/services.yaml"),
    /^\/run\/hexad-up-1000-my-app-[0-9a-f]{16}$/,
  );
  assertMatch(directoryOf("/services.yaml"), /^\/run\/hexad-up-1000-root-[0-9a-f]{16}$/);
  const { directory, scandir } = projectPlace("/srv/a/services.yaml", "/run", 0);
  assertEquals(scandir, `${directory}/service`);
});
