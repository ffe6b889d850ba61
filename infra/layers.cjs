// dependency-cruiser rules made from layers.json: who may import whom, which vendor packages are fenced where, and that
// nothing reaches past a lib's entry. `npm run check` runs it; infra/layers.int.spec.ts plants violations and sees them caught.
const { libs, apps, vendors, entries } = require('../layers.json');

const escape = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
const entryFiles = (lib) => (entries[lib] ?? ['index']).map((name) => `libs/${lib}/src/${name}\\.(ts|js)`);
/** A name of layers.json as a pattern of the files it allows: `privacy/source` is one entry, `privacy` the index. */
const allowed = (name) => {
  const [lib, entry = 'index'] = name.split('/');
  return `libs/${lib}/src/${entry}\\.(ts|js)`;
};
const tests = '\\.spec\\.ts$|/testing/';

const forbidden = [];
for (const [layer, names] of [
  ...Object.entries(libs).map(([lib, names]) => [`libs/${lib}`, names]),
  ...Object.entries(apps).map(([app, names]) => [`apps/${app}`, names]),
]) {
  forbidden.push({
    name: `layer-${layer.replace('/', '-')}`,
    comment: `${layer} may import: ${names.join(', ') || 'nothing'} (layers.json)`,
    severity: 'error',
    from: { path: `^${layer}/`, pathNot: tests },
    to: { path: '^(libs|apps)/', pathNot: [`^${layer}/`, ...names.map((name) => `^${allowed(name)}$`)] },
  });
}
for (const lib of Object.keys(libs)) {
  forbidden.push({
    name: `entry-${lib}`,
    comment: `libs/${lib} is entered by ${(entries[lib] ?? ['index']).join(' or ')} only`,
    severity: 'error',
    from: { path: '^(libs|apps)/', pathNot: `^libs/${lib}/` },
    to: {
      path: `^libs/${lib}/`,
      pathNot: [...entryFiles(lib).map((file) => `^${file}$`), `^libs/${lib}/(examples|packs)/`, '/testing/'],
    },
  });
}
for (const [vendor, places] of Object.entries(vendors)) {
  const bare = vendor.replace(/^node:/, '');
  const target = vendor.endsWith('/*') ? escape(vendor.slice(0, -1)) : escape(bare);
  forbidden.push({
    name: `vendor-${bare
      .replace(/[^a-z]+/g, ' ')
      .trim()
      .replaceAll(' ', '-')}`,
    comment: `${vendor} only in ${places.join(', ')}`,
    severity: 'error',
    from: { path: '^(libs|apps)/', pathNot: [...places.map((place) => `^${place}/`), '\\.int\\.spec\\.ts$'] },
    to: { path: vendor.startsWith('node:') ? `^(node:)?${target}$` : `(^|/node_modules/)${target}` },
  });
}
forbidden.push({
  name: 'verifier-alone',
  comment: 'what checks the hub shares no code with it (ADR 0005)',
  severity: 'error',
  from: { path: '^libs/audit/src/verify(/|\\.)', pathNot: tests },
  to: { path: '^(libs|apps)/', pathNot: '^libs/audit/src/verify/' },
});
forbidden.push({
  name: 'no-cycles',
  comment: 'a cycle throws at start; one of types alone does not exist at run time',
  severity: 'error',
  from: { path: '^(libs|apps)/' },
  to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
});
forbidden.push({
  name: 'not-resolvable',
  severity: 'error',
  from: { path: '^(libs|apps)/' },
  to: { couldNotResolve: true },
});

module.exports = {
  forbidden,
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['development', 'node', 'import', 'default'],
      exportsFields: ['exports'],
    },
  },
};
