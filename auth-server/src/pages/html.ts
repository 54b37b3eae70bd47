/** Markup whose values have been escaped. */
export type Html = { readonly kind: 'html'; readonly text: string }

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')

/** Writes markup; every value is escaped unless it is markup itself. */
export const html = (texts: TemplateStringsArray, ...values: readonly (string | Html)[]): Html => ({
  kind: 'html',
  text: texts
    .map((text, index) => {
      const value = values[index]
      return text + (value === undefined ? '' : typeof value === 'string' ? escape(value) : value.text)
    })
    .join(''),
})

/** Markup after markup. */
export const htmlList = (parts: readonly Html[]): Html => ({
  kind: 'html',
  text: parts.map(({ text }) => text).join(''),
})

/** Data for a script of ours: JSON in which nothing can end the script element. */
export const scriptData = (value: unknown): Html => ({
  kind: 'html',
  text: JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  ),
})
