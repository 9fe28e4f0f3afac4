/**
 * Serves what the other services of this scan directory write into ../.data; tells each request on
 * standard output.
 */

const DATA = "../.data";
const HOST = "127.0.0.1";
const PORT = Number(Deno.env.get("PORT") ?? "8080");

async function read(name: string): Promise<string> {
  try {
    return await Deno.readTextFile(`${DATA}/${name}`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return `(no ${name} yet)\n`;
    throw error;
  }
}

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  console.log(`${request.method} ${pathname}`);
  if (pathname === "/health") return new Response("well\n");
  if (pathname !== "/") return new Response("no such page\n", { status: 404 });
  return new Response(
    `${await read("machine")}\nThe worker has found these prime numbers last:\n${await read(
      "primes",
    )}`,
  );
}

/** The port is bound: tell the supervisor, as servicedir(7) says, by a newline, once. */
function sayReady(): void {
  console.log(`listening on ${HOST}:${PORT}`);
  Deno.writeTextFileSync("/dev/fd/3", "\n");
}

const server = Deno.serve({ hostname: HOST, port: PORT, onListen: sayReady }, answer);
// requests that have begun are answered before the process ends
Deno.addSignalListener("SIGTERM", () => void server.shutdown());
