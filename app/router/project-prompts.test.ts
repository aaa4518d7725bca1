import { describe, expect, it } from '@jest/globals';
import { TASK_CLASSES } from '../../contract/index.js';
import { ofSet, PROMPT_SETS } from './confusion.js';
import { projectPrompts } from './project-prompts.fixture.js';

describe('the labelled prompts of this project', () => {
  it('are at least 500, none of them twice', () => {
    expect(projectPrompts.length).toBeGreaterThanOrEqual(500);
    const bare = projectPrompts.map(({ prompt }) =>
      prompt
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
        .trim(),
    );
    expect(new Set(bare).size).toBe(projectPrompts.length);
  });

  it.each(PROMPT_SETS)('have every class and many languages and domains in the set %s', (set) => {
    const prompts = ofSet(projectPrompts, set);
    for (const name of TASK_CLASSES) {
      const ofClass = prompts.filter((one) => one.class === name);
      expect(ofClass.length / prompts.length).toBeGreaterThan(0.2);
      expect(new Set(ofClass.map(({ language }) => language)).size).toBeGreaterThanOrEqual(10);
    }
    expect(new Set(prompts.map(({ domain }) => domain)).size).toBeGreaterThanOrEqual(15);
  });

  it('cannot be told by their length: its best bounds, chosen with all labels in view, are wrong for half', () => {
    const lengths = projectPrompts.map(({ prompt }) => Math.floor(4 * Math.log2(1 + prompt.length)));
    let right = 0;
    for (const length of new Set(lengths)) {
      const there = projectPrompts.filter((_, i) => lengths[i] === length);
      right += Math.max(...TASK_CLASSES.map((name) => there.filter((one) => one.class === name).length));
    }
    expect(right / projectPrompts.length).toBeLessThan(0.55);
  });
});
