import { describe, expect, it } from '@jest/globals';
import { chooseTools } from './tool-choice.js';

const calculator = { name: 'calc', parameters: ['expression'] };
const search = { name: 'find', parameters: ['query', 'limit'] };

describe('chooseTools', () => {
  it('gives arithmetic to the tool that takes an expression, and nothing else to search for', () => {
    expect(chooseTools('What is the sum of 19 + 23?', [search, calculator])).toEqual([
      { name: 'calc', args: { expression: '19 + 23' } },
    ]);
  });

  it('gives any other question to the tool that takes a query', () => {
    const question = 'Who wrote the guide?';
    expect(chooseTools(question, [calculator, search])).toEqual([{ name: 'find', args: { query: question } }]);
  });

  it('uses both at once for a question of two parts', () => {
    expect(chooseTools('What is 6 * 7, and who wrote the guide?', [calculator, search])).toEqual([
      { name: 'calc', args: { expression: '6 * 7' } },
      { name: 'find', args: { query: 'What is , and who wrote the guide?' } },
    ]);
  });

  it('searches with an expression that there is no calculator for', () => {
    expect(chooseTools('What is 6 * 7?', [search])).toEqual([{ name: 'find', args: { query: 'What is 6 * 7?' } }]);
  });

  it('calls nothing without a tool that fits or without anything to look for', () => {
    expect(chooseTools('Who wrote the guide?', [{ name: 'weather', parameters: ['city'] }])).toEqual([]);
    expect(chooseTools('And then?', [calculator, search])).toEqual([]);
  });
});
