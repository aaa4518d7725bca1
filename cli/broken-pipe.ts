/** Ends the process when nobody reads on, as after `| head`: that is no fault of anybody's. */
export function endWithReader(output: NodeJS.WritableStream, end: () => void): void {
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    end();
  });
}
