import FHIR from 'fhirclient/lib/entry/browser'
import { CLIENT_ID, SCOPE } from './registration.ts'
import { failureOf } from './smart/failure.ts'
import { failureWords } from './smart/failure-words.ts'

/** Several tiles of one work surface share a session storage; each keeps its own launch by keeping `state` in its address. */
FHIR.oauth2.settings.fullSessionStorageSupport = false

async function launch(): Promise<void> {
  try {
    await FHIR.oauth2.authorize({
      clientId: CLIENT_ID,
      scope: SCOPE,
      redirectUri: 'index.html',
      pkceMode: 'required',
      completeInTarget: true,
    })
  } catch (error) {
    const words = failureWords(failureOf(error))
    const paragraphs = [words.title, ...words.sentences].map((sentence) => {
      const paragraph = document.createElement('p')
      paragraph.textContent = sentence
      return paragraph
    })
    document.querySelector('#status')?.replaceWith(...paragraphs)
  }
}

void launch()
