import { VectorDimensionError } from '../../documents/vector-dimension-error.js';
import { errors } from '../../runtime/errors.js';

/** Tells the caller when a collection was made with another embedding model than the one in use. */
export async function sameEmbedding<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof VectorDimensionError) throw errors.conflict('embedding_model_changed', error.message);
    throw error;
  }
}
