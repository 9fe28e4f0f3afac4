/** Which operands of `hexad check` are files of services, and where an image has them. Pure. */

export const SERVICES_DIRECTORY = "/etc/hexad";

export function isServicesFile(path: string): boolean {
  return /\.(?:ya?ml|json)$/.test(path);
}
