import { describe, expect, it } from '@jest/globals';
import { LocalExtractiveChatModel } from '../llm/local-extractive.js';
import { calculator } from './calculator.js';
import { documentSearch } from './document-search.js';
import { runAgent } from './run-agent.js';

describe('an agent on the local model', () => {
  const searched: string[] = [];
  const search = documentSearch(async (query) => {
    searched.push(query);
    return [{ source: 'hr.md', text: 'Every employee gets 28 days of vacation a year.' }];
  });
  const run = (task: string, tools: Parameters<typeof runAgent>[0]['tools']) =>
    runAgent({
      model: new LocalExtractiveChatModel({ model: 'local-extractive' }),
      tools,
      task,
      signal: new AbortController().signal,
      clock: () => 0,
    });

  it('calculates and searches in one iteration, and answers from both in the next', async () => {
    const result = await run('What is 15% of 840, and how many vacation days does an employee get?', [
      calculator,
      search,
    ]);
    expect(result).toMatchObject({ iterations: 2, finished: true });
    expect(result.steps.map(({ tool }) => tool)).toEqual(['calculator', 'document_search']);
    expect(result.answer).toBe('15 / 100 * 840 = 126\nEvery employee gets 28 days of vacation a year. [1]');
    expect(searched).toHaveLength(1);
    expect(result.usage.input_tokens).toBeGreaterThan(0);
  });

  it('tells of a calculation that is impossible', async () => {
    const { answer } = await run('What is 1 / 0?', [calculator]);
    expect(answer).toBe('The tool calculator failed. Error: "1 / 0" has no finite number as its value.');
  });
});
