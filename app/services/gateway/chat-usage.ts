import * as z from 'zod';
import { type TaskView, type Usage, usage } from '../../../contract/index.js';
import { CANCELLED } from '../../queue/task.js';

/** No more of a result than is read here: workers of another release say more or less of an answer. */
const answered = z.object({ metadata: z.object({ usage }) });

/**
 * Tokens that a chat task has used: none if it failed, and `undefined` while that is not known. Nor is it known of one that was
 * cancelled: answers could else be made for nothing, and cancelled at the last moment.
 */
export function chatUsage({ status, result, refused }: TaskView): Usage | undefined {
  if (refused?.code === CANCELLED.code) return undefined;
  if (status === 'failed') return { input_tokens: 0, output_tokens: 0 };
  return status === 'completed' ? answered.parse(result).metadata.usage : undefined;
}
