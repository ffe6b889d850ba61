import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Limits that bite: files, complexity, depth and parameters; no `any`, no floating promise, exhaustive switches. */
export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'docs/reference/', 'coverage/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      'max-lines': ['error', { max: 280, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 14],
      'max-depth': ['error', 4],
      'max-params': ['error', 5],
      'no-console': 'error',
      eqeqeq: 'error',
      // it takes a field that is only compared and assigned (`??=`) for unused
      'no-unused-private-class-members': 'off',
    },
  },
  {
    files: ['**/*.spec.ts', '**/testing/**'],
    rules: {
      'max-lines': 'off',
      // jest's asymmetric matchers are typed as any
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs', '*.js'],
    languageOptions: {
      globals: { process: 'readonly', URL: 'readonly', console: 'readonly', require: 'readonly', module: 'writable' },
    },
  },
);
