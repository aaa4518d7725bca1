import { describe, expect, it } from '@jest/globals';
import { errors } from './errors.js';
import { refuseUnstorable, unstorableAddress } from './storable-json.js';

const look = (text: string) => refuseUnstorable(text, JSON.parse(text));

describe('text that no store can keep', () => {
  it.each([
    ['U+0000', '{"message":"a\\u0000b"}'],
    ['half a surrogate pair', '{"message":"\\uD83D!"}'],
    ['the second half alone', '[["\\ude00"]]'],
    ['the halves in the wrong order', '{"a":{"b":"\\ude00\\ud83d"}}'],
    ['a name that has it', '{"metadata":{"\\u0000":"x"}}'],
  ])('is refused: %s', (_what, text) => {
    expect(() => look(text)).toThrow(/U\+0000 or half a surrogate pair/);
  });

  it.each([
    ['a whole pair', '{"message":"\\ud83d\\ude00"}'],
    ['the escape itself, escaped', '{"message":"\\\\u0000"}'],
    ['other control characters', '{"message":"\\u0001\\n"}'],
    ['no string at all', 'null'],
  ])('is not %s', (_what, text) => {
    expect(() => look(text)).not.toThrow();
  });

  const nested = (levels: number, text: string) => '['.repeat(levels) + text + ']'.repeat(levels);

  it('is found below many levels', () => {
    expect(() => look(nested(200, '"\\u0000"'))).toThrow(errors.unstorable());
    expect(() => look(nested(200, '"\\u0001"'))).not.toThrow();
  });

  it.each(['', '1', '"\\u0000"'])('is refused for more levels than can be passed on, with %j within', (text) => {
    expect(() => look(nested(50_000, text))).toThrow('The JSON has more than 200 levels: nest less deeply.');
  });

  it('is refused in an address too', () => {
    expect(unstorableAddress('/api/documents/a%00b')?.message).toContain('U+0000');
    expect(unstorableAddress('/api/documents/100%25')).toBeUndefined();
  });
});
