import type { Position } from './diagnostic.ts';
import type { MessageNode, SyntaxNode, ValueNode } from './syntax-tree.ts';
import { fieldOf, positionOf } from './syntax-tree.ts';

interface Bound {
  /** The last of the nodes that the message was merged from. */
  node: MessageNode;
  /** Field name, value node, field name, value node, … in the order in which the values were read. */
  values: (string | ValueNode)[];
}

/** Which node every bound message and value came from. Holds no message alive. */
export class BoundPositions {
  readonly #bound = new WeakMap<object, Bound>();

  addMessage(message: object, node: MessageNode): void {
    const bound = this.#bound.get(message);
    if (bound === undefined) this.#bound.set(message, { node, values: [] });
    else bound.node = node;
  }

  addValue(message: object, field: string, node: ValueNode): void {
    this.#bound.get(message)?.values.push(field, node);
  }

  /** Node of a message, or of a field's value: with `index` that element, else the last. */
  nodeOf(message: object, field?: string, index?: number): SyntaxNode | undefined {
    const bound = this.#bound.get(message);
    if (bound === undefined || field === undefined) return bound?.node;
    const nodes = valuesOf(bound, field);
    return index === undefined ? nodes.at(-1) : nodes[index];
  }

  locate(message: object, field?: string, index?: number): Position | undefined {
    const bound = this.#bound.get(message);
    if (bound === undefined) return undefined;
    if (field === undefined) return placeOf(bound.node);
    const nodes = valuesOf(bound, field);
    if (index !== undefined) {
      const node = nodes[index];
      return node && positionOf(node);
    }
    const node = Array.isArray((message as Record<string, unknown>)[field]) ? nodes[0] : nodes.at(-1);
    return node && placeOf(node);
  }
}

function valuesOf(bound: Bound, field: string): ValueNode[] {
  const nodes: ValueNode[] = [];
  for (let i = 0; i < bound.values.length; i += 2) {
    if (bound.values[i] === field) nodes.push(bound.values[i + 1] as ValueNode);
  }
  return nodes;
}

/** A message in a list begins where it begins; any other value is found by its field's name. */
function placeOf(node: ValueNode): Position | undefined {
  if (node.kind === 'message' && node.parent.kind === 'list') return positionOf(node);
  const field = fieldOf(node);
  return field === undefined ? { line: 1, column: 1 } : positionOf(field);
}
