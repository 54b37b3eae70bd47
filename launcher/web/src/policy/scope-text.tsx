import { Fragment } from 'react'

/** Code that may be wide in a narrow column: lines break behind its own punctuation, never inside a word. */
export function ScopeText({ text }: { readonly text: string }) {
  return (
    <span className="scope-text">
      {text.split(/(?<=[/.?,|=])/).map((piece, place) => (
        // Pieces have no other identity than their place in the text.
        <Fragment key={`${place} ${piece}`}>
          {place > 0 && <wbr />}
          {piece}
        </Fragment>
      ))}
    </span>
  )
}
