/** What a verifier can find, and what it means for whoever reads it; of several at one row the first says most. */
export const FINDINGS = {
  'file-missing': 'A file of the directory is not there.',
  'file-damaged': 'SQLite cannot read the file through, or the file is no database of the hub’s.',
  'row-missing': 'A row that the tree covers is not in the log: it was deleted.',
  'row-malformed': 'A column of the row holds what it cannot hold.',
  'row-changed': 'The row is not what the tree was made of.',
  'row-misnumbered': 'The row has a number that another has or that none can have.',
  'cut-off':
    'Something that was signed or anchored covers more rows than there are: the end is gone, or a backup was put back.',
  'time-falls': 'The row says that it was recorded before the one in front of it.',
  'revision-wrong': 'The row is not the next of its stream.',
  'name-wrong': 'The row names a stream, type or source that is not on file as that.',
  'identity-missing': 'The row’s source and id are not on file as taken: the same event could be stored twice.',
  'identity-wrong': 'The row’s source and id are on file for another row.',
  'identity-without-fact': 'A source and id are on file as taken for which there is no row.',
  'repeat-wrong': 'What tells a repeat of the event is not what its bytes give.',
  'record-wrong': 'What stands beside an access record is not what the record says.',
  'tile-changed': 'A tile of the tree is not what the log and the signed checkpoints give.',
  'tile-missing': 'A tile of the tree is not there.',
  'checkpoint-unsigned': 'A checkpoint is not signed by a key that was given, or is of another log.',
  'checkpoint-missing':
    'The directory of checkpoints outside the backup lacks one that the tree has: it was taken away or put back.',
  'checkpoint-differs': 'A signed checkpoint is at odds with the log, and others are not.',
  'log-rewritten': 'From some checkpoint on the log is not what was signed: rows changed between the two indexes.',
  'anchor-differs': 'A fact anchors another root of the access log than its records give.',
  'artefact-missing': 'An artefact that a fact names is not there.',
  'artefact-changed': 'The artefact is not what its name is the digest of.',
  uncovered: 'No signed checkpoint covers the row, though the tree or the bundle holds it: it is nobody’s word.',
  'leaf-malformed': 'A leaf is not of the form that leaves have.',
  'leaf-unopened': 'What should open a leaf is not there, or gives another commitment.',
  'bundle-malformed': 'A line is not what a bundle has there.',
  'bundle-incomplete': 'The bundle ends before its end.',
  'receipt-malformed': 'The receipt is not of the form that receipts have.',
  'proof-missing': 'The receipt has no proof: it was fetched before a checkpoint covered the event.',
  'proof-wrong': 'The path does not lead from the leaf to the signed root.',
  inconsistent: 'The log did not just grow since the checkpoint that was kept: one of the two was never true.',
} as const;
export type FindingCode = keyof typeof FINDINGS;

/** One thing that is not as it must be. */
export interface Finding {
  /** Which log or file. */
  readonly of: 'facts' | 'access' | 'trees' | 'artefacts' | 'bundle' | 'receipt';
  readonly code: FindingCode;
  /** Of the first row that is bad: a position, or the number of an access record. */
  readonly index?: number;
  /** Where nothing tells which row: the last index that it can be. */
  readonly until?: number;
  /** Which tile, checkpoint or file. Never a value of a row. */
  readonly what?: string;
}

const MOST = 1_000;
/** Gathers findings; past a number of them it only counts. */
export class Findings {
  readonly #all: Finding[] = [];
  #count = 0;

  add(finding: Finding): void {
    this.#count++;
    if (this.#all.length < MOST) this.#all.push(finding);
  }

  get count(): number {
    return this.#count;
  }

  /** Whether a finding names this row. */
  isNamed(of: Finding['of'], index: number): boolean {
    return this.#all.some((finding) => finding.of === of && finding.index === index && finding.until === undefined);
  }

  /** The first bad index of each log first. */
  sorted(): readonly Finding[] {
    const order = Object.keys(FINDINGS);
    const at = ({ index = Infinity }: Finding): number => Math.min(index, Number.MAX_SAFE_INTEGER);
    return [...this.#all].sort((a, b) => at(a) - at(b) || order.indexOf(a.code) - order.indexOf(b.code));
  }
}
