import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { howToFromOutside } from './support/how-to-from-outside.js';

const example = (name: string) => readFileSync(new URL(`../examples/from-outside/${name}`, import.meta.url), 'utf8');

test('the how-to shows the files of examples/from-outside as they stand there', () => {
  const files = howToFromOutside().files;
  expect(Object.keys(files)).toEqual(['platform.ts', 'cdk8s.yaml', 'tsconfig.json']);
  for (const [name, text] of Object.entries(files)) expect(text).toBe(example(name));
});

test('an environment with a service, a queue and a metric of its own takes at most 60 lines', () => {
  expect(example('platform.ts').split('\n').length - 1).toBeLessThanOrEqual(60);
});
