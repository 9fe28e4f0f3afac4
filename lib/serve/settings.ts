/** How `hexad serve` was called. */
import type { ListenAddress } from "./core/listen_address.ts";
import type { Action } from "./core/routes.ts";

export interface ServeSettings {
  readonly version: string;
  readonly address: ListenAddress;
  /** Of a Unix socket; undefined: our own. */
  readonly gid: number | undefined;
  /** Names of this host beyond its addresses. */
  readonly hosts: readonly string[];
  /** Undefined: whoever reaches the address may look. */
  readonly token: string | undefined;
  /** What may be done to services. */
  readonly allow: readonly Action[];
  /** The text of a schema in docs; undefined if there is none of that name. */
  schema(file: string): Promise<string | undefined>;
  /** PEM texts; undefined: no TLS. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
}
