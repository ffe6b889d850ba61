/** What each part on a faulty host is told. */
export interface FaultyRun {
  /** The same seed draws the same moments and the same losses from the same recording. */
  readonly seed: number;
  readonly progress: (text: string) => void;
}
/** What it came to. */
export interface FaultyOutcome {
  /** For people. */
  readonly lines: readonly string[];
  /** Everything that was promised was kept. */
  readonly sound: boolean;
}
