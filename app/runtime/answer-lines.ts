import { StringDecoder } from 'node:string_decoder';
import type * as z from 'zod';
import type { Operation } from '../../contract/index.js';
import { errors } from './errors.js';
import { readAnswer } from './read-answer.js';

/** Reads the parts of a streamed answer, which come a line each. */
export class AnswerLines<O extends Operation> {
  readonly #decoder = new StringDecoder();
  #rest = '';

  constructor(private readonly operation: O) {}

  /** @returns the parts that are whole with these bytes. @throws 502 where one breaks the contract */
  read(bytes: Buffer): z.output<O['response']>[] {
    const lines = (this.#rest + this.#decoder.write(bytes)).split('\n');
    this.#rest = lines.pop() ?? '';
    return lines.map((line) => readAnswer(this.operation, line));
  }

  /** @throws 502 when the answer ends within a part */
  end(): void {
    if (this.#rest !== '') throw errors.upstream(this.operation.service.name, 'its stream broke off');
  }
}
