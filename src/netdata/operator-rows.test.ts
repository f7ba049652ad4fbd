import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../model/errors.ts'
import { checkApart, readOperatorSources, readOperatorTable } from './operator-rows.ts'

const SOURCES = readOperatorSources(`
[registry]
text = "The registry"
url = "https://example.org/"
date = 2020-07-01
licence = "facts only"

[press]
text = "A newspaper"
date = 2021-02-03
licence = "facts only"
`)

const ROW = {
  slug: '"kcell"',
  names: '{ en = "Kcell", ru = "Кселл" }',
  registrants: '["Kcell JSC"]',
  asns: '[29355]',
  sources: '["registry"]',
  access: '"mobile"',
  access_sources: '["press"]',
}

/** A table of one row, of which some entries are other ones, or (`null`) left out. */
function tableWith(changed: Readonly<Record<string, string | null>>): string {
  const entries = Object.entries({ ...ROW, ...changed }).filter(([, value]) => value !== null)
  const row = entries.map(([key, value]) => `${key} = ${value}`).join('\n')
  return `country = "KZ"\nlanguages = ["kk", "ru"]\n\n[[operators]]\n${row}\n`
}

const read = (text: string, name = 'KZ.toml') => readOperatorTable(name, text, SOURCES)

describe('a row', () => {
  it('is an operator with all who say something of it', () => {
    expect(read(tableWith({}))).toMatchObject([
      {
        entity: 'operator:KZ.kcell',
        country: 'KZ',
        access: 'mobile',
        names: { en: 'Kcell', ru: 'Кселл' },
        asns: [29355],
        sources: [
          { text: 'The registry', url: 'https://example.org/', date: '2020-07-01' },
          { text: 'A newspaper', url: null, date: '2021-02-03' },
        ],
        registrants: ['Kcell JSC'],
        note: null,
      },
    ])
  })

  it('names once who says two things', () => {
    const [row] = read(tableWith({ access_sources: '["registry"]' }))
    expect(row?.sources.map(({ text }) => text)).toEqual(['The registry'])
  })

  it('cites whom an AS comes from that its own source does not know', () => {
    const [row] = read(
      tableWith({
        asns: '[29355, 64500]',
        elsewhere: '{ "64500" = "press" }',
        access: '"unknown"',
        access_sources: null,
      }),
    )
    expect(row?.elsewhere).toEqual(new Map([[64500, 'press']]))
    expect(row?.sources.map(({ text }) => text)).toEqual(['The registry', 'A newspaper'])
  })

  it.each([
    [{ slug: '"K Cell"' }, 'slug is "K Cell"; write small letters'],
    [{ slug: null }, 'slug is missing'],
    [{ names: '{ ru = "Кселл" }' }, 'names.en is missing'],
    [
      { names: '{ en = "Kcell", fa = "x" }' },
      'has a name in "fa", which is none of the file’s languages'.replace('’', "'"),
    ],
    [{ names: '{ en = " Kcell" }' }, 'names.en is " Kcell"; write text without blanks around it'],
    [{ registrants: null }, 'has no registrants'],
    [{ asns: '[]' }, 'has no asns; write asns = [9198]'],
    [{ asns: '["AS29355"]' }, 'asns holds "AS29355"; write numbers'],
    [{ asns: '[0]' }, 'asns holds 0; write numbers of 1 to 4294967295'],
    [{ asns: '[4294967296]' }, 'asns holds 4294967296'],
    [{ asns: '[29355, 29355]' }, 'asns holds 29355 twice'],
    [{ sources: null }, 'has no sources'],
    [{ sources: '["hearsay"]' }, 'sources names "hearsay", which data/operators/sources.toml does not have'],
    [{ access: '"wifi"' }, 'access is "wifi"; write one of fixed, mobile, mixed, transit, hosting, exchange, unknown'],
    [{ access: '"toString"' }, 'access is "toString"; write one of'],
    [{ access_sources: null }, 'access is mobile and nobody says so'],
    [{ access: '"unknown"' }, 'has access_sources though its access is unknown'],
    [{ elsewhere: '{ "64500" = "press" }' }, 'elsewhere speaks of 64500, which is none of its asns'],
    [{ country: '"KZ"' }, 'has "country", which means nothing'],
  ] as const)('%j is refused with what would be right', (changed, message) => {
    const run = (): unknown => read(tableWith(changed))
    expect(run).toThrow(ConfigError)
    expect(run).toThrow(message)
    expect(run).toThrow('data/operators/KZ.toml, operator 1')
  })
})

describe('a table', () => {
  it('is of the country that it is named after', () => {
    expect(() => read(tableWith({}), 'BY.toml')).toThrow('data/operators/BY.toml: country is "KZ"; write the code')
  })

  it.each([
    '',
    'country = "KZ"\nlanguages = ["kk"]\n',
    'country = "KZ"\nlanguages = ["english"]\n[[operators]]\n',
    '= =',
  ])('is refused when it is %j', (text) => {
    expect(() => read(text)).toThrow(ConfigError)
  })

  it('is read or refused with a ConfigError that names it, whatever it holds', () => {
    const value = fc.oneof(
      fc.string().map((text) => JSON.stringify(text)),
      fc.integer().map(String),
      fc.constantFrom('[]', '{}', 'true', '1.5', '2020-01-01', '[[1]]', '[{}]', '{ en = 1 }', '{ "1" = "press" }'),
    )
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(ROW), 'elsewhere', 'note'), value, (key, text) => {
        try {
          read(tableWith({ [key]: text }))
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError)
          expect(String(error)).toContain('data/operators/KZ.toml')
        }
      }),
    )
  })
})

describe('tables together', () => {
  const one = read(tableWith({}))

  it('refuse an AS with two operators', () => {
    const other = read(tableWith({ slug: '"other"' }))
    expect(() => checkApart([...one, ...other])).toThrow(
      'AS29355 is with operator:KZ.kcell and with operator:KZ.other; an AS belongs to one operator',
    )
  })

  it('refuse one slug twice in a country', () => {
    const other = read(tableWith({ asns: '[1]' }))
    expect(() => checkApart([...one, ...other])).toThrow('has operator:KZ.kcell twice')
  })
})

describe('sources', () => {
  it.each([
    ['[a]\ntext = "x"\ndate = "2020-07-01"\nlicence = "y"', '[a]: date is "2020-07-01"; write the day without quotes'],
    ['[a]\ntext = "x"\nlicence = "y"', '[a]: date is missing'],
    ['[a]\ntext = "x"\ndate = 2020-07-01', '[a]: licence is missing'],
    ['[a]\ntext = "x"\nurl = "http://a/"\ndate = 2020-07-01\nlicence = "y"', '[a]: url is "http://a/"'],
    ['a = 1', '[a]: is no table'],
  ])('%j are refused', (text, message) => {
    expect(() => readOperatorSources(text)).toThrow(message)
  })
})
