export const x: string = ' x';
