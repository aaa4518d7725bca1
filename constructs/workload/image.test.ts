import { describe, expect, test } from '@jest/globals';
import { image } from '../../test/support/own-contract.js';
import { imageName, imageRef, pullPolicy, unpinned } from './image.js';

describe('an image', () => {
  test('is named by tag and digest', () => {
    expect(imageName(image)).toBe(`registry.test/team/translator:3.1.0@sha256:${'ab'.repeat(32)}`);
  });

  test('goes by its tag alone only where somebody has said why', () => {
    expect(imageName({ ...image, digest: unpinned('built on this machine') })).toBe(
      'registry.test/team/translator:3.1.0',
    );
    expect(imageRef.safeParse({ ...image, digest: unpinned('') }).success).toBe(false);
    expect(imageRef.safeParse({ ...image, digest: undefined }).success).toBe(false);
  });

  test('is pulled at each start, except where no registry has it', () => {
    expect(pullPolicy(image)).toBe('Always');
    expect(pullPolicy({ ...image, loaded: true })).toBe('IfNotPresent');
  });

  test.each([
    ['a tag that moves', { tag: 'latest' }, '"latest"'],
    ['a digest that is none', { digest: 'sha256:123' }, 'sha256: and 64 hex digits'],
    ['a name without a registry', { repository: 'redis' }, 'registry/path'],
  ])('is refused with %s', (_, wrong, reason) => {
    const { error } = imageRef.safeParse({ ...image, ...wrong });
    expect(JSON.stringify(error?.issues)).toContain(JSON.stringify(reason).slice(1, -1));
  });
});
