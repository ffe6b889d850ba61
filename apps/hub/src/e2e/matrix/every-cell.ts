import { agreementCells, agreementLists } from './cells-agreements.ts';
import { askCells } from './cells-ask.ts';
import { dutyCells } from './cells-duty.ts';
import { bundleCells, ownCells } from './cells-own.ts';
import { eventCells, heldLists, keptCells, nilCells } from './cells-publish.ts';
import { suspensionCells } from './cells-suspension.ts';
import type { Cell } from './cells.ts';
import type { Things } from './things.ts';
import type { Agreed } from './world.ts';

export interface Cells {
  /** Those that leave everything as it was, or touch a thing of their own: in any order. */
  readonly allowed: readonly Cell[];
  readonly denied: readonly Cell[];
  /** Those that come alone, in order and after all others. */
  readonly alone: readonly Cell[];
}

/** Every cell of the matrix: call × who calls × what it is about. */
export function everyCell(agreed: readonly Agreed[], things: Things): Cells {
  const all = [
    // they hold every access record: asked for before there are many
    ...bundleCells(),
    ...ownCells(agreed),
    ...agreementCells(agreed, things),
    ...agreementLists(agreed),
    ...suspensionCells(agreed),
    ...eventCells(agreed),
    ...keptCells(things),
    ...heldLists(things),
    ...nilCells(agreed),
    ...dutyCells(things),
    ...askCells(agreed, things),
  ];
  return {
    allowed: all.filter((cell) => 'allow' in cell.expected && cell.alone !== true),
    denied: all.filter(({ expected }) => 'deny' in expected),
    alone: all.filter(({ alone }) => alone),
  };
}
