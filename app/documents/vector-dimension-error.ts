/** A vector does not have the length of the others in its collection. */
export class VectorDimensionError extends Error {
  override readonly name = 'VectorDimensionError';

  constructor(
    readonly collection: string,
    readonly expectedDimensions: number,
    readonly dimensions: number,
  ) {
    super(
      `Collection "${collection}" holds vectors of ${expectedDimensions} dimensions, this one has ${dimensions}. ` +
        'Vectors of two embedding models cannot be compared: use the one that filled the collection, or fill another collection.',
    );
  }
}
