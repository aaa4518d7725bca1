import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stem } from './stem.js';
import { subjectKeys, terms } from './terms.js';

const words = (text: string) => [...terms(text)].map(({ word }) => word);

describe('terms', () => {
  it('cut snake_case, kebab-case and contractions', () => {
    expect(words("What's in http_requests_total? Don't use X-Beta-User.")).toEqual([
      'What',
      'in',
      'http',
      'requests',
      'total',
      'Don',
      'use',
      'X',
      'Beta',
      'User',
    ]);
  });

  it('cut a script without spaces by dictionary', () => {
    expect(words('東京は日本の首都です。')).toEqual(['東京', 'は', '日本', 'の', '首都', 'です']);
  });

  it('stand in the text where they say they stand', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        for (const { word, start } of terms(text)) expect(text.slice(start, start + word.length)).toBe(word);
      }),
      { numRuns: 40 },
    );
  });

  it('leave the subject when stop words are dropped', () => {
    expect(subjectKeys("what's the capital of France?")).toEqual(subjectKeys('What is the capital of France?'));
    expect(subjectKeys('Was ist die Hauptstadt von Österreich?')).toContain('österreich');
    expect(subjectKeys('Как настроить очередь?')).toEqual(['настроить', 'очередь']);
  });

  it('read the forms of a letter as one', () => {
    expect(subjectKeys('ｃａｃｈｅ ﬁle')).toEqual(subjectKeys('cache file'));
  });
});

describe('stem', () => {
  it.each([
    ['deploy', 'deploys', 'deployed', 'deploying', 'deployment', 'deployments'],
    ['configure', 'configures', 'configured', 'configuring', 'configuration', 'configurations'],
    ['embed', 'embeds', 'embedded', 'embedding', 'embeddings'],
    ['cache', 'caches', 'cached', 'caching'],
    ['query', 'queries', 'queried'],
    ['limit', 'limits', 'limited', 'limiting'],
    ['name', 'names', 'named', 'naming'],
    ['replica', 'replicas'],
    ['message', 'messages'],
    ['happy', 'happiness'],
    ['retrieve', 'retrieval', 'retrieves'],
    ['ingest', 'ingestion', 'ingested'],
    ['scale', 'scales', 'scaled', 'scaling'],
  ])('joins the forms of %s', (...forms) => {
    expect(new Set(forms.map(stem)).size).toBe(1);
  });

  it.each([
    ['string', 'stress'],
    ['redis', 'red'],
    ['process', 'proceed'],
    ['status', 'state'],
    ['policy', 'police'],
  ])('keeps %s and %s apart', (one, other) => expect(stem(one)).not.toBe(stem(other)));

  it('is stable: a stem is its own stem', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,14}$/), (word) => expect(stem(stem(word))).toBe(stem(word))),
      { numRuns: 500 },
    );
  });
});
