/** A function that runs pieces of work one after another, in the order in which they are handed to it. */
export function inTurn(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>) => {
    const mine = last.then(work, work); // a failure is its own caller's affair, not the next one's
    last = mine;
    return mine;
  };
}
