/**
 * Reads item after item, and each next one already while the present one is worked on: images are decoded during a
 * training step.
 *
 * @param read gives item `index`, in whatever order it is asked
 * @param end index behind the last item
 */
export function readAhead<T>(read: (index: number) => Promise<T>, end: number): (index: number) => Promise<T> {
  let ahead: { index: number; item: Promise<T> } | undefined;
  return async (index) => {
    const item = await (ahead?.index === index ? ahead.item : read(index));
    ahead = undefined;
    if (index + 1 < end) {
      ahead = { index: index + 1, item: read(index + 1) };
      // Whoever asks for it gets the error; nobody may ask.
      ahead.item.catch(() => undefined);
    }
    return item;
  };
}
