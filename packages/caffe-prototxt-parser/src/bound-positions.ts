import type { Position } from './diagnostic.ts';
import type { MessageNode, SyntaxNode, ValueNode } from './syntax-tree.ts';
import { fieldOf, positionOf } from './syntax-tree.ts';

interface Bound {
  /** The last of the nodes that the message was merged from. */
  node: MessageNode;
  /** Nodes of the values by field, in the order in which they were read. */
  values: Map<string, ValueNode[]>;
}

/** Which node every bound message and value came from. Holds no message alive. */
export class BoundPositions {
  readonly #bound = new WeakMap<object, Bound>();

  addMessage(message: object, node: MessageNode): void {
    const bound = this.#bound.get(message);
    if (bound === undefined) this.#bound.set(message, { node, values: new Map() });
    else bound.node = node;
  }

  addValue(message: object, field: string, node: ValueNode): void {
    const values = this.#bound.get(message)?.values;
    const nodes = values?.get(field);
    if (nodes === undefined) values?.set(field, [node]);
    else nodes.push(node);
  }

  /** Node of a message, or of a field's value: with `index` that element, else the last. */
  nodeOf(message: object, field?: string, index?: number): SyntaxNode | undefined {
    const bound = this.#bound.get(message);
    if (bound === undefined || field === undefined) return bound?.node;
    return this.#valueOf(message, field, index ?? -1);
  }

  locate(message: object, field?: string, index?: number): Position | undefined {
    const bound = this.#bound.get(message);
    if (bound === undefined) return undefined;
    if (field === undefined) return placeOf(bound.node);
    if (index !== undefined) {
      const node = this.#valueOf(message, field, index);
      return node && positionOf(node);
    }
    const node = this.#valueOf(message, field, Array.isArray((message as Record<string, unknown>)[field]) ? 0 : -1);
    return node && placeOf(node);
  }

  /** Of a single field given several times only the value that counts is an element. */
  #valueOf(message: object, field: string, index: number): ValueNode | undefined {
    const nodes = this.#bound.get(message)?.values.get(field);
    const isRepeated = Array.isArray((message as Record<string, unknown>)[field]);
    return nodes?.at(!isRepeated && index === 0 ? -1 : index);
  }
}

/** A message in a list begins where it begins; any other value is found by its field's name. */
function placeOf(node: ValueNode): Position | undefined {
  if (node.kind === 'message' && node.parent.kind === 'list') return positionOf(node);
  const field = fieldOf(node);
  return field === undefined ? { line: 1, column: 1 } : positionOf(field);
}
