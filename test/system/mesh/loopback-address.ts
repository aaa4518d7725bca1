/** An address of loopback where, most likely, nobody listens at any port. */
export function loopbackAddress(): string {
  return `127.${[1, 2, 3].map(() => 1 + Math.floor(Math.random() * 254)).join('.')}`;
}
