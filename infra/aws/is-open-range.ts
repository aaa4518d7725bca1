/** No network that somebody owns is as large: the largest that anybody was given are /8. */
const SMALLEST_PREFIX = 8;

/** Whether a range lets in everybody, or with one or two others like it, such as `0.0.0.0/1` and `128.0.0.0/1`. */
export function isOpenRange(cidr: string): boolean {
  return Number(cidr.split('/')[1]) < SMALLEST_PREFIX;
}
