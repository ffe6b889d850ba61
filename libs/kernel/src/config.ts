import { Problem } from './problem.ts';

/** One setting: where it comes from is its name in the environment, nothing else reads that. */
export interface Setting<T> {
  readonly env: string;
  readonly about: string;
  /** Shown in `--help`; absent means that the setting must be given. */
  readonly fallback?: string;
  /** @throws Problem `setting-invalid`, or returns `undefined` for text that is none. */
  read(text: string): T | undefined;
}
export type Settings = Readonly<Record<string, Setting<unknown>>>;
export type Config<S extends Settings> = { readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never };

/**
 * Reads every setting once; `others` are names that other programs read. An unknown `HUB_…` variable, a missing one and an unreadable one stop the start and are named.
 * @throws Problem `setting-unknown`, `setting-missing`, `setting-invalid`, with the variable as field; never its value.
 */
export function readConfig<S extends Settings>(
  settings: S,
  env: Readonly<Record<string, string | undefined>>,
  others: readonly string[] = [],
): Config<S> {
  const known = new Set([...Object.values(settings).map((setting) => setting.env), ...others]);
  for (const name of Object.keys(env)) {
    if (name.startsWith('HUB_') && !known.has(name)) throw new Problem('setting-unknown', { field: name });
  }
  const config: Record<string, unknown> = {};
  for (const [key, setting] of Object.entries(settings)) {
    const text = env[setting.env] ?? setting.fallback;
    if (text === undefined) throw new Problem('setting-missing', { field: setting.env });
    const value = setting.read(text);
    if (value === undefined) throw new Problem('setting-invalid', { field: setting.env });
    config[key] = value;
  }
  return config as Config<S>;
}

/** The settings as `--help` prints them. */
export function describeSettings(settings: Settings): string {
  return Object.values(settings)
    .map(
      ({ env, about, fallback }) =>
        `  ${env.padEnd(26)} ${about}${fallback === undefined ? ' (required)' : fallback === '' ? '' : ` [${fallback}]`}`,
    )
    .join('\n');
}

export const textSetting = (env: string, about: string, fallback?: string): Setting<string> => ({
  env,
  about,
  ...(fallback === undefined ? {} : { fallback }),
  read: (text) => text,
});

/** A whole number from `min` to `max`. */
export const numberSetting = (
  env: string,
  about: string,
  fallback: string,
  min: number,
  max: number,
): Setting<number> => ({
  env,
  about,
  fallback,
  read: (text) => {
    const n = Number(text);
    return /^[0-9]+$/.test(text) && n >= min && n <= max ? n : undefined;
  },
});
