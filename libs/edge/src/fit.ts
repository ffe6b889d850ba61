import type { Principal } from '#contracts';
import type { OperationKind } from './operation.ts';
import { Operational, Owned, Public, type Rendered } from './results.ts';

/** Injection token of {@link Fit}. */
export const FIT = Symbol('Fit');

/**
 * Says whether a value may leave under a kind of operation. True only for values whose class has a private brand, so
 * that a look-alike never fits; a value for which nothing answers true does not leave.
 */
export interface Fit {
  disclosure(value: unknown, principal: Principal): value is Rendered;
  own(value: unknown, principal: Principal): boolean;
  public(value: unknown): boolean;
  operations(value: unknown): boolean;
}

/**
 * The fit of this edge's own result classes, with `disclosed` deciding for disclosures. `disclosed` must test a runtime
 * brand and, where a value was made for one bearer, that it is this one.
 */
export const edgeFit = (disclosed: (value: unknown, principal: Principal) => value is Rendered): Fit => ({
  disclosure: disclosed,
  own: (value, principal) => Owned.is(value) && value.agency === principal.agency,
  public: (value) => Public.is(value),
  operations: (value) => Operational.is(value),
});

/** The answer to write, or `undefined` when the value doesn't fit the kind. */
export function fitted(
  fit: Fit,
  kind: OperationKind,
  value: unknown,
  who: Principal | undefined,
): Rendered | undefined {
  switch (kind) {
    case 'disclosure':
      return who !== undefined && fit.disclosure(value, who) ? value : undefined;
    case 'own':
      return who !== undefined && fit.own(value, who) && Owned.is(value) ? value.rendered() : undefined;
    case 'public':
      return fit.public(value) && Public.is(value) ? value.rendered() : undefined;
    case 'operations':
      return fit.operations(value) && Operational.is(value) ? value.rendered() : undefined;
  }
}
