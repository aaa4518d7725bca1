/** A quotation of so many characters is something to work on, not what is asked. */
const MATERIAL_CHARACTERS = 40;

const QUOTED = new RegExp(
  [
    ['"', '"'],
    ['“', '”'],
    ['„', '[“”"]'],
    ['«', '»'],
    ['「', '」'],
  ]
    .map(([open, close]) => `${open}[^"“”«»「」]{${MATERIAL_CHARACTERS},}?${close}`)
    .join('|'),
  'gu',
);
/** What follows a colon, to the end, when it is longer than what stands before. */
const AFTER_COLON = /^([^:：\n]{10,}?)[:：]\s([\s\S]+)$/u;

/** A prompt without the text that it brings to work on: what it asks for stands in the rest. */
export function askedPart(text: string): string {
  const unquoted = text.replaceAll(QUOTED, ' ');
  const [, head = '', tail = ''] = AFTER_COLON.exec(unquoted) ?? [];
  return tail.length > Math.max(head.length, MATERIAL_CHARACTERS) && !tail.trimEnd().endsWith('?') ? head : unquoted;
}

/** The last question, or the last sentence where nothing is asked: after a story, what it was told for. */
export function lastSentence(text: string): string {
  const sentences = text.trim().match(/[^.!?。？！؟]+[.!?。？！؟]*/gu) ?? [];
  return (sentences.findLast((sentence) => /[?？؟]$/u.test(sentence)) ?? sentences.at(-1) ?? '').trim();
}
