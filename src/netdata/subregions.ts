/** Where a country lies, by the United Nations' geoscheme. */
export interface Subregion {
  readonly subregion: string
  readonly continent: string
}

/**
 * UN M49, 'Standard country or area codes for statistical use' (unstats.un.org/unsd/methodology/m49), with intermediate
 * regions where it has them. TW and XK, which it does not list, stand with their neighbours. For statistics only: no
 * statement on the status of any of them.
 */
const SUBREGIONS: readonly (readonly [continent: string, subregion: string, codes: string])[] = [
  ['Africa', 'Northern Africa', 'DZ EG LY MA SD TN EH'],
  ['Africa', 'Eastern Africa', 'IO BI KM DJ ER ET TF KE MG MW MU YT MZ RE RW SC SO SS UG TZ ZM ZW'],
  ['Africa', 'Middle Africa', 'AO CM CF TD CG CD GQ GA ST'],
  ['Africa', 'Southern Africa', 'BW SZ LS NA ZA'],
  ['Africa', 'Western Africa', 'BJ BF CV CI GM GH GN GW LR ML MR NE NG SH SN SL TG'],
  ['Americas', 'Caribbean', 'AI AG AW BS BB BQ VG KY CU CW DM DO GD GP HT JM MQ MS PR BL KN LC MF VC SX TT TC VI'],
  ['Americas', 'Central America', 'BZ CR SV GT HN MX NI PA'],
  ['Americas', 'South America', 'AR BO BV BR CL CO EC FK GF GY PY PE GS SR UY VE'],
  ['Americas', 'Northern America', 'BM CA GL PM US'],
  ['Antarctica', 'Antarctica', 'AQ'],
  ['Asia', 'Central Asia', 'KZ KG TJ TM UZ'],
  ['Asia', 'Eastern Asia', 'CN HK MO KP JP MN KR TW'],
  ['Asia', 'South-eastern Asia', 'BN KH ID LA MY MM PH SG TH TL VN'],
  ['Asia', 'Southern Asia', 'AF BD BT IN IR MV NP PK LK'],
  ['Asia', 'Western Asia', 'AM AZ BH CY GE IQ IL JO KW LB OM QA SA PS SY TR AE YE'],
  ['Europe', 'Eastern Europe', 'BY BG CZ HU PL MD RO RU SK UA'],
  ['Europe', 'Northern Europe', 'AX DK EE FO FI GG IS IE IM JE LV LT NO SJ SE GB'],
  ['Europe', 'Southern Europe', 'AL AD BA HR GI GR VA IT MT ME MK PT SM RS SI ES XK'],
  ['Europe', 'Western Europe', 'AT BE FR DE LI LU MC NL CH'],
  ['Oceania', 'Australia and New Zealand', 'AU CX CC HM NZ NF'],
  ['Oceania', 'Melanesia', 'FJ NC PG SB VU'],
  ['Oceania', 'Micronesia', 'GU KI MH FM NR MP PW UM'],
  ['Oceania', 'Polynesia', 'AS CK PF NU PN WS TK TO TV WF'],
]

const byCode = new Map(
  SUBREGIONS.flatMap(([continent, subregion, codes]) =>
    codes.split(' ').map((code): [string, Subregion] => [code, { subregion, continent }]),
  ),
)

/** @param code ISO 3166-1 alpha-2, or XK. @returns `null` for what is no country. */
export function subregionOf(code: string): Subregion | null {
  return byCode.get(code) ?? null
}
