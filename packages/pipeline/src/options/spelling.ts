/** `maxIter` and `max-iter` are one option: the first is its name, as in JSON, the second its flag. */
export function optionNameOf(spelling: string): string {
  return spelling.replace(/^-+/, '').replace(/-+([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `max-iter` for `maxIter`. */
export function flagOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
