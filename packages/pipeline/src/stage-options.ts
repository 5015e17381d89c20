import type { OPTION_LIST } from './option-list.ts';
import type { OptionValues } from './options/declaration.ts';

/** What a project may say besides its files; `OPTION_LIST` tells what each option means. */
export type StageOptions = OptionValues<typeof OPTION_LIST>;
