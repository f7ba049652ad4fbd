import { z } from '@hono/zod-openapi'

const Instant = z.iso.datetime().openapi({ example: '2022-01-05T10:31:07Z' })
const When = Instant.nullable()
const Family = z.enum(['ipv4', 'ipv6'])
const Entity = z.string().nullable().openapi({ example: 'operator:KZ.kcell' })

const LossSchema = z
  .object({
    family: Family,
    prefixesLost: z.int(),
    prefixesBefore: z.int().nullable().openapi({ description: 'Announced before; null = not counted by us.' }),
    blocksLost: z.int().openapi({ description: '/24 or /48 blocks gone at once at the worst, each counted once.' }),
    blocksBefore: z.int().nullable().openapi({ description: 'Visible before; null = not counted by us.' }),
    firstLost: When.openapi({ description: 'To the second; null = before what was looked at.' }),
    firstLostBin: When.openapi({ description: 'Start of the 5-minute bin that holds it.' }),
    mostLost: When.openapi({ description: 'By when 90 % of the blocks were gone; null = never so much.' }),
    mostOf: z.enum(['visible', 'lost']).openapi({
      description: 'Of what: the blocks visible before, or, where nobody counted them, of those that ever went.',
    }),
    firstBack: When,
    mostBack: When.openapi({ description: 'By when 90 % of what was gone was back; null = not yet.' }),
  })
  .openapi('RoutingLoss')

const NetworkSchema = z
  .object({
    entity: Entity.openapi({ description: 'null: the origin of the routes is a set of several AS.' }),
    name: z.string().nullable(),
    asns: z.array(z.int()).readonly(),
    operator: Entity.openapi({ description: 'That an AS belongs to; null = unknown.' }),
    losses: z.array(LossSchema).readonly().openapi({ description: 'IPv4 and IPv6 apart; empty = never lost.' }),
  })
  .openapi('RoutingNetwork')

const PrefixSchema = z
  .object({
    prefix: z.string().openapi({ example: '2.72.0.0/13' }),
    family: Family,
    origin: z.int().openapi({ description: 'AS that had it when it went; 0 = a set of several.' }),
    origins: z.array(z.int()).readonly().openapi({ description: 'All AS that it was seen with in that time.' }),
    movedTo: z.int().nullable().openapi({ description: 'AS that has it now, where that is another one.' }),
    operator: Entity,
    country: z.string().nullable(),
    blocks: z.int(),
    spells: z
      .array(z.object({ lost: When, returned: When }))
      .readonly()
      .openapi({
        description: 'Times out of sight. lost null: before what was looked at; returned null: not back.',
      }),
    cells: z.string().nullable().openapi({
      description: 'One letter a column: v visible, l lost for half of it or more, u nobody can say. null: left out.',
      example: 'vvvllllu',
    }),
  })
  .openapi('RoutingPrefix')

export const RoutingSchema = z
  .object({
    incident: z.string(),
    entity: z.string(),
    from: Instant,
    until: Instant,
    source: z.string().nullable().openapi({ description: 'Whose routes; null = no route event is known.' }),
    peers: z.int().openapi({ description: 'Most peers that voted.' }),
    licence: z.object({ class: z.string(), name: z.string(), url: z.string().nullable() }).nullable(),
    citation: z.string().nullable(),
    cannotShow: z.string(),
    operators: z.array(NetworkSchema).readonly().openapi({
      description: 'Operators, and AS of none, in the order of going dark; those that never lost anything last.',
    }),
    networks: z.array(NetworkSchema).readonly().openapi({ description: 'Each AS by itself, in the same order.' }),
    matrix: z.object({ from: Instant, stepSeconds: z.int(), columns: z.int() }),
    prefixes: z.array(PrefixSchema).readonly().openapi({ description: 'In the order of loss.' }),
    prefixesLeftOut: z.int().openapi({ description: 'Beyond those that one answer holds; the CSV has all.' }),
  })
  .openapi('Routing')
