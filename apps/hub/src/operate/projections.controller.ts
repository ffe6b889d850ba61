import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { Operation, operational, type Operational } from '#edge';
import { HubPorts } from '#hub';
import { Problem } from '#kernel';
import { PARKED_FACTS, PARKED_ID, PROJECTIONS, RETRIED } from './answers.ts';

const PARKED = /^[a-z-]{1,40}:[0-9]{1,16}$/;

/** The live models: how far they are, what they could not place, and building them anew. */
@Controller('v1')
export class ProjectionsController {
  readonly #ports: HubPorts;
  #rebuilding: Promise<void> | undefined;
  constructor(ports: HubPorts) {
    this.#ports = ports;
  }

  @Get('projections')
  @Operation({
    id: 'projections.list',
    kind: 'operations',
    roles: ['operator'],
    summary: 'How far each model is',
    purpose: false,
    answers: { 200: PROJECTIONS },
  })
  async list(): Promise<Operational> {
    return operational({ projections: await this.#ports.models.status() });
  }

  @Post('projections/rebuild')
  @HttpCode(202)
  @Operation({
    id: 'projections.rebuild',
    kind: 'operations',
    roles: ['operator'],
    summary: 'Build the models anew beside the live ones; watch GET /v1/projections',
    purpose: false,
    answers: { 202: PROJECTIONS },
    responses: { 202: 'Begun, or under way already' },
    problems: ['model-unavailable'],
  })
  async rebuild(): Promise<Operational> {
    // the job outlives the call; how it goes is told by GET /v1/projections
    this.#rebuilding ??= this.#ports.models
      .rebuild()
      .catch(() => undefined)
      .finally(() => (this.#rebuilding = undefined));
    return operational({ projections: await this.#ports.models.status() }, { status: 202 });
  }

  @Get('parked')
  @Operation({
    id: 'parked.list',
    kind: 'operations',
    roles: ['operator'],
    summary: 'Facts that a model could not place',
    purpose: false,
    answers: { 200: PARKED_FACTS },
  })
  async parked(): Promise<Operational> {
    return operational({ parked: await told(this.#ports.models.parked()) });
  }

  @Post('parked/:id/retry')
  @HttpCode(200)
  @Operation({
    id: 'parked.retry',
    kind: 'operations',
    roles: ['operator'],
    summary: 'Fold a parked fact again',
    purpose: false,
    parameters: [PARKED_ID],
    answers: { 200: RETRIED },
    problems: ['not-found'],
  })
  async retry(@Param('id') id: string): Promise<Operational> {
    return operational({ id, state: await told(this.#ports.models.retry(parkedId(id))) });
  }

  @Post('parked/:id/skip')
  @HttpCode(204)
  @Operation({
    id: 'parked.skip',
    kind: 'operations',
    roles: ['operator'],
    summary: 'Set a parked fact aside',
    purpose: false,
    parameters: [PARKED_ID],
    responses: { 204: 'Set aside' },
    problems: ['not-found'],
  })
  async skip(@Param('id') id: string): Promise<Operational> {
    await told(this.#ports.models.skip(parkedId(id)));
    return operational(undefined, { status: 204 });
  }
}

/** The model's own codes, as the API calls them. */
async function told<T>(outcome: Promise<T>): Promise<T> {
  return outcome.catch((error: unknown) => {
    if (error instanceof Problem && error.code === 'parked-unknown') throw new Problem('not-found');
    if (error instanceof Problem && error.code === 'projector-down') throw new Problem('model-unavailable');
    throw error;
  });
}

function parkedId(id: string): string {
  if (!PARKED.test(id)) throw new Problem('not-found');
  return id;
}
