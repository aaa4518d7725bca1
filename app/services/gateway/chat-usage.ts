import { chatResult, type TaskView, type Usage } from '../../../contract/index.js';

/** Tokens that a chat task has used: none if it failed, and `undefined` while that is not known. */
export function chatUsage({ status, result }: TaskView): Usage | undefined {
  if (status === 'failed') return { input_tokens: 0, output_tokens: 0 };
  return status === 'completed' ? chatResult.parse(result).metadata.usage : undefined;
}
