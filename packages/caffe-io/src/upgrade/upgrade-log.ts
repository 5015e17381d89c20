import type { Diagnostic } from 'caffe-prototxt-parser';

/** Something that an upgrade could not carry over, with the part of the old net that it is about. */
export interface UpgradeProblem {
  code: string;
  severity: Diagnostic['severity'];
  message: string;
  hint?: string;
  layer?: string | undefined;
  /** A message of the net before the upgrade, and a field of it. */
  at: object;
  field?: string;
}

interface Origin {
  message: object;
  /** Fields that were called otherwise before, by their new name. */
  fields: Readonly<Record<string, string>>;
}

/** What an upgrade did: its problems, and which old message each new one was made from. */
export class UpgradeLog {
  readonly problems: UpgradeProblem[] = [];
  readonly #origins = new WeakMap<object, Origin>();

  /** Notes that `made` was made from `message`, and returns it. */
  from<T extends object>(made: T, message: object, fields: Readonly<Record<string, string>> = {}): T {
    this.#origins.set(made, { message, fields });
    return made;
  }

  /** The message, and the field of it, that the file has for a message and field of the upgraded net. */
  originOf(message: object, field?: string): { message: object; field: string | undefined } {
    let at: { message: object; field: string | undefined } = { message, field };
    for (let origin = this.#origins.get(message); origin !== undefined; origin = this.#origins.get(at.message)) {
      at = { message: origin.message, field: at.field && (origin.fields[at.field] ?? at.field) };
    }
    return at;
  }
}
