import { describe, expect, it } from '@jest/globals';
import { AIMessage, HumanMessage, SystemMessage } from '@langchain/core/messages';
import fc from 'fast-check';
import { Tiktoken } from 'js-tiktoken/lite';
import cl100k from 'js-tiktoken/ranks/cl100k_base';
import { leastTimeMs } from '../../test/support/least-time.js';
import { loadTokenCounter, mostTokensOf } from './tokens.js';
import { toLangChain } from './wire-messages.js';

describe('token counter', () => {
  it('counts the examples of the OpenAI cookbook', async () => {
    const gpt4 = await loadTokenCounter('gpt-4');
    expect(gpt4.count('tiktoken is great!')).toBe(6);
    expect(gpt4.count('antidisestablishmentarianism')).toBe(6);
    expect(gpt4.count('2 + 2 = 4')).toBe(7);
    expect(gpt4.count('お誕生日おめでとう')).toBe(9);
    const gpt4o = await loadTokenCounter('gpt-4o');
    expect(gpt4o.count('お誕生日おめでとう')).toBe(8);
  });

  it('counts what js-tiktoken counts, for any text whose words are of ordinary length', async () => {
    const counter = await loadTokenCounter('gpt-3.5-turbo');
    const reference = new Tiktoken(cl100k);
    const word = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom(
        'deployment',
        "don't",
        'naïve',
        '東京は',
        '🚀🎉',
        '\n\n  ',
        '12345.678',
        '<|endoftext|>',
        '```ts',
      ),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        const text = words.join(' ');
        expect(counter.count(text)).toBe(reference.encode(text, [], []).length);
      }),
      { numRuns: 15 },
    );
  });

  it('counts a run without a break in time that grows with its length only, and within 5 percent', async () => {
    const counter = await loadTokenCounter('gpt-4');
    const short = counter.count('東京是日本的首都'.repeat(40));
    const long = counter.count('東京是日本的首都'.repeat(4000));
    expect(long / (short * 100)).toBeGreaterThan(0.95);
    expect(long / (short * 100)).toBeLessThan(1.05);

    const timeMs = (repeats: number) => leastTimeMs(() => counter.count('東京是日本的首都'.repeat(repeats)));
    // Ten times the text: linear is 10 times the time, quadratic 100.
    expect(timeMs(1000) / timeMs(100)).toBeLessThan(40);
  });

  it('adds three tokens for each message and three for the reply', async () => {
    const counter = await loadTokenCounter('gpt-4');
    expect(counter.countMessages([])).toBe(3);
    expect(
      counter.countMessages([new SystemMessage('tiktoken is great!'), new HumanMessage('tiktoken is great!')]),
    ).toBe(21);
  });

  it('makes no more tokens of messages than they have bytes, whatever their script', async () => {
    const counters = await Promise.all(['gpt-4', 'gpt-4o'].map(loadTokenCounter));
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 30 }), { maxLength: 4 }), (contents) => {
        const messages = contents.map((content) => ({ role: 'user' as const, content }));
        for (const counter of counters)
          expect(counter.countMessages(toLangChain(messages))).toBeLessThanOrEqual(mostTokensOf(messages));
      }),
      { numRuns: 50 },
    );
    expect(mostTokensOf([{ role: 'user', content: '\ud83d\u0000𝒜' }])).toBe(3 + 3 + 8);
    const call = { id: '1', name: 'calculator', arguments: {} };
    expect(mostTokensOf([{ role: 'assistant', content: '', tool_calls: [call] }])).toBe(Number.POSITIVE_INFINITY);
  });

  it('counts the tool calls of a message', async () => {
    const counter = await loadTokenCounter('gpt-4');
    const plain = counter.countMessages([new AIMessage('')]);
    const calling = new AIMessage({
      content: '',
      tool_calls: [{ id: '1', name: 'calculator', args: { expression: '1+1' } }],
    });
    expect(counter.countMessages([calling])).toBeGreaterThan(plain + 10);
  });

  it('estimates models whose vocabulary is not public with cl100k', async () => {
    const claude = await loadTokenCounter('claude-3-opus');
    expect(claude.count('tiktoken is great!')).toBe(6);
  });
});
