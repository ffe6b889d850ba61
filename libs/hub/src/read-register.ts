import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { londonDay, sha256, type Sha256 } from '#kernel';
import { registerOf, registerText, type CompiledPolicy } from '#sharing';
import { PolicyFeed } from './policy-feed.ts';
import { HubPorts } from './ports.ts';

/** The register in one form, as it is sent. */
export interface RegisterBytes {
  readonly bytes: Uint8Array;
  readonly digest: Sha256;
}

/** The public register of uses, for anybody. As fresh as every other answer: it follows a suspension as soon as they do. */
export class ReadRegister extends Query<RegisterBytes> {
  readonly form: 'json' | 'text';
  constructor(form: 'json' | 'text') {
    super();
    this.form = form;
  }
}

interface Kept {
  readonly policy: CompiledPolicy;
  readonly day: string;
  readonly forms: Map<ReadRegister['form'], RegisterBytes>;
}

@QueryHandler(ReadRegister)
export class ReadRegisterHandler implements IQueryHandler<ReadRegister> {
  readonly #ports: HubPorts;
  readonly #feed: PolicyFeed;
  /** Anybody may ask, as often as they like: each form is made once for a policy and a day. */
  #kept: Kept | undefined;
  constructor(ports: HubPorts, feed: PolicyFeed) {
    this.#ports = ports;
    this.#feed = feed;
  }

  async execute({ form }: ReadRegister): Promise<RegisterBytes> {
    const policy = await this.#feed.confirmed();
    const day = londonDay(this.#ports.clock.now());
    if (this.#kept?.policy !== policy || this.#kept.day !== day) this.#kept = { policy, day, forms: new Map() };
    const { forms } = this.#kept;
    const known = forms.get(form);
    if (known !== undefined) return known;
    const register = registerOf(policy, day);
    const made = bytesOf(form === 'text' ? registerText(register) : JSON.stringify(register));
    forms.set(form, made);
    return made;
  }
}

function bytesOf(text: string): RegisterBytes {
  const bytes = Buffer.from(text);
  return { bytes, digest: sha256(bytes) };
}
