/** A name that no layer has yet, as near to the wanted one as can be; from now on it is taken. */
export function freeName(names: Set<string>, wanted: string): string {
  let name = wanted;
  for (let i = 1; names.has(name); i++) name = `${wanted}_${i}`;
  names.add(name);
  return name;
}
