/** Why a file or folder cannot be read, in words. */
export function fileReason({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'does not exist';
  if (code === 'EACCES') return 'may not be read by this user';
  if (code === 'ELOOP') return 'is a link to itself';
  return message;
}
