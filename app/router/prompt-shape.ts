import { askedPart, lastSentence } from './asked-part.js';
import { codeSignalsIn } from './code-signals.js';
import { DIFFICULTY_SIGNALS } from './difficulty-signals.js';
import { PhrasedText } from './phrases.js';
import { type Signal, signalsIn } from './signal.js';

/** Characters that are looked at, so that a long prompt costs no more than another. */
const INSPECTED_CHARACTERS = 4_000;

const OPTION = /^\s*\(?([A-Ha-h])[.)]\s*(.*)$/;

/** What features are taken from, worked out once. */
export class PromptShape {
  readonly text: string;
  readonly length: number;
  readonly words: readonly string[];
  readonly lines: readonly string[];
  /** Answers to choose from, without their letters. */
  readonly options: readonly string[];
  /** The prompt without them. */
  readonly stem: string;
  /** That without the text that it brings along, */
  readonly asked: PhrasedText;
  /** and of it the last sentence. */
  readonly last: PhrasedText;
  readonly #phrased = new Map<string, PhrasedText>();
  #work: readonly Signal[] | undefined;
  #code: readonly Signal[] | undefined;

  constructor(prompt: string) {
    this.text = prompt.slice(0, INSPECTED_CHARACTERS);
    this.length = prompt.length;
    this.words = this.text.match(/[\p{L}\p{N}'-]+/gu) ?? [];
    this.lines = this.text.split('\n').filter((line) => line.trim() !== '' && !/^answer:?$/i.test(line.trim()));
    const isOption = (line: string) => OPTION.test(line);
    this.options = this.lines.filter(isOption).map((line) => OPTION.exec(line)?.[2] ?? '');
    this.stem = this.lines.filter((line) => !isOption(line)).join('\n');
    const asked = askedPart(this.stem);
    this.asked = this.#lookAt(asked);
    this.last = this.#lookAt(lastSentence(asked));
  }

  /** The signs of what is asked for. Few models look at them, and they cost more than all else. */
  get work(): readonly Signal[] {
    this.#work ??= signalsIn(this.asked, DIFFICULTY_SIGNALS);
    return this.#work;
  }

  /** The signs that it is about code. */
  get code(): readonly Signal[] {
    this.#code ??= codeSignalsIn(this.#lookAt(this.text));
    return this.#code;
  }

  /** Most prompts are all question: what is the same text is looked at once. */
  #lookAt(text: string): PhrasedText {
    const phrased = this.#phrased.get(text) ?? new PhrasedText(text);
    this.#phrased.set(text, phrased);
    return phrased;
  }
}
