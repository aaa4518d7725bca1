import { describe, expect, it } from '@jest/globals';
import { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { AIMessage, type BaseMessage } from '@langchain/core/messages';
import type { ChatResult } from '@langchain/core/outputs';
import { tool } from '@langchain/core/tools';
import * as z from 'zod';
import { agentPolicy, toolLimits } from '../../contract/index.js';
import { allowedTools, UnknownToolError } from './allowed-tools.js';
import { calculator } from './calculator.js';
import { AgentTimeoutError, runAgent } from './run-agent.js';

/** Says what the script says, and keeps what it was asked. */
class ScriptedModel extends BaseChatModel {
  readonly asked: BaseMessage[][] = [];
  constructor(private readonly script: readonly AIMessage[]) {
    super({});
  }
  _llmType(): string {
    return 'scripted';
  }
  override bindTools() {
    return this.withConfig({});
  }
  async _generate(messages: BaseMessage[]): Promise<ChatResult> {
    const message = this.script[Math.min(this.asked.length, this.script.length - 1)] ?? new AIMessage('');
    this.asked.push(messages);
    return { generations: [{ text: message.text, message }] };
  }
}

const call = (id: string, name: string, args: Record<string, unknown>) => ({
  id,
  name,
  args,
  type: 'tool_call' as const,
});
const run = (
  model: BaseChatModel,
  tools: Parameters<typeof runAgent>[0]['tools'],
  signal = new AbortController().signal,
) => runAgent({ model, tools, task: 'What is 6 * 7?', signal, clock: () => 0 });

describe('an agent', () => {
  it('uses a tool, then answers', async () => {
    const model = new ScriptedModel([
      new AIMessage({ content: '', tool_calls: [call('1', 'calculator', { expression: '6 * 7' })] }),
      new AIMessage('It is 42.'),
    ]);
    expect(await run(model, [calculator])).toEqual({
      answer: 'It is 42.',
      steps: [{ tool: 'calculator', input: { expression: '6 * 7' }, output: '42', duration_ms: 0 }],
      iterations: 2,
      finished: true,
      usage: { input_tokens: 0, output_tokens: 0 },
    });
    expect(model.asked[1]?.at(-1)).toMatchObject({ content: '42', tool_call_id: '1', status: 'success' });
  });

  it('runs the tools of one iteration in parallel', async () => {
    let waiting = 0;
    let open = () => {};
    const both = new Promise<void>((resolve) => {
      open = resolve;
    });
    const meet = tool(
      async () => {
        waiting += 1;
        if (waiting === 2) open();
        await both;
        return 'met';
      },
      { name: 'meet', description: 'Waits for the other.', schema: z.object({}) },
    );
    const model = new ScriptedModel([
      new AIMessage({ content: '', tool_calls: [call('1', 'meet', {}), call('2', 'meet', {})] }),
      new AIMessage('done'),
    ]);
    expect((await run(model, [meet])).steps.map(({ output }) => output)).toEqual(['met', 'met']);
  });

  it('tells the model when a tool fails or does not exist, and goes on', async () => {
    const model = new ScriptedModel([
      new AIMessage({
        content: '',
        tool_calls: [call('1', 'calculator', { expression: '1 / 0' }), call('2', 'shell', {})],
      }),
      new AIMessage('I could not.'),
    ]);
    const { steps, answer } = await run(model, [calculator]);
    expect(steps.map(({ error }) => error)).toEqual([
      '"1 / 0" has no finite number as its value.',
      'There is no tool "shell" for this task.',
    ]);
    expect(answer).toBe('I could not.');
  });

  // An injected page could have it fetch a thousand others; and what they say together fitted no model, so that the run was lost.
  it('uses so many tools at once and no more, and shows the model what there is room for', async () => {
    const { callsAtOnce, toolCharacters } = agentPolicy;
    let used = 0;
    const say = () => {
      used += 1;
      return 'x'.repeat(30_000);
    };
    const talk = tool(say, { name: 'talk', description: 'Talks.', schema: z.object({}) });
    const model = new ScriptedModel([
      new AIMessage({ content: '', tool_calls: Array.from({ length: 1_000 }, (_, i) => call(`${i}`, 'talk', {})) }),
      new AIMessage('Enough.'),
    ]);
    const { steps } = await run(model, [talk]);
    expect([used, steps.length]).toEqual([callsAtOnce, 1_000]);
    expect(steps[callsAtOnce]?.error).toBe('At most 8 tools are used at once: ask for this one again.');
    const shown = (model.asked[1] ?? []).slice(3).map(({ text }) => text);
    expect(Math.max(...shown.map(({ length }) => length))).toBeLessThan(toolLimits.outputCharacters + 100);
    expect(shown.join('').replaceAll(/\n\[cut: \d+ more characters\]/g, '').length).toBeLessThanOrEqual(toolCharacters);
  });

  it('stops after five iterations without an answer', async () => {
    const model = new ScriptedModel([
      new AIMessage({ content: '', tool_calls: [call('1', 'calculator', { expression: '1' })] }),
    ]);
    expect(await run(model, [calculator])).toMatchObject({ iterations: 5, finished: false });
  });

  it('that is out of time says what it had done, even if a tool takes no notice', async () => {
    const time = new AbortController();
    const hang = tool(
      () => {
        time.abort(new Error('late'));
        return new Promise<string>(() => undefined);
      },
      { name: 'hang', description: 'Never ends.', schema: z.object({}) },
    );
    const model = new ScriptedModel([
      new AIMessage({ content: '', tool_calls: [call('1', 'calculator', { expression: '1 + 1' })] }),
      new AIMessage({ content: '', tool_calls: [call('2', 'hang', {})] }),
    ]);
    const failure = run(model, [calculator, hang], time.signal);
    await expect(failure).rejects.toThrow(AgentTimeoutError);
    await expect(failure).rejects.toMatchObject({ done: { iterations: 2, steps: [{ output: '2' }] } });
  });
});

describe('the tools of a request', () => {
  it('are those that it allows', () => {
    expect(allowedTools([calculator], undefined)).toEqual([calculator]);
    expect(allowedTools([calculator], [])).toEqual([]);
    expect(allowedTools([calculator], ['calculator'])).toEqual([calculator]);
  });

  it('must exist', () => {
    expect(() => allowedTools([calculator], ['shell'])).toThrow(new UnknownToolError(['shell'], ['calculator']));
  });
});
