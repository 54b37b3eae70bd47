import {
  ACTIONS,
  EFFECTS,
  KINDS,
  LEVELS,
  MOST_QUESTIONS,
  OBLIGATIONS,
  REQUESTABLES,
  SEMANTICS_WORDS,
  ZONES,
} from '@uthopp/policy/caac-words'
import { LETTERS } from '@uthopp/policy/question'

const TEXT = { type: 'string' } as const
const FLAG = { type: 'boolean' } as const
const MAYBE_TEXT = { type: ['string', 'null'] } as const
const WORDS = { type: 'array', items: TEXT } as const
const about = (description: string, schema: object = TEXT) => ({ ...schema, description })
const oneOf = (words: Readonly<Record<string, string>>) => ({ enum: Object.values(words) })

const object = (
  properties: Readonly<Record<string, unknown>>,
  required: readonly string[] = Object.keys(properties),
) => ({ type: 'object', additionalProperties: false, required, properties })
const named = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const listOf = (items: unknown) => ({ type: 'array', items })
const json = (schema: unknown) => ({ content: { 'application/json': { schema } } })
const refused = { $ref: '#/components/responses/Refused' } as const

export const caacSchemas = {
  Sporsmal: object(
    {
      bruker: object({
        type: oneOf(KINDS),
        id: TEXT,
        rolle: about('PractitionerRole, the active one; null for citizens and systems', MAYBE_TEXT),
      }),
      omstendigheter: object({
        foretak: about("the trust's organisation number"),
        app: about('client_id'),
        sone: oneOf(ZONES),
        kan_skrive: about('the app may write', FLAG),
        avsenderbundet: about('the token is bound to a key of the app', FLAG),
        bundet_til_oppstart: about('only the patient of the launch', FLAG),
        oppstartspasient: about('the patient of the launch', MAYBE_TEXT),
        rettigheter: about('letters held, such as `Observation.r`', WORDS),
        sikkerhetsniva: about('level of the sign-in', { type: 'integer' }),
        formal: about('purpose of use; null is refused', MAYBE_TEXT),
        beslutning: about('the decision the person chose, by id', MAYBE_TEXT),
      }),
      handling: oneOf(ACTIONS),
      opplysning: about(
        'for les, sok, opprett, endre, slett',
        object({
          type: about('FHIR type'),
          id: MAYBE_TEXT,
          pasient: about('whose it is', MAYBE_TEXT),
          merker: about('`system|code` of meta.security', WORDS),
          enheter: about('units of the author', WORDS),
          forfattere: about('Practitioner ids', WORDS),
        }),
      ),
      rettighet: {
        description: 'for tildelRettighet',
        oneOf: [
          object({ niva: oneOf(LEVELS), type: TEXT, bokstav: { enum: LETTERS }, kategorier: WORDS, registrert: FLAG }),
          object({ annet: about('a scope that is not about resources'), registrert: FLAG }),
        ],
      },
      oppstart: about('for startApp: the app'),
      grunnlag: about('for velgGrunnlag: the template'),
      opplysninger: about('for opphevSperring: `Type/id` of each', WORDS),
      begrunnelsestegn: about('length of the reason; the reason itself is never sent', { type: 'integer' }),
      bekreftet: FLAG,
    },
    ['bruker', 'omstendigheter', 'handling'],
  ),
  Svar: object({
    resultat: oneOf(EFFECTS),
    avgjorelse: about('id of this answer'),
    regelverk: about('version of the rules'),
    regler: WORDS,
    kode: TEXT,
    begrunnelse: object({ nb: TEXT, en: TEXT }),
    vilkar: about(
      'what must be done for the answer to hold',
      listOf(object({ id: TEXT, type: oneOf(OBLIGATIONS), egenskaper: { type: 'object' } })),
    ),
    gyldig_til: { type: ['string', 'null'], format: 'date-time' },
    beslutning: about('the decision leant on', MAYBE_TEXT),
    formal: MAYBE_TEXT,
    kan_bes_om: {
      description: 'what might open what is closed',
      oneOf: [object({ type: oneOf(REQUESTABLES), grunnlag: WORDS }), { type: 'null' }],
    },
    spor: about(
      'the case as it was put to the rules; never for apps',
      object({ handling: TEXT, bruker: TEXT, ressurs: TEXT, omstendigheter: { type: 'object' } }),
    ),
  }),
} as const

export const caacPaths = {
  '/{orgnr}/caac/decide': {
    post: {
      summary: "The host's own context-aware access control: may this be done, by whom, for whom, why",
      description: 'Needs scope `__pdp.evaluate`. The same facts and rules as every decision point of the trust.',
      security: [{ serviceToken: [] }],
      parameters: [
        { name: 'orgnr', in: 'path', required: true, schema: TEXT, description: "the trust's organisation number" },
      ],
      requestBody: {
        required: true,
        ...json(
          object(
            {
              sporsmal: { type: 'array', maxItems: MOST_QUESTIONS, items: named('Sporsmal') },
              fremgang: about('where to stop', oneOf(SEMANTICS_WORDS)),
            },
            ['sporsmal'],
          ),
        ),
      },
      responses: {
        200: {
          description: 'One answer for each question, until one stops them',
          ...json(object({ svar: listOf(named('Svar')) })),
        },
        ...Object.fromEntries([400, 401, 403, 404, 413, 415].map((status) => [status, refused])),
      },
    },
  },
} as const
