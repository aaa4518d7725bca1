/** Dates, amounts and measures are written in many ways. Each is brought to one, so that what is the same number can be compared as one. */

const MONTHS = 'january february march april may june july august september october november december'.split(' ');
const MONTH = MONTHS.join('|');
const DAY = '(\\d{1,2})(?:st|nd|rd|th)?';
const YEAR = '(?:,? (\\d{4}))?';
const DAY_FIRST = new RegExp(`\\b${DAY} (?:of )?(${MONTH})\\b${YEAR}`, 'g');
const MONTH_FIRST = new RegExp(`\\b(${MONTH}) ${DAY}\\b(?![.:,]?\\d)${YEAR}`, 'g');
const ISO = /\b(\d{4})-(\d{2})-(\d{2})\b/g;
const CURRENCY_FIRST = /((?<!\p{L})(?:us|a|c|hk|nz|s))?([$€£])\s?(\d+(?:[.,]\d+)*)/gu;
const CODE_FIRST = /\b(usd|eur|gbp|chf|jpy|inr)\s(\d+(?:[.,]\d+)*)/g;
/** A network's, not a weight. */
const GENERATION = /\b([2-6])g\b/g;

/** Units by their signs after a number, as they are spelled out. Where a sign has two meanings it is left out, and M and m are two signs. */
const UNITS: Readonly<Record<string, string>> = {
  g: 'gram',
  mg: 'milligram',
  l: 'liter',
  L: 'liter',
  ml: 'milliliter',
  mL: 'milliliter',
  mm: 'millimeter',
  h: 'hour',
  min: 'minute',
  oz: 'ounce',
  kB: 'kilobyte',
  KB: 'kilobyte',
  MB: 'megabyte',
  GB: 'gigabyte',
  TB: 'terabyte',
};

/** @param lowerCase a question in small letters, in which thousands are not set apart */
export function restateQuantities(lowerCase: string): string {
  return lowerCase
    .replaceAll(ISO, (_, year: string, month: string, day: string) => dateOf(day, Number(month), year))
    .replaceAll(DAY_FIRST, (_, day: string, month: string, year?: string) =>
      dateOf(day, MONTHS.indexOf(month) + 1, year),
    )
    .replaceAll(MONTH_FIRST, (_, month: string, day: string, year?: string) =>
      dateOf(day, MONTHS.indexOf(month) + 1, year),
    )
    .replaceAll(CURRENCY_FIRST, (_, whose: string | undefined, sign: string, amount: string) =>
      whose === undefined || whose === 'us' ? `${amount} ${sign}` : `${amount} ${whose}dollar`,
    )
    .replaceAll(CODE_FIRST, '$2 $1')
    .replaceAll(GENERATION, '$1 generation');
}

/** One number that is no other: 2019.5.3, and without its year 0.12.25. */
function dateOf(day: string, month: number, year = '0'): string {
  return `${Number(year)}.${month}.${Number(day)}`;
}

/** @param unit as it is written after a number, capitals and all */
export function spelledUnit(unit: string): string | undefined {
  return Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined;
}
