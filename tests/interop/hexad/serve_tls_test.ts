/**
 * `hexad serve` with a certificate: clients that know who has signed it are served, others refuse
 * it, and what is no TLS holds up nobody. The certificates of tests/fixture/tls are of use nowhere
 * else: for localhost and 127.0.0.1, from 2020 to 2119, signed by an authority whose key is gone.
 */
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { run, start } from "../../fixture/command.ts";
import { within } from "../../fixture/deadline.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import { makeTree } from "../../fixture/tree.ts";

requireToolset(OURS);

const HEXAD = OURS.bin("hexad");
const TOKEN = "correct-horse-battery";
const JSON_BODY = { "content-type": "application/json" };

function fixture(name: string): string {
  return new URL(`../../fixture/tls/${name}.pem`, import.meta.url).pathname;
}

Deno.test("serve: HTTPS with --tls-cert and --tls-key, for clients that trust who has signed it", async () => {
  using tree = makeTree({ "scan/": "", "token": `${TOKEN}\n` });
  await using server = start(HEXAD, [
    ...["serve", "-S", tree.path("scan"), "-l", "127.0.0.1:0", "-t", tree.path("token")],
    ...["--tls-cert", fixture("certificate"), "--tls-key", fixture("key")],
  ]);
  const told = await server.stderr.until(/info: serving .* at https:\/\/\S+\n/);
  const url = told.trimEnd().split(" ").at(-1)!.replace(/\/$/, "");
  const port = Number(new URL(url).port);
  using knowing = Deno.createHttpClient({
    caCerts: [await Deno.readTextFile(fixture("authority"))],
  });
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    within(fetch(`${url}${path}`, { ...init, client: knowing }), `an answer to ${path}`);

  assertEquals(await (await ask("/livez")).text(), "ok\n");
  const refused = await ask("/v1/services");
  assertEquals(refused.status, 401);
  await refused.body?.cancel();
  const served = await ask("/v1/services", { headers: { authorization: `Bearer ${TOKEN}` } });
  assertEquals([served.status, (await served.json()).services], [200, []]);
  const login = await ask("/login", {
    method: "POST",
    headers: JSON_BODY,
    body: JSON.stringify({ token: TOKEN }),
  });
  assertMatch(login.headers.get("set-cookie")!, /; Secure/, "the cookie never goes without TLS");

  await assertRejects(() => fetch(`${url}/livez`), TypeError);
  const status = await run(HEXAD, ["status", "--url", url], { env: { HEXAD_TOKEN: TOKEN } });
  assertEquals([status.code, status.stdout], [111, ""]);
  assertMatch(status.stderr, /its certificate is not valid: UnknownIssuer\n/);

  // half a handshake, and a request without TLS
  using half = await Deno.connect({ hostname: "127.0.0.1", port });
  await half.write(new Uint8Array([22, 3, 1]));
  using plain = await Deno.connect({ hostname: "127.0.0.1", port });
  await plain.write(new TextEncoder().encode("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  const answer = await within(
    new Response(plain.readable).text().catch(() => ""),
    "the end of a connection without TLS",
  );
  assertEquals(answer.includes("HTTP/1.1 200"), false, answer);
  assertEquals(await (await ask("/livez")).text(), "ok\n");
  assertEquals(server.stderr.text.includes("internal error"), false, server.stderr.text);
});

Deno.test("serve: a certificate that is none, or a key of another kind, is one line and no server", async () => {
  using tree = makeTree({ "scan/": "", "token": `${TOKEN}\n`, "rubbish": "no PEM\n" });
  const cases: readonly (readonly [cert: string, key: string])[] = [
    [tree.path("rubbish"), fixture("key")],
    [fixture("certificate"), tree.path("rubbish")],
    [fixture("certificate"), fixture("certificate")],
    [tree.path("absent"), fixture("key")],
  ];
  for (const [cert, key] of cases) {
    const { code, stdout, stderr } = await run(HEXAD, [
      ...["serve", "-S", tree.path("scan"), "-l", "127.0.0.1:0", "-t", tree.path("token")],
      ...["--tls-cert", cert, "--tls-key", key],
    ]);
    assertEquals([code, stdout], [111, ""], stderr);
    assertMatch(stderr, /^hexad serve: fatal: unable to [^\n]+\n$/, `${cert} ${key}`);
  }
});
