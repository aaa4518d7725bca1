import { StringDecoder } from 'node:string_decoder';
import type * as z from 'zod';
import type { Operation } from '../../contract/index.js';
import { errors } from './errors.js';
import { readAnswer } from './read-answer.js';
import type { PartReader } from './streamed-answer.js';

/** What is made of a streamed answer, part by part, on its way to whoever reads it. */
export interface StreamForm<P, T> {
  of(part: P): T;
  /** What comes after the last part. */
  end(): T;
  /** What stands for the rest of an answer that broke off after its first part. */
  broken(error: Error): T;
}

/** Reads the parts of a streamed answer, which come a line each. @param form @default the parts as they are */
export class AnswerLines<O extends Operation, T> implements PartReader {
  readonly #decoder = new StringDecoder();
  #rest = '';

  constructor(
    private readonly operation: O,
    private readonly form?: StreamForm<z.output<O['response']>, T>,
  ) {}

  /** @returns the parts that are whole with these bytes. @throws 502 where one breaks the contract */
  read(bytes: Buffer): unknown[] {
    const lines = (this.#rest + this.#decoder.write(bytes)).split('\n');
    this.#rest = lines.pop() ?? '';
    return lines.map((line) => {
      const part = readAnswer(this.operation, line);
      return this.form === undefined ? part : this.form.of(part);
    });
  }

  /** @throws 502 when the answer ends within a part */
  end(): unknown[] {
    if (this.#rest !== '') throw errors.upstream(this.operation.service.name, 'its stream broke off');
    return this.form === undefined ? [] : [this.form.end()];
  }

  broken(error: Error): unknown[] | undefined {
    return this.form && [this.form.broken(error)];
  }
}
