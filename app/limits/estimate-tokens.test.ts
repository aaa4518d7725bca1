import { expect, it } from '@jest/globals';
import { requestDefaults } from '../../contract/index.js';
import { loadTokenCounter } from '../llm/tokens.js';
import { estimateTokens } from './estimate-tokens.js';

it('adds the longest answer to the prompt, the usual one where the request names none', () => {
  expect(estimateTokens(['12345678', 'x'], 100)).toBe(103);
  expect(estimateTokens([])).toBe(requestDefaults.maxOutputTokens);
});

it.each([
  ['English', 'The pump in the basement is serviced every six months by the caretaker, who keeps the seals.'],
  ['Chinese', '地下室的水泵每六个月由管理员维修一次，备用密封件放在十二号柜子里。'],
])('is within a factor of two of what a vocabulary counts of %s', async (_, text) => {
  const counted = (await loadTokenCounter('gpt-4')).count(text);
  const estimated = estimateTokens([text], 0);
  expect(estimated).toBeGreaterThan(counted / 2);
  expect(estimated).toBeLessThan(2 * counted);
});
