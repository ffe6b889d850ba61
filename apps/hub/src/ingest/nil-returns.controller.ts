import { Body, Controller, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiProperty } from '@nestjs/swagger';
import { Matches, MaxLength } from 'class-validator';
import type { Principal } from '#contracts';
import { Caller, CommandBody, Operation, owned, type Owned } from '#edge';
import { MakeNilReturn } from '#hub';
import { eventType } from '#kernel';
import { NIL_RETURN } from '../govern/duty-answers.ts';

const TYPE = /^[a-z]+(\.[a-z0-9-]+)+\.v[1-9][0-9]*$/;
const PERIOD = /^\d{4}-(0[1-9]|1[0-2]|Q[1-4])$/;

class NothingHappened {
  @ApiProperty({ description: 'Event type of which there is none.', pattern: TYPE.source, maxLength: 100 })
  @Matches(TYPE)
  @MaxLength(100)
  feed!: string;

  @ApiProperty({ description: 'A month or a quarter that is over.', pattern: PERIOD.source })
  @Matches(PERIOD)
  period!: string;
}

/** Nothing happened, which is not silence. */
@Controller('v1/nil-returns')
export class NilReturnsController {
  readonly #commands: CommandBus;
  constructor(commands: CommandBus) {
    this.#commands = commands;
  }

  @Post()
  @Operation({
    id: 'nil-returns.make',
    kind: 'own',
    roles: ['publisher'],
    summary: 'Say that nothing of a feed happened in a period that is over',
    purpose: false,
    answers: { 200: NIL_RETURN, 201: NIL_RETURN },
    responses: { 200: 'Recorded before', 201: 'Recorded' },
    problems: [
      'type-unregistered',
      'field-invalid',
      'agreement-required',
      'period-open',
      'period-has-events',
      'model-unavailable',
    ],
  })
  async make(@Caller() by: Principal, @Body(CommandBody(NothingHappened)) body: NothingHappened): Promise<Owned> {
    const { nil, repeated } = await this.#commands.execute(new MakeNilReturn(by, eventType(body.feed), body.period));
    return owned(by.agency, nil, { status: repeated ? 200 : 201 });
  }
}
