import { Controller, Get } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Principal } from '#contracts';
import { Caller, Operation } from '#edge';
import { ReadAuditBundle } from '#hub';
import { answered } from '../ask/answered.ts';
import { BUNDLE } from './log-answers.ts';

/** Both logs for an auditor to take away and check (`docs/how-to/prove.md`). */
@Controller('v1/audit')
export class BundleController {
  readonly #commands: CommandBus;
  constructor(commands: CommandBus) {
    this.#commands = commands;
  }

  @Get('bundle')
  @Operation({
    id: 'audit.bundle',
    kind: 'disclosure',
    roles: ['auditor'],
    summary: 'Checkpoints, the leaf of every fact, and every access record with what opens its leaf',
    purpose: false,
    answers: { 200: BUNDLE },
  })
  async bundle(@Caller() auditor: Principal): Promise<unknown> {
    return answered(await this.#commands.execute(new ReadAuditBundle(auditor)));
  }
}
