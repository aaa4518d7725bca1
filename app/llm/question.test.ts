import { describe, expect, it } from '@jest/globals';
import { isAboutSpeaker, isQuestion, pointsBack, subjectOf } from './question.js';
import { answerFromStatements, statementsOf } from './statement-answer.js';

describe('a sentence', () => {
  it.each(['What is it', 'You know it?', 'Explain the cache.', '「本当」ですか？', 'please, tell me more?'])(
    '"%s" asks',
    (text) => {
      expect(isQuestion(text)).toBe(true);
    },
  );

  it.each(['My name is Ada.', 'Whatever you say is fine.', 'The wholesale price rose.'])('"%s" tells', (text) => {
    expect(isQuestion(text)).toBe(false);
  });

  it('is about the speaker by its pronouns, not by their letters', () => {
    expect(isAboutSpeaker("I'm here")).toBe(true);
    expect(isAboutSpeaker('Is MySQL in use?')).toBe(false);
  });

  it('points back when it is short and holds a pronoun', () => {
    expect(pointsBack('How is it configured?')).toBe(true);
    expect(pointsBack('How is Redis configured?')).toBe(false);
    expect(pointsBack('Does the gateway check every token before it routes the request onwards?')).toBe(false);
  });

  it('has as its subject what stands between its first and its last telling word', () => {
    expect(subjectOf('What is the capital of France?')).toBe('capital of France');
    expect(subjectOf('And then?')).toBeUndefined();
  });
});

describe('answerFromStatements', () => {
  it('leaves out what the user asked', () => {
    expect(statementsOf(['I live in Rome. Where is Rome?', 'Tell me more'])).toEqual(['I live in Rome.']);
  });

  it('answers "who am I" with the last thing that the user said of themselves', () => {
    expect(answerFromStatements('Who am I?', ['I am Ada.', 'The sky is blue.'])).toBe('You said: "I am Ada."');
  });

  it('answers nothing when less than half of what is asked was said', () => {
    expect(answerFromStatements('What is the name of my dentist in Rome?', ['My name is Ada.'])).toBeUndefined();
    expect(answerFromStatements('What is my name?', [])).toBeUndefined();
  });
});
