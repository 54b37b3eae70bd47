/** As much of JSON Schema as our documents use; other keywords say nothing here. */
type Schema = {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
  readonly enum?: readonly unknown[]
  readonly const?: unknown
}
type Content = Readonly<Record<string, { readonly schema?: Schema }>>
type Reply = { readonly $ref?: string; readonly content?: Content }
type Operation = {
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, Reply>>
}
type Document = {
  readonly servers: readonly { readonly url: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

const typeOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value

export type Sent = {
  readonly path?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly form?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
}
export type Heard = { readonly status: number; readonly body: unknown; readonly headers: Headers }

/** A client made from an OpenAPI document and nothing else; whatever the document does not say is an error. */
export async function clientFrom(address: string) {
  const document = (await (await fetch(address)).json()) as Document // read member by member below

  const resolve = <T extends { readonly $ref?: string }>(given: T): T => {
    if (given.$ref === undefined) return given
    let found: unknown = document
    for (const part of given.$ref.slice(2).split('/')) found = (found as Readonly<Record<string, unknown>>)[part]
    return found as T // a reference leads to what stands in its place
  }

  function problemsOf(value: unknown, schema: Schema, at: string): readonly string[] {
    const { type, required = [], properties = {}, additionalProperties, items, ...rest } = resolve(schema)
    const types = type === undefined ? [] : typeof type === 'string' ? [type] : type
    const actual = typeOf(value)
    if (types.length > 0 && !types.includes(actual) && !(actual === 'integer' && types.includes('number')))
      return [`${at} is ${actual}, not ${types.join(' or ')}`]
    if (rest.enum !== undefined && !rest.enum.includes(value)) return [`${at} is none of its words`]
    if (rest.const !== undefined && rest.const !== value) return [`${at} is another word`]
    if (Array.isArray(value))
      return items === undefined ? [] : value.flatMap((each, index) => problemsOf(each, items, `${at}[${index}]`))
    if (actual !== 'object') return []
    const members = value as Readonly<Record<string, unknown>> // its type was just found
    return [
      ...required.filter((name) => !(name in members)).map((name) => `${at}.${name} is missing`),
      ...Object.entries(members).flatMap(([name, member]) => {
        const known = properties[name]
        if (known !== undefined) return problemsOf(member, known, `${at}.${name}`)
        return additionalProperties === false ? [`${at}.${name} is not described`] : []
      }),
    ]
  }

  function operationAt(method: string, path: string): Operation {
    const operation = document.paths[path]?.[method]
    if (operation === undefined) throw new Error(`${method} ${path} is not described`)
    return operation
  }

  const addressOf = (path: string, sent: Sent): string => {
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(sent.path?.[name] ?? ''))
    const query = new URLSearchParams(sent.query).toString()
    return `${document.servers[0]?.url ?? ''}${filled}${query === '' ? '' : `?${query}`}`
  }

  /** Why an answer is not one the document describes. */
  function problemsOfAnswer(operation: Operation, heard: Heard): readonly string[] {
    const described = operation.responses[String(heard.status)]
    if (described === undefined) return [`status ${heard.status} is not described`]
    const { content } = resolve(described)
    if (content === undefined) return []
    const type = heard.headers.get('content-type')?.split(';')[0] ?? ''
    const kind = content[type]
    if (kind === undefined) return type === '' ? [] : [`${heard.status} as ${type} is not described`]
    return kind.schema === undefined || typeof heard.body === 'string'
      ? []
      : problemsOf(heard.body, kind.schema, 'answer')
  }

  return {
    addressOf,
    paths: Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => [method, path] as const),
    ),
    /** Calls an operation; the request is held against the document too, unless it is `wrong` on purpose. */
    async call(method: string, path: string, sent: Sent = {}, wrong: 'wrong' | 'right' = 'right'): Promise<Heard> {
      const operation = operationAt(method, path)
      const type = sent.json !== undefined ? 'application/json' : 'application/x-www-form-urlencoded'
      const given = sent.json ?? sent.form
      const described = operation.requestBody?.content[type]
      if (given !== undefined && described === undefined) throw new Error(`${method} ${path} takes no ${type}`)
      if (given !== undefined && wrong === 'right' && described?.schema !== undefined) {
        const problems = problemsOf(given, described.schema, 'request')
        if (problems.length > 0) throw new Error(`${method} ${path}: ${problems.join(', ')}`)
      }
      const answer = await fetch(addressOf(path, sent), {
        method: method.toUpperCase(),
        redirect: 'manual',
        headers: { ...(given === undefined ? {} : { 'content-type': type }), ...sent.headers },
        ...(sent.json !== undefined ? { body: JSON.stringify(sent.json) } : {}),
        ...(sent.form !== undefined ? { body: new URLSearchParams(sent.form).toString() } : {}),
      })
      const text = await answer.text()
      const isJson = answer.headers.get('content-type')?.includes('json') === true
      const heard = {
        status: answer.status,
        headers: answer.headers,
        body: isJson ? (JSON.parse(text) as unknown) : text,
      }
      const problems = problemsOfAnswer(operation, heard)
      if (problems.length > 0) throw new Error(`${method} ${path}: ${problems.join(', ')}`)
      return heard
    },
  }
}
