import { Textarea } from '@navikt/ds-react'

type Props = {
  readonly value: string
  readonly onChange: (value: string) => void
  /** Words for what the server would not take. */
  readonly error?: string | undefined
}

/** Somebody's own words, which the patient will read. What is long enough is for the server to say. */
export function ReasonField({ value, onChange, error }: Props) {
  return (
    <Textarea
      label="Begrunnelse (blir synlig for pasienten i innsynsloggen)"
      description="Minst 10 tegn. Skriv hvorfor du trenger opplysningene nå."
      size="small"
      minRows={2}
      maxLength={500}
      value={value}
      error={error}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}
