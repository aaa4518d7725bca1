import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { expect, test } from '@jest/globals';
import { projectFolder } from '../tools/sources.js';

const textOf = (page: string) => readFileSync(join(projectFolder, page), 'utf8');
const docs = readdirSync(join(projectFolder, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.md'))
  .map((file) => posix.join('docs', file));
const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'DOCUMENTATION.md', ...docs];

/** Links of a page to files of this project, without the place in them. */
function linksOf(page: string): string[] {
  const text = textOf(page).replace(/```[\s\S]*?```/g, '');
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target.replace(/#.*/, ''));
  return targets
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
    .map((target) => posix.join(dirname(page), target));
}

test('every link of a page leads to a file that is there', () => {
  const dead = pages.flatMap((page) =>
    linksOf(page)
      .filter((target) => !existsSync(join(projectFolder, target)))
      .map((target) => `${page}: ${target}`),
  );
  expect(dead).toEqual([]);
});

// It does not stand in docs/ itself: what is asked of the documents would find titles in the place of answers.
test('the index lists every page of docs/, under its own title', () => {
  const index = textOf('DOCUMENTATION.md');
  const entries = docs.map(
    (page) =>
      `- [${textOf(page)
        .split('\n', 1)[0]
        ?.replace(/^# (\d+\. )?/, '')}](${page})`,
  );
  expect(
    index
      .split('\n')
      .filter((line) => line.startsWith('- '))
      .sort(),
  ).toEqual(entries.sort());
});
