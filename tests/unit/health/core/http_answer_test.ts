import { assertEquals } from "@std/assert";
import { parseHttpUrl } from "../../../../lib/health/core/check_target.ts";
import { readAnswer, requestOf } from "../../../../lib/health/core/http_answer.ts";

const ANSWERS: readonly (readonly [text: string, expected: number | "part" | "strange"])[] = [
  ["", "part"],
  ["HT", "part"],
  ["HTTP/1.1 200 OK", "part"],
  ["HTTP/1.1 200 OK\r\n", 200],
  ["HTTP/1.0 404 Not Found\r\nX: y\r\n\r\nbody", 404],
  ["HTTP/1.1 503\r\n", 503],
  ["HTTP/1.1 204 \n", 204],
  ["HTTP/1.1 100 Continue\r\n", "part"],
  ["HTTP/1.1 100 Continue\r\n\r\n", "part"],
  ["HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n", 200],
  ["HTTP/1.1 101 Switching Protocols\r\n", 101],
  ["HTTP/2 200\r\n", "strange"],
  ["HTTP/1.1 20\r\n", "strange"],
  ["HTTP/1.1 2000 x\r\n", "strange"],
  ["SSH-2.0-OpenSSH_9\r\n", "strange"],
  ["\u0016\u0003\u0001", "strange"],
];
for (const [text, expected] of ANSWERS) {
  Deno.test(`readAnswer(): ${JSON.stringify(text)}: ${expected}`, () => {
    const answer = readAnswer(new TextEncoder().encode(text));
    assertEquals(answer.kind === "status" ? answer.status : answer.kind, expected);
  });
}

Deno.test("requestOf(): one GET, after which the server closes", () => {
  assertEquals(
    new TextDecoder().decode(requestOf(parseHttpUrl("http://[::1]:81/a?b")!)),
    "GET /a?b HTTP/1.1\r\nHost: [::1]:81\r\nUser-Agent: hexad\r\nAccept: */*\r\n" +
      "Connection: close\r\n\r\n",
  );
});
