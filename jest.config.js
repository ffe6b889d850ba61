/** Level of a test is in its name: .unit .prop .int .e2e (docs/architecture.md). */
export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['development', 'node', 'import', 'default'] },
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/(apps|libs|infra)/**/*.(unit|prop|int|e2e).spec.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        sourceMaps: 'inline',
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          experimental: { keepImportAttributes: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  maxWorkers: 2,
  // a slow machine is not a failure: nothing here asserts a time
  testTimeout: 60_000,
};
