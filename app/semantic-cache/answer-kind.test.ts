import { expect, it } from '@jest/globals';
import { reuseOf } from './answer-kind.js';

it.each([
  'What is the capital of France?',
  'How do I reset a router?',
  'Is it safe to take aspirin with alcohol?',
  'How long does it take to boil an egg?',
  'Who wrote Hamlet?',
  'How do I reset my password?',
  'Where can I find my invoices?',
])('keeps knowledge: %s', (question) => {
  expect(reuseOf(question)).toBe('knowledge');
});

it.each(['What are the headlines in Norway?', 'What is the latest news on the election?', 'Latest on the strike?'])(
  'keeps news for a while: %s',
  (question) => {
    expect(reuseOf(question)).toBe('news');
  },
);

it.each([
  ['is personal', 'What is my balance?'],
  ['is personal', 'Where am I?'],
  ['is personal', 'Where is my order?'],
  ['is personal', 'How much of my leave is left?'],
  ['is personal, though it asks for a way', 'How do I get to my hotel from where I live? I have no car.'],
  ['wants something new each time', 'Generate a strong password.'],
  ['is personal, though it is about news', 'Is there news about my order?'],
  ['changes with time', 'What time is it in Tokyo?'],
  ['changes with time', 'Who is the president right now?'],
  ['changes with time', 'What is the weather in Oslo?'],
  ['changes with time', 'What happened three days ago?'],
  ['points at what was said before', 'And in Germany?'],
  ['points at what was said before', 'Why did it fail?'],
  ['points at what was said before', 'What about cats?'],
  ['points at what was said before', 'Can you explain that?'],
  ['wants something new each time', 'Give me a random number.'],
  ['is too long to be asked twice', 'What is the capital of France? '.repeat(20)],
])('never keeps what %s: %s', (_, question) => {
  expect(reuseOf(question)).toBe('never');
});
