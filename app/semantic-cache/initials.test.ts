import { expect, it } from '@jest/globals';
import { writeOutInitials } from './initials.js';

it.each([
  ['When was the UN founded?', 'Who founded the United Nations?', 'When was the United Nations founded?'],
  ['What is an ETF?', 'What are exchange-traded funds?', 'What is an exchange-traded funds?'],
  ['Who runs the DOH?', 'What is the Department of Health?', 'Who runs the Department of Health?'],
  ['What is VAT?', 'How much is value added tax?', 'What is value added tax?'],
])('writes "%s" out beside "%s"', (question, other, written) => {
  expect(writeOutInitials(question, other)).toBe(written);
});

it.each([
  ['When was the UN founded?', 'Who founded the union?'],
  ['What is the US?', 'Does it tell us something?'],
  ['What is an ETF?', 'What is an exchange for funds?'],
  ['Is tea good?', 'Is total energy abundant?'],
])('leaves "%s" as it is beside "%s"', (question, other) => {
  expect(writeOutInitials(question, other)).toBe(question);
});
