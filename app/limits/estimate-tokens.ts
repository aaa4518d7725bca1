import { requestDefaults } from '../../contract/index.js';

/**
 * Bytes of UTF-8 that a token stands for, about: four letters of English (OpenAI, "What are tokens and how to count them?"), one
 * character of Chinese. Right enough for a reservation, and a thousandth of what counting by a vocabulary takes.
 */
const BYTES_PER_TOKEN = 4;

/** What a prompt may use: its own tokens, and the longest answer that is taken. @param maxOutputTokens @default requestDefaults.maxOutputTokens */
export function estimateTokens(
  texts: readonly string[],
  maxOutputTokens: number = requestDefaults.maxOutputTokens,
): number {
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return Math.ceil(bytes / BYTES_PER_TOKEN) + maxOutputTokens;
}
