/** `--seed=NUMBER` of a command line: with another one chance falls otherwise. @default 0 */
export function seedOf(argv: readonly string[]): number {
  const text = argv.find((one) => one.startsWith('--seed='))?.slice('--seed='.length) ?? '0';
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new RangeError(`--seed=${text}: a seed is a whole number from 0 to 999999999.`);
}
