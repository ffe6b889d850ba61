/** What one part of the fault tests came to. */
export interface FaultReport {
  /** For people. */
  readonly lines: readonly string[];
  /** Everything that was promised was kept. */
  readonly sound: boolean;
}
export interface FaultRun {
  /** The same seed draws the same moments. */
  readonly seed: number;
  /** Told now and then how far it is. */
  readonly progress: (text: string) => void;
}

export const yes = (held: boolean): string => (held ? 'yes' : 'no');
