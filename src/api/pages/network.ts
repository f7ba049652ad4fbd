import type { EntityId } from '../../model/brand.ts'
import { entityParts } from '../../model/entity.ts'
import type { EntityRef, NetworkFacts, OperatorLine } from '../../model/page.ts'
import { loadOperators, operatorOf } from '../../netdata/operators.ts'
import { asnsOf, operatorIn } from '../../street/dark-of.ts'
import { entityRef, type ViewContext } from './view-context.ts'

/** Who runs an AS or operator. What nobody wrote down is said to be unknown. */
export async function networkFacts(context: ViewContext, entity: EntityId): Promise<NetworkFacts> {
  const { view } = context
  const parts = entityParts(entity)
  const operator = parts.kind === 'as' ? operatorIn(view, parts.asn) : entity
  const row = operator === null ? null : operatorOf(operator)
  const asns = parts.kind === 'as' ? [parts.asn] : await asnsOf(view, entity)
  const country = operator === null ? null : entityParts(operator).country
  return {
    // An AS has its number; the names are its operator's.
    names:
      parts.kind === 'as' || row === null
        ? []
        : Object.entries(row.names)
            .filter(([language]) => language !== context.language)
            .map(([language, name]) => ({ language, name })),
    asns: asns.map((asn) => asRef(context, asn)),
    country: country === null ? null : entityRef(context, `country:${country}` as EntityId),
    operator: parts.kind === 'as' && operator !== null ? entityRef(context, operator) : null,
    access: row?.access ?? null,
    sources: row?.sources ?? [],
  }
}

/** Of a country's page: operators that the tables name. */
export async function operatorLines(context: ViewContext, entity: EntityId): Promise<readonly OperatorLine[]> {
  const parts = entityParts(entity)
  if (parts.kind !== 'country') return []
  const rows = loadOperators().filter(({ country }) => country === parts.country)
  return rows.map((row) => ({
    entity: entityRef(context, row.entity),
    access: row.access,
    asns: row.asns.map((asn) => asRef(context, asn)),
  }))
}

function asRef(context: ViewContext, asn: number): EntityRef {
  return entityRef(context, `as:${asn}` as EntityId)
}
