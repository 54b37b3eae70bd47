export type Language = 'nb' | 'en'

const NORWEGIAN = new Set(['nb', 'no', 'nn'])

/** Chooses the language of a page; Norwegian unless English is asked for first (RFC 9110 §12.5.4). */
export function languageOf(acceptLanguage: string): Language {
  const asked = acceptLanguage
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';')
      const weight = parameters
        .map((parameter) => /^\s*q=(?<q>[01](\.\d{0,3})?)$/.exec(parameter)?.groups?.['q'])
        .find(Boolean)
      return { language: tag.split('-', 1)[0] ?? '', weight: Number(weight ?? 1) }
    })
    .filter(({ language, weight }) => weight > 0 && (NORWEGIAN.has(language) || language === 'en'))
    .sort((a, b) => b.weight - a.weight)
  return asked[0]?.language === 'en' ? 'en' : 'nb'
}
