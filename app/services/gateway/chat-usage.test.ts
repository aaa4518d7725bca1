import { describe, expect, it } from '@jest/globals';
import type { TaskView } from '../../../contract/index.js';
import { chatUsage } from './chat-usage.js';

const pending: TaskView = { task_id: '1', kind: 'chat', status: 'pending', check_url: '/tasks/1' };

describe('the tokens of a chat task', () => {
  it('are not known while it is under way', () => {
    expect(chatUsage(pending)).toBeUndefined();
  });

  // The gateway of a new release once failed with each answer of the workers before it.
  it('are told by a worker of any release', () => {
    const usage = { input_tokens: 3, output_tokens: 4 };
    expect(chatUsage({ ...pending, status: 'completed', result: { metadata: { usage } } })).toEqual(usage);
  });

  it('are none when it failed, whoever’s mistake it was', () => {
    const none = { input_tokens: 0, output_tokens: 0 };
    expect(chatUsage({ ...pending, status: 'failed' })).toEqual(none);
    expect(chatUsage({ ...pending, status: 'failed', refused: { status: 400, code: 'invalid_request' } })).toEqual(
      none,
    );
  });

  it('are not taken for none when its owner has cancelled it', () => {
    expect(chatUsage({ ...pending, status: 'failed', refused: { status: 409, code: 'cancelled' } })).toBeUndefined();
  });
});
