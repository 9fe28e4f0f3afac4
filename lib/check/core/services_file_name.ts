/** Which operands of `hexad check` are files of services. Pure. */

export function isServicesFile(path: string): boolean {
  return /\.(?:ya?ml|json)$/.test(path);
}
