import { toolLimits } from '../../contract/index.js';

/** What a model is given of a tool's output; it is told when that is not all. */
export function cutOutput(text: string, characters: number = toolLimits.outputCharacters): string {
  if (text.length <= characters) return text;
  // Not in the middle of a character of two halves.
  const end = /[\uD800-\uDBFF]/.test(text.charAt(characters - 1)) ? characters - 1 : characters;
  return `${text.slice(0, end)}\n[cut: ${text.length - end} more characters]`;
}
