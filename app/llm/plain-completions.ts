import { ChatOpenAICompletions, OpenAIClient, wrapOpenAIClientError } from '@langchain/openai';
import { plainFetch } from './plain-fetch.js';

type Asked = Parameters<ChatOpenAICompletions['completionWithRetry']>;
type Streamed = Extract<Asked[0], { stream: true }>;
type Chunks = AsyncIterable<OpenAIClient.ChatCompletionChunk>;

/** Characters of an answer that is none. */
const MOST_TOLD = 200;

/**
 * OpenAI's chat completions, of which those that come whole are asked for without OpenAI's client: it makes the same headers anew, twice, a log line that
 * nobody reads, and a timer and a signal of its own, and takes more processor time than all that LangChain does. What it knows of errors is used.
 */
export class PlainCompletions extends ChatOpenAICompletions {
  #address: Promise<{ readonly url: string; readonly headers: object }> | undefined;

  override completionWithRetry(request: Streamed, options?: Asked[1]): Promise<Chunks>;
  override completionWithRetry(request: Asked[0], options?: Asked[1]): Promise<OpenAIClient.ChatCompletion>;
  override completionWithRetry(
    request: Asked[0] | Streamed,
    options?: Asked[1],
  ): Promise<Chunks | OpenAIClient.ChatCompletion> {
    // What is held to a schema is read by that client, too.
    if (request.stream || request.response_format?.type === 'json_schema')
      return super.completionWithRetry(request as Asked[0], options);
    return this.#whole(request as Asked[0], options);
  }

  async #whole(request: Asked[0], { headers: own, signal }: NonNullable<Asked[1]> = {}) {
    this.#address ??= this.#findAddress();
    const { url, headers } = await this.#address;
    const response = await plainFetch(url, {
      method: 'POST',
      headers: { ...headers, ...(own as object) },
      body: JSON.stringify(request),
      signal: signal ?? null,
    });
    if (!response.ok) throw wrapOpenAIClientError(await errorOf(response));
    const answer = (await response.json()) as OpenAIClient.ChatCompletion | null;
    if (answer?.choices?.length) return answer;
    // Some servers tell of an error with status 200; LangChain says of it that it cannot read `message` of undefined.
    throw new Error(`${url} answers without a choice: ${JSON.stringify(answer).slice(0, MOST_TOLD)}`);
  }

  /** As the client has them. */
  async #findAddress() {
    this._getClientOptions({}); // makes it
    const { url, req } = await this.client.buildRequest({ method: 'post', path: '/chat/completions', body: {} });
    return { url, headers: Object.fromEntries(req.headers) };
  }
}

async function errorOf(response: Response): Promise<Error> {
  // Its status tells what to do, though the rest be lost.
  const text = await response.text().catch(({ message }: Error) => message);
  const generate = (told: object | undefined, message?: string) =>
    OpenAIClient.APIError.generate(response.status, told, message, response.headers);
  try {
    return generate(JSON.parse(text));
  } catch {
    return generate(undefined, text);
  }
}
