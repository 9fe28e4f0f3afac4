/** A service directory under the name that clients call it by. */
export interface NamedService {
  /** `web`; of a logger, `web/log`. */
  readonly name: string;
  readonly directory: string;
  readonly isLogger: boolean;
}
