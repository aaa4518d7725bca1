import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { splitSentences } from './sentences.js';

const texts = (text: string) => splitSentences(text).map((sentence) => sentence.text);

describe('splitSentences', () => {
  it('joins the lines of a paragraph and cuts it at its sentences', () => {
    expect(texts('The gateway checks\nevery token. It routes\nto the services!\n\nNext paragraph')).toEqual([
      'The gateway checks every token.',
      'It routes to the services!',
      'Next paragraph',
    ]);
  });

  it('does not cut at an abbreviation or inside a number', () => {
    expect(texts('Use a broker, e.g. RabbitMQ 3.10. See Dr. Smith (cf. Fig. 2).')).toEqual([
      'Use a broker, e.g. RabbitMQ 3.10.',
      'See Dr. Smith (cf. Fig. 2).',
    ]);
  });

  it('takes list items, rows of a table and blocks of code one by one', () => {
    const text =
      'Steps:\n- **Clone** it\n  with git.\n1. See [the guide](https://example.org).\n\n| name | port |\n| --- | --- |\n| chat | 8081 |\n\n```sh\nnpm ci\n\nnpm start\n```\nDone.';
    expect(texts(text)).toEqual([
      'Steps:',
      'Clone it with git.',
      'See the guide.',
      'name: chat | port: 8081',
      '```sh\nnpm ci\n\nnpm start\n```',
      'Done.',
    ]);
  });

  it('tells the heading that a sentence stands under', () => {
    expect(splitSentences('Before.\n# Guide > Install\nRun it.\n## Use ##\n`# not a heading`')).toEqual([
      { text: 'Before.', topic: '' },
      { text: 'Run it.', topic: 'Guide > Install' },
      { text: '`# not a heading`', topic: 'Use' },
    ]);
  });

  it('cuts a long sentence at its semicolons and a long block of code at its lines', () => {
    const clauses = Array.from({ length: 9 }, (_, i) => `clause number ${i} of the sentence says something;`);
    expect(texts(clauses.join(' '))).toEqual(clauses);
    const lines = Array.from({ length: 9 }, (_, i) => `run step ${i}`);
    expect(texts(['```', ...lines, '```'].join('\n'))).toEqual(lines);
  });

  it('tells the columns of each table and not of the one before', () => {
    expect(texts('| a | b |\n|---|---|\n| 1 | |\n| 2 | – |\n| x | y |\n\n| alone | row |')).toEqual([
      'a: 1',
      'a: 2',
      'a: x | b: y',
      'alone | row',
    ]);
  });

  it('cuts Japanese and Chinese', () => {
    expect(texts('東京は日本の首都です。人口は多い。')).toEqual(['東京は日本の首都です。', '人口は多い。']);
  });

  it('loses no word of plain prose', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-zA-Z]{1,8}[.!?,]?$/), { maxLength: 60 }), (words) => {
        expect(texts(words.join(' ')).join(' ')).toBe(words.join(' '));
      }),
    );
  });
});
