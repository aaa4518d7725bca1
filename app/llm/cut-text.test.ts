import { describe, expect, it } from '@jest/globals';
import { cutText } from './cut-text.js';

describe('a text that is cut', () => {
  it('is left as it is where there is room for it', () => {
    expect(cutText('abc', 3)).toBe('abc');
  });

  it('says how much more there was', () => {
    expect(cutText('a'.repeat(10), 4)).toBe('aaaa\n[cut: 6 more characters]');
    expect(cutText('a\u{1f600}b', 2)).toBe('a\n[cut: 3 more characters]');
  });

  // A tool's output is cut by the tool, and again for the model: which was told of the 27 characters of the first note alone.
  it('says so of all that was cut, when it is cut again', () => {
    const once = cutText('a'.repeat(10), 4);
    expect(cutText(once, 4)).toBe(once);
    expect(cutText(once, 3)).toBe('aaa\n[cut: 7 more characters]');
    expect(cutText(once, 0)).toBe('\n[cut: 10 more characters]');
  });
});
