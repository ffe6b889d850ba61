export type { AccessLog, AccessQuery, AccessRow } from './access-log.ts';
export { LOGS, type Checkpoint, type LogName, type LogTrees } from './log-trees.ts';
export { openMemoryAccessLog } from './memory/memory-access-log.ts';
export { openAccessLog, type AccessLogOptions } from './sqlite/sqlite-access-log.ts';
export { rootOf } from './trees/growing-tree.ts';
export { accessLeaf, factLeaf, leafHash, type Leaf, type LeafOpening } from './trees/leaf.ts';
export { openLogTrees, type LogTreesOptions } from './trees/open-log-trees.ts';
export { parseTilePath, type TileName } from './trees/tile-path.ts';
