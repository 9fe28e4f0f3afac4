import { assertEquals } from "@std/assert";

const PROBE = new URL("drop_probe.ts", import.meta.url).pathname;

/** What a root process is after it has taken on these ids, one after the other. */
async function probe(...ids: unknown[]): Promise<unknown> {
  const args = ["run", "--no-lock", "-A", PROBE, ...ids.map((one) => JSON.stringify(one))];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args, stderr: "inherit" }).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test("becomeUser(): user, group and groups, in all threads and for good", async () => {
  assertEquals(await probe({ uid: 4321, gid: 1234, gids: [7, 8] }), {
    uid: "4321 4321 4321 4321",
    gid: "1234 1234 1234 1234",
    groups: "7 8 1234",
    sameInAllThreads: true,
    rootAgain: false,
  });
});

Deno.test("becomeUser(): an empty list leaves the primary group alone", async () => {
  const { groups } = await probe({ uid: 4321, gid: 1234, gids: [] }) as { groups: string };
  assertEquals(groups, "1234");
});

Deno.test("becomeUser(): 0 leaves an id as it is", async () => {
  const { uid, gid } = await probe({ uid: 0, gid: 1234 }) as { uid: string; gid: string };
  assertEquals([uid, gid], ["0 0 0 0", "1234 1234 1234 1234"]);
});

Deno.test("becomeUser(): who is no longer root is told what failed", async () => {
  const user = { uid: 4321, gid: 4321 };
  assertEquals(await probe(user, { gids: [5] }), {
    error: "unable to set supplementary group list: Operation not permitted",
  });
  assertEquals(await probe(user, { gid: 5 }), {
    error: "unable to setgid: Operation not permitted",
  });
  assertEquals(await probe(user, { uid: 5 }), {
    error: "unable to setuid: Operation not permitted",
  });
});
