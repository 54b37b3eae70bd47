/** Each parameter of a request made wrong in each of these ways; the name says which one it was. */
export function spoiled(form: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.keys(form).flatMap((name) => {
    const [value = '', others] = [form[name], Object.entries(form).filter(([each]) => each !== name)]
    const made = (...values: readonly string[]) =>
      new URLSearchParams([...others, ...values.map((one): [string, string] => [name, one])]).toString()
    return [
      [`${name} missing`, made()],
      [`${name} empty`, made('')],
      [`${name} doubled`, made(value, value)],
      [`${name} longer`, made(`${value}x`)],
      [`${name} not text`, made('\u0000é{"a":[1]}')],
      [`${name} too long`, made('x'.repeat(70_000))],
    ] as const
  })
}
