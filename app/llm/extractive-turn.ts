import type { AIMessage, BaseMessage, ToolMessage } from '@langchain/core/messages';
import type { ToolCall } from '@langchain/core/messages/tool';
import { readPassages } from './context-prompt.js';
import { answerFromPassages } from './extractive-answer.js';
import { isAboutSpeaker, isQuestion } from './question.js';
import { splitSentences } from './sentences.js';
import { answerFromStatements, statementsOf } from './statement-answer.js';
import { chooseTools, type OfferedTool } from './tool-choice.js';

/** What the local model says to a conversation. */
export interface ExtractiveTurn {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
}

/**
 * Decides the local model's turn: the results of tools that it called, else what the user said of themselves, else tools to call,
 * else the passages of the system message. A pure function of the messages and the tools.
 */
export function takeTurn(messages: readonly BaseMessage[], tools: readonly OfferedTool[]): ExtractiveTurn {
  const lastUser = messages.findLastIndex((message) => message.type === 'human');
  const question = messages[lastUser]?.text ?? '';
  const results = messages.slice(lastUser + 1).filter((message): message is ToolMessage => message.type === 'tool');
  if (results.length > 0) return say(results.map((result) => answerFromResult(result, question, messages)).join('\n'));

  const turns = messages.filter((message) => message.type === 'human').map((message) => message.text);
  const personal = isAboutSpeaker(question) ? answerAboutSpeaker(question, turns) : undefined;
  if (personal !== undefined) return say(personal);

  const calls = chooseTools(question, tools);
  if (calls.length > 0) {
    const toolCalls = calls.map((call, i) => ({
      ...call,
      id: `call_${messages.length}_${i}`,
      type: 'tool_call' as const,
    }));
    return { text: '', toolCalls };
  }

  const found = messages.filter((message) => message.type === 'system').map((message) => readPassages(message.text));
  const passages = found.every((each) => each === undefined) ? undefined : found.flatMap((each) => each ?? []);
  const previousQuestion = turns.at(-2);
  return say(
    answerFromPassages({
      question,
      ...(passages && { passages }),
      ...(previousQuestion !== undefined && { previousQuestion }),
    }),
  );
}

function say(text: string): ExtractiveTurn {
  return { text, toolCalls: [] };
}

function answerAboutSpeaker(question: string, turns: readonly string[]): string | undefined {
  const asks = splitSentences(question).some(({ text }) => isQuestion(text));
  return asks ? answerFromStatements(question, statementsOf(turns)) : `Noted: "${question.trim()}"`;
}

function answerFromResult(result: ToolMessage, question: string, messages: readonly BaseMessage[]): string {
  const calls = messages
    .filter((message): message is AIMessage => message.type === 'ai')
    .flatMap(({ tool_calls }) => tool_calls ?? []);
  const call = calls.find(({ id }) => id === result.tool_call_id);
  const content = result.text.trim();
  if (/^error\b/i.test(content)) return `The tool ${call?.name ?? 'that I called'} failed. ${content}`;
  if (call?.args.expression !== undefined) return `${call.args.expression} = ${content}`;
  const passages = readPassages(content);
  const query = call?.args.query;
  return passages === undefined
    ? content
    : answerFromPassages({ question: typeof query === 'string' ? query : question, passages });
}
