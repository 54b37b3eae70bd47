import { readForm, readJson } from '@uthopp/server-kit/body'
import { readMembers, text } from '@uthopp/server-kit/members'
import { accept, refuse } from '@uthopp/server-kit/refusal'
import type { Context } from 'koa'

export type Credentials = { readonly username: string; readonly password: string; readonly byForm: boolean }

const SHAPE = { required: { username: text, password: text } }

/** Reads a sign-in, as the page sends it or as a plain form does where no script runs. */
export async function readCredentials(ctx: Context): Promise<Credentials> {
  if (ctx.is('application/x-www-form-urlencoded')) {
    const form = await readForm(ctx)
    return { ...accept(readMembers(Object.fromEntries(form), SHAPE)), byForm: true }
  }
  return { ...accept(readMembers(await readJson(ctx), SHAPE)), byForm: false }
}

/** One answer for an unknown user and a wrong password. */
export const refuseCredentials = (): never => refuse(401, 'invalid_credentials', 'user name or password is wrong')
