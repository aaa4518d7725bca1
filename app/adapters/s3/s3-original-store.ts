import { Readable } from 'node:stream';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  NoSuchKey,
  NotFound,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { Original, OriginalKey, OriginalStore } from '../../documents/original-store.js';

export interface S3Props {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** @default the identity that the cloud gives the process, as to a pod of EKS */
  readonly accessKeyId?: string | undefined;
  readonly secretAccessKey?: string | undefined;
  /** What has not begun to be answered by then is given up, and tried again twice. @default 30000 */
  readonly requestTimeoutMs?: number;
}

const CONNECT_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** The driver's words where an answer has none. */
const UNTOLD = 'UnknownError';

/** Originals in a bucket of an S3-compatible store. Uploads stream: large ones in parts, of which few are in memory at a time. */
export class S3OriginalStore implements OriginalStore {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor({ endpoint, region, bucket, accessKeyId, secretAccessKey, requestTimeoutMs }: S3Props) {
    this.#bucket = bucket;
    this.#client = new S3Client({
      endpoint,
      region,
      ...(accessKeyId !== undefined &&
        secretAccessKey !== undefined && { credentials: { accessKeyId, secretAccessKey } }),
      // Any S3-compatible server has the bucket in the path; few have it in their name.
      forcePathStyle: true,
      // Checksums that only Amazon's own servers must know.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: {
        connectionTimeout: CONNECT_TIMEOUT_MS,
        requestTimeout: requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
        // Without it the driver only logs that the time is over, and waits on.
        throwOnRequestTimeout: true,
      },
    });
  }

  /** Makes the bucket where there is none, as on a store that has just been set up. @throws when the store is away */
  async prepare(): Promise<void> {
    try {
      await this.check();
    } catch (error) {
      if (!(error instanceof NotFound)) throw this.#told(error);
      await this.#client.send(new CreateBucketCommand({ Bucket: this.#bucket }));
    }
  }

  /** @throws when the bucket cannot be reached */
  async check(): Promise<void> {
    await this.#client.send(new HeadBucketCommand({ Bucket: this.#bucket }));
  }

  async put(key: OriginalKey, { mediaType, content }: Original): Promise<void> {
    // A part that fails takes the others with it: what was there before stays.
    await new Upload({
      client: this.#client,
      params: { ...this.#at(key), Body: Readable.from(content), ContentType: mediaType },
    }).done();
  }

  async get(key: OriginalKey): Promise<Original | undefined> {
    try {
      const { Body, ContentType } = await this.#client.send(new GetObjectCommand(this.#at(key)));
      return { mediaType: ContentType ?? '', content: Body as AsyncIterable<Uint8Array> };
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  async delete(key: OriginalKey): Promise<void> {
    await this.#client.send(new DeleteObjectCommand(this.#at(key)));
  }

  async close(): Promise<void> {
    this.#client.destroy();
  }

  /** An answer to HEAD has no body, so that the driver knows no words for its status. */
  #told(error: unknown): unknown {
    if (!(error instanceof S3ServiceException) || error.message !== UNTOLD) return error;
    const { httpStatusCode: status } = error.$metadata;
    const fix = status === 403 ? ' Check its access key, and what that key may do with the bucket.' : '';
    return new Error(`The bucket "${this.#bucket}" is answered with ${status}.${fix}`, { cause: error });
  }

  /** Each part of the name is base64url: a tenant may be called anything, and a server may read `..` as a folder. */
  #at({ tenant, documentId }: OriginalKey) {
    const name = [tenant, documentId].map((part) => Buffer.from(part).toString('base64url')).join('/');
    return { Bucket: this.#bucket, Key: `originals/${name}` };
  }
}
