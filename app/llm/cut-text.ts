/** What an earlier cut wrote at the end. */
const CUT = /\n\[cut: (\d+) more characters\]$/;

/** What a model is shown of a text that may be too long; it is told how much more there was, however often it was cut. */
export function cutText(text: string, characters: number): string {
  const [note = '', before = '0'] = CUT.exec(text) ?? [];
  const length = text.length - note.length;
  if (length <= characters) return text;
  // Not in the middle of a character of two halves.
  const end = /[\uD800-\uDBFF]/.test(text.charAt(characters - 1)) ? characters - 1 : characters;
  return `${text.slice(0, end)}\n[cut: ${length - end + Number(before)} more characters]`;
}
