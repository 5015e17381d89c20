import type { Position } from './diagnostic.ts';
import type { MessageNode, SyntaxNode, ValueNode } from './syntax-tree.ts';
import { fieldOf, positionOf } from './syntax-tree.ts';

/** The nodes of one bound message. */
export class BoundNodes {
  /** The last of the nodes that the message was merged from. */
  message: MessageNode;
  /** Nodes of the values in the order in which they were read; as many places from the start as there will mostly be. */
  readonly #read: ValueNode[];
  #count = 0;
  /** The same by field; made when first asked for, which is for few messages. */
  #byField: Map<string, ValueNode[]> | undefined;

  constructor(message: MessageNode) {
    this.message = message;
    this.#read = new Array<ValueNode>(message.entries.length);
  }

  add(node: ValueNode): void {
    this.#read[this.#count++] = node;
    if (this.#byField !== undefined) addTo(this.#byField, node);
  }

  valuesOf(field: string): readonly ValueNode[] {
    if (this.#byField === undefined) {
      this.#byField = new Map();
      for (let i = 0; i < this.#count; i++) addTo(this.#byField, this.#read[i] as ValueNode);
    }
    return this.#byField.get(field) ?? [];
  }
}

function addTo(byField: Map<string, ValueNode[]>, node: ValueNode): void {
  const field = fieldOf(node)?.name ?? '';
  const nodes = byField.get(field);
  if (nodes === undefined) byField.set(field, [node]);
  else nodes.push(node);
}

/** Which nodes all bound messages and their values came from. */
export class BoundPositions {
  // No WeakMap: its entries, some ten thousand for a large net, would cost every garbage collection more than the whole binding.
  readonly #bound = new Map<object, BoundNodes>();

  addMessage(message: object, node: MessageNode): BoundNodes {
    const nodes = new BoundNodes(node);
    this.#bound.set(message, nodes);
    return nodes;
  }

  nodesOf(message: object): BoundNodes | undefined {
    return this.#bound.get(message);
  }

  /** Node of a message, or of a field's value: with `index` that element, else the last. */
  nodeOf(message: object, field?: string, index?: number): SyntaxNode | undefined {
    return field === undefined ? this.#bound.get(message)?.message : this.#valueOf(message, field, index ?? -1);
  }

  locate(message: object, field?: string, index?: number): Position | undefined {
    if (field === undefined) {
      const node = this.#bound.get(message)?.message;
      return node && placeOf(node);
    }
    const node = this.#valueOf(message, field, index ?? (isRepeated(message, field) ? 0 : -1));
    return node && (index === undefined ? placeOf(node) : positionOf(node));
  }

  #valueOf(message: object, field: string, index: number): ValueNode | undefined {
    const nodes = this.#bound.get(message)?.valuesOf(field);
    // Of a single field given several times only the value that counts is an element.
    return nodes?.at(index === 0 && !isRepeated(message, field) ? -1 : index);
  }
}

function isRepeated(message: object, field: string): boolean {
  return Array.isArray((message as Record<string, unknown>)[field]);
}

/** A message in a list begins where it begins; any other value is found by its field's name. */
function placeOf(node: ValueNode): Position | undefined {
  if (node.kind === 'message' && node.parent.kind === 'list') return positionOf(node);
  const field = fieldOf(node);
  return field === undefined ? { line: 1, column: 1 } : positionOf(field);
}
