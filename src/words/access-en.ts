import type { AccessWords } from './access.ts'
import { countryInSentence } from './en-phrases.ts'

export const accessEn: AccessWords = {
  fixed: (country, code) => `fixed networks of ${countryInSentence(country, code)}`,
  mobile: (country, code) => `mobile networks of ${countryInSentence(country, code)}`,
  mixed: (country, code) => `networks of ${countryInSentence(country, code)} that are both fixed and mobile`,
  transit: (country, code) => `transit networks of ${countryInSentence(country, code)}`,
  hosting: (country, code) => `hosting networks of ${countryInSentence(country, code)}`,
  exchange: (country, code) => `Internet exchanges of ${countryInSentence(country, code)}`,
}
