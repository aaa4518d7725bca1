import * as z from 'zod';

/** Name of an S3 bucket. */
export const bucketName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    'must be the name of a bucket: lower case letters, digits, dots, dashes',
  );
