/** A log directory for one test: files by name, their lines, and what a logger does to them. */
import { tainFromUnix } from "../../../lib/core/time/tain.ts";
import { formatTai64n } from "../../../lib/core/time/tain.ts";

const encoder = new TextEncoder();

/** The TAI64N label of so many seconds after some moment. */
export function label(seconds: number): string {
  return formatTai64n(
    tainFromUnix(1_700_000_000 + Math.floor(seconds), Math.round((seconds % 1) * 1e9)),
  );
}

/** A line as `t` writes it. */
export function stamped(seconds: number, text: string): string {
  return `${label(seconds)} ${text}\n`;
}

export async function gzip(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const packed = ReadableStream.from([encoder.encode(text)]).pipeThrough(
    new CompressionStream("gzip"),
  );
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

export class TemporaryLogdir implements Disposable {
  readonly path = Deno.makeTempDirSync({ prefix: "hexad-logdir-" });

  write(name: string, content: string | Uint8Array): void {
    Deno.writeFileSync(
      `${this.path}/${name}`,
      typeof content === "string" ? encoder.encode(content) : content,
    );
  }

  append(text: string, name = "current"): void {
    Deno.writeFileSync(`${this.path}/${name}`, encoder.encode(text), { append: true });
  }

  /**
   * As s6-log does: `current` becomes `previous`, gets its archive's name, and there is a new one.
   */
  rotate(seconds: number): void {
    this.rename("current", "previous");
    this.write("current", "");
    Deno.linkSync(`${this.path}/previous`, `${this.path}/${label(seconds)}.s`);
    this.remove("previous");
  }

  rename(from: string, to: string): void {
    Deno.renameSync(`${this.path}/${from}`, `${this.path}/${to}`);
  }

  remove(name: string): void {
    Deno.removeSync(`${this.path}/${name}`);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}
