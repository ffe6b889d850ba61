import { Controller, Get, Param, Query } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { LOGS, parseTilePath, type LogName } from '#audit';
import type { Principal } from '#contracts';
import { bytes, Caller, CommandQuery, Operation, operational, published, type Operational, type Public } from '#edge';
import { HubPorts, ReadLogEntries } from '#hub';
import { parsePosition, Problem } from '#kernel';
import { answered } from '../ask/answered.ts';
import {
  CHECKPOINT,
  CONSISTENCY,
  ENTRY_BUNDLE,
  INCLUSION,
  LOG_PARAMETER,
  TILE,
  TILE_PARAMETER,
  VERIFIER_KEY,
} from './log-answers.ts';

const NUMBER = /^(?:0|[1-9][0-9]{0,15})$/;
const PLAIN = 'text/plain; charset=utf-8';

class InclusionOf {
  @ApiProperty({
    description: 'Of the leaf: the position of a fact, the number of an access record.',
    pattern: NUMBER.source,
    maxLength: 16,
  })
  @Matches(NUMBER)
  index!: string;

  @ApiProperty({
    description: 'Leaves of the tree: of the checkpoint that you hold.',
    pattern: NUMBER.source,
    maxLength: 16,
  })
  @Matches(NUMBER)
  size!: string;
}

class ConsistencyOf {
  @ApiProperty({ description: 'Leaves of the older tree.', pattern: NUMBER.source, maxLength: 16 })
  @Matches(NUMBER)
  from!: string;

  @ApiProperty({ description: 'Leaves of the newer tree.', pattern: NUMBER.source, maxLength: 16 })
  @Matches(NUMBER)
  to!: string;
}

/** The rest of the address, as the router names it. */
type Path = Readonly<Record<string, string>>;

/** Both logs as trees: signed heads, proofs and tiles. Hashes alone, which tell nothing of what they are of. */
@Controller('v1/audit/log/:log')
export class LogController {
  readonly #ports: HubPorts;
  readonly #commands: CommandBus;
  constructor(ports: HubPorts, commands: CommandBus) {
    this.#ports = ports;
    this.#commands = commands;
  }

  @Get('checkpoint')
  @Operation({
    id: 'log.checkpoint',
    kind: 'operations',
    roles: ['auditor'],
    summary: 'The newest signed tree head (C2SP checkpoint)',
    purpose: false,
    parameters: [LOG_PARAMETER],
    answers: { 200: CHECKPOINT },
    problems: ['not-found'],
  })
  checkpoint(@Param('log') log: string): Operational {
    return operational(bytes(Buffer.from(this.#head(logOf(log)).note), PLAIN));
  }

  @Get('key')
  @Operation({
    id: 'log.key',
    kind: 'public',
    roles: 'none',
    summary: 'The public key that signs the log’s checkpoints (C2SP verifier key)',
    purpose: false,
    parameters: [LOG_PARAMETER],
    answers: { 200: VERIFIER_KEY },
    problems: ['not-found'],
  })
  key(@Param('log') log: string): Public {
    return published(bytes(Buffer.from(`${this.#ports.trees.verifierKey(logOf(log))}\n`), PLAIN));
  }

  @Get('proof/inclusion')
  @Operation({
    id: 'log.inclusion',
    kind: 'operations',
    roles: ['auditor'],
    summary: 'That a leaf is in the tree of a size (RFC 6962 §2.1.1)',
    purpose: false,
    parameters: [LOG_PARAMETER],
    answers: { 200: INCLUSION },
    problems: ['not-found', 'parameter-invalid', 'tree-range'],
  })
  inclusion(@Param('log') log: string, @Query(CommandQuery(InclusionOf)) { index, size }: InclusionOf): Operational {
    const name = logOf(log);
    const leaf = whole(index, 'index');
    const hashes = this.#ports.trees.inclusion(name, leaf, whole(size, 'size'));
    const leafHash = this.#ports.trees.leafHash(name, leaf);
    return operational({ index, size, leafHash: base64(leafHash), hashes: hashes.map(base64) });
  }

  @Get('proof/consistency')
  @Operation({
    id: 'log.consistency',
    kind: 'operations',
    roles: ['auditor'],
    summary: 'That a tree only grew from one size to another (RFC 6962 §2.1.2)',
    purpose: false,
    parameters: [LOG_PARAMETER],
    answers: { 200: CONSISTENCY },
    problems: ['not-found', 'parameter-invalid', 'tree-range'],
  })
  consistency(@Param('log') log: string, @Query(CommandQuery(ConsistencyOf)) { from, to }: ConsistencyOf): Operational {
    const hashes = this.#ports.trees.consistency(logOf(log), whole(from, 'from'), whole(to, 'to'));
    return operational({ from, to, hashes: hashes.map(base64) });
  }

  @Get('tile/entries/*')
  @Operation({
    id: 'log.entries',
    kind: 'disclosure',
    roles: ['auditor'],
    summary: 'Leaves of a tile: type, time and commitment of each, never what was committed to (C2SP entry bundle)',
    purpose: false,
    parameters: [LOG_PARAMETER, TILE_PARAMETER],
    answers: { 200: ENTRY_BUNDLE },
    problems: ['not-found'],
  })
  async entries(@Caller() auditor: Principal, @Param() { log = '', '*': path = '' }: Path): Promise<unknown> {
    const tile = parseTilePath(`0/${path}`);
    if (tile === undefined) throw new Problem('not-found');
    return answered(await this.#commands.execute(new ReadLogEntries(auditor, { log: logOf(log), ...tile })));
  }

  @Get('tile/*')
  @Operation({
    id: 'log.tile',
    kind: 'operations',
    roles: ['auditor'],
    summary: 'Hashes of a tile (C2SP tlog-tiles)',
    purpose: false,
    parameters: [LOG_PARAMETER, TILE_PARAMETER],
    answers: { 200: TILE },
    problems: ['not-found'],
  })
  tile(@Param() { log = '', '*': path = '' }: Path): Operational {
    const tile = parseTilePath(path);
    const hashes = tile && this.#ports.trees.tile(logOf(log), tile.level, tile.no, tile.width);
    if (hashes === undefined) throw new Problem('not-found');
    return operational(bytes(hashes, 'application/octet-stream'));
  }

  #head(log: LogName): { readonly note: string } {
    const checkpoint = this.#ports.trees.checkpoint(log);
    if (checkpoint === undefined) throw new Problem('not-found');
    return checkpoint;
  }
}

function logOf(text: string): LogName {
  const log = LOGS.find((name) => name === text);
  if (log === undefined) throw new Problem('not-found');
  return log;
}

function whole(text: string, field: string): number {
  const number = parsePosition(text);
  if (number === undefined) throw new Problem('parameter-invalid', { field });
  return Number(number);
}

const base64 = (hash: Uint8Array): string => Buffer.from(hash).toString('base64');
