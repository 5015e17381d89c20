/** The JSON schema (draft 2020-12) of a QuantPlan, for tools that read `plan.json`. */

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const number = { type: 'number' } as const;
const line = { type: 'integer', minimum: 1 } as const;

/** An object with exactly these members; those of `optional` may be absent. */
function object(description: string, required: Record<string, object>, optional: Record<string, object> = {}): object {
  return {
    description,
    type: 'object',
    properties: { ...required, ...optional },
    required: Object.keys(required),
    additionalProperties: false,
  };
}

const source = { $ref: '#/$defs/source' };
const clip = { $ref: '#/$defs/clip' };

export const quantPlanSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'QuantPlan',
  ...object(
    'What quantization-aware training does to every layer of a net, and where each setting came from.',
    {
      compat: { enum: ['documented', 'amct'] },
      net: object('The net that the plan is for.', { name: text, file: text }),
      batchNum: { type: 'integer', minimum: 1, description: 'Batches that a range is measured on.' },
      batchNumSource: source,
      layers: { type: 'array', items: { $ref: '#/$defs/layer' }, description: 'All layers in net order.' },
      quantizers: { type: 'array', items: { $ref: '#/$defs/quantizer' } },
    },
    { measuredBy: { ...text, description: 'What measures the ranges that the config does not give; absent: IFMR.' } },
  ),
  $defs: {
    source: object(
      'Where a value came from; a default points at the half that could have given it.',
      { level: { enum: ['layer', 'type', 'global', 'default'] } },
      { file: text, line, note: text },
    ),
    clip: object('The clip range before training, float32 values.', {
      max: { ...number, exclusiveMinimum: 0 },
      min: { ...number, maximum: 0 },
    }),
    layer: object(
      'One layer.',
      { name: text, type: text, quantizable: flag, quantized: flag, reason: text },
      {
        line: { ...line, description: 'Line in the prototxt.' },
        source,
        data: object(
          'How its input is quantized; an absent clip is measured.',
          {
            blob: text,
            quantizer: text,
            fixedMin: flag,
            sources: object('Where the two settings came from.', { clip: source, fixedMin: source }),
          },
          { clip },
        ),
        weight: object('How its weights are quantized.', { channelWise: flag, source }),
        compatDiffers: { ...text, description: 'Where the documented rules and AMCT itself differ.' },
        skippedSettings: object(
          'What a skipped layer would have got.',
          { channelWise: flag },
          { clip, fixedMin: flag },
        ),
      },
    ),
    quantizer: object(
      'One data quantizer, shared by consumers of one blob with equal settings.',
      {
        name: text,
        blob: text,
        layers: { type: 'array', items: text, minItems: 1 },
        fixedMin: flag,
        decayMult: number,
      },
      { clip, lrMult: number },
    ),
  },
} as const;
