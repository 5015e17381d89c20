import type { Dialect, Phase } from '@caffe-quant/caffe-io';
import { readNetText } from '@caffe-quant/caffe-io';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { hasErrors } from 'caffe-prototxt-parser';
import type { NetOrigin } from './canonical-net.ts';
import { mergeNets } from './merge-nets.ts';
import { applyStates, textWithStates, type NetStates } from './net-states.ts';
import type { NetFile, NetFiles } from './project-files.ts';
import { separateSameNames, textWithSeparateNames } from './same-names.ts';

/** The net of a project in one prototxt, whatever files it was written in. */
export interface ProjectNet {
  readonly origin: NetOrigin;
  readonly dialect: Dialect;
  /** Its prototxt; rules that ask for levels and stages ask for phases alone. */
  readonly text: string;
  /** Whether lines of `text` are those of the user's file. */
  readonly isAsWritten: boolean;
  /** What the weights file calls layers that have another name here, by that name. */
  readonly writtenNames: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the net that a solver trains and the one that it tests, as one with rules for its phases.
 *
 * @param states levels and stages that the solver gives its nets
 */
export function readProjectNet(files: NetFiles, states?: NetStates): ProjectNet {
  return files.TRAIN === files.TEST ? oneNet(files.TEST, states) : twoNets(files, states);
}

function oneNet(file: NetFile, states: NetStates | undefined): ProjectNet {
  const { net, locate, dialect, diagnostics } = readNetText(file.text, file.shown);
  if (states) applyStates(net, states);
  const names = separateSameNames({ net, locate }, file.shown);
  const place = { file: file.shown, locate };
  const text = states && !hasErrors(diagnostics) ? textWithStates(bodyOf(file), file.shown, states) : bodyOf(file);
  return {
    origin: { net, places: { TRAIN: place, TEST: place } },
    dialect,
    text: names.writtenNames.size > 0 ? textWithSeparateNames(text, file.shown) : text,
    isAsWritten: states === undefined && file.body === undefined,
    writtenNames: names.writtenNames,
    diagnostics: [...diagnostics, ...names.diagnostics],
  };
}

function twoNets(files: NetFiles, states: NetStates | undefined): ProjectNet {
  const train = readNetText(files.TRAIN.text, files.TRAIN.shown);
  const test = readNetText(files.TEST.text, files.TEST.shown);
  const own = [...train.diagnostics, ...test.diagnostics];
  const [trainText, testText] = [files.TRAIN, files.TEST].map((file) => ({ file: file.shown, text: bodyOf(file) }));
  const { text, origins } = hasErrors(own) ? { text: '', origins: [] } : mergeNets(trainText!, testText!, states);
  const merged = readNetText(text, files.TEST.shown);
  const [problem] = merged.diagnostics.filter(({ severity }) => severity === 'error');
  if (problem) own.push(unlikeNets(files, problem));
  const placeOf = (phase: Phase, { locate, net }: typeof train) => {
    const layers = new Map(merged.net.layer.map((layer, i) => [layer as object, net.layer[origins[i]?.[phase] ?? -1]]));
    return {
      file: files[phase].shown,
      locate: (message: object, field?: string, index?: number) => {
        const written = layers.get(message);
        return written && locate(written, field, index);
      },
    };
  };
  const places = { TRAIN: placeOf('TRAIN', train), TEST: placeOf('TEST', test) };
  const names = separateSameNames({ net: merged.net, locate: places.TEST.locate }, files.TEST.shown);
  return {
    origin: { net: merged.net, places },
    dialect: merged.dialect,
    text: names.writtenNames.size > 0 ? textWithSeparateNames(text, files.TEST.shown) : text,
    isAsWritten: false,
    writtenNames: names.writtenNames,
    diagnostics: [...own, ...names.diagnostics],
  };
}

const bodyOf = ({ text, body = text }: NetFile): string => body;

/** Each can be read by itself, but not both as one. */
function unlikeNets({ TRAIN, TEST }: NetFiles, { message }: Diagnostic): Diagnostic {
  return {
    code: 'unlike-nets',
    severity: 'error',
    message: `the net for training and the one for tests, ${TEST.shown}, have fields of different forks of Caffe: ${message}`,
    file: TRAIN.shown,
  };
}
