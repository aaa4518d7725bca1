import { VIRTUAL_MODELS } from '../../contract/index.js';
import { ada, type Client } from './client.js';

/** An answer that is read word by word, as OpenAI's clients do. */
export class LongStream {
  words = 0;
  /** Once it is over: whether it came to its end, or how it did not. */
  outcome: string | undefined;
  readonly ended: Promise<void>;

  constructor(client: Client, name: string) {
    this.ended = this.#read(client, name).then(
      (outcome) => {
        this.outcome = outcome;
      },
      (error: Error) => {
        this.outcome = `${error.message} ${error.cause ?? ''}`;
      },
    );
  }

  async #read(client: Client, name: string): Promise<string> {
    const messages = [{ role: 'user', content: `Tell the tale of ${name}.` }];
    const call = { body: { model: VIRTUAL_MODELS.auto, stream: true, messages }, as: { ...ada, user: name } };
    const response = await client.open('/v1/chat/completions', call, 120_000);
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      this.words = text.split('"content":" word').length;
    }
    return text.endsWith('data: [DONE]\n\n') ? 'whole' : `${response.status} ${text.slice(-300)}`;
  }
}
