// Sends one Hello through Nginx, as any caller would, and shows its way step by step: from what the gateways have kept of the call
// or, where they keep none, from the headers of the response.
import {el, text} from './dom.js'
import {duration, number} from './format.js'
import {mark} from './icons.js'
import {credentials} from './key.js'
import {language, t} from './texts.js'

let sending = false
let again = () => {}

/** Shows the same call again, in the page's language. */
export const tellAgain = () => again()

export async function sendHello(steps, said) {
  if (sending) {
    return
  }
  sending = true
  steps.replaceChildren(step('nginx', t('step.nginx')))
  // by this beginning gateways keep a call, however usual it is
  const id = 'why-' + Date.now().toString(36) + Math.floor(Math.random() * 1e6).toString(36)
  const begun = performance.now()
  try {
    const response = await fetch('../hello?message=Hello', {headers: {'x-call-id': id, ...credentials()}, cache: 'no-store'})
    const body = await response.json().catch(() => ({}))
    const took = performance.now() - begun
    again = async () => {
      const kept = await story(id)
      steps.replaceChildren(step('nginx', t('step.nginx')))
      show(steps, response, body, took, id, kept)
    }
    await again()
  } catch (failure) {
    steps.append(step('failed', t('step.failed', {reason: failure.message})))
  }
  text(said, [...steps.querySelectorAll('.step')].at(-1).textContent)
  sending = false
}

/** Shows a call that gateways have kept: the address of the page names it, as `#call=ID`. */
export async function showKept(steps, said, id) {
  again = () => showKept(steps, said, id)
  const kept = await story(id)
  steps.replaceChildren(...kept
    ? [el('li', {class: 'inside'}, el('p', {}, t('step.inside', {gateway: kept.gateway, ms: duration(kept.tookUs / 1000)})), sentences(kept))]
    : [step('failed', t('step.notKept'))], el('li', {class: 'call-id'}, t('step.callId', {id})))
  text(said, steps.firstElementChild.textContent)
}

const sentences = kept => el('div', {}, kept.spent ? el('p', {class: 'spent'}, kept.spent) : null, el('ol', {class: 'sentences'}, kept.sentences.map(each =>
  el('li', {}, el('span', {class: 'when'}, duration(each.atUs / 1000)), ' ', each.text))))

/** Returns what gateways have kept of a call; null if nothing. */
async function story(id) {
  try {
    const response = await fetch(`calls/${encodeURIComponent(id)}?lang=${language().slice(0, 2)}`, {
      headers: {Accept: 'application/json', ...credentials()}
    })
    const found = response.ok ? await response.json() : null
    return found?.calls?.[0] ?? null
  } catch {
    return null
  }
}

function show(steps, response, body, took, id, kept) {
  const header = name => response.headers.get(name)
  const gateway = header('middleware-gateway') ?? '?'
  const instance = kept?.answeredBy ?? header('middleware-instance')
  const tried = header('middleware-tried')
  const fallback = header('middleware-fallback')
  const chosen = kept?.steps?.find(each => each.candidates?.length)
  const choice = kept?.steps?.findLast(each => each.kind === 'chosen' && each.instance === instance)
  steps.append(step('gateway', t('step.gateway', {gateway})), step('lookup', chosen
    ? t('step.lookup', {gateway, instances: chosen.candidates.map(each => each.instance).join(', ')})
    : t('step.lookupPlain', {gateway})))
  if (tried) {
    steps.append(step('retry', t('step.rpcTried', {tried})))
  }
  if (instance) {
    steps.append(step('choice', t('step.choice', {instance, costs: costs(choice), after: after(choice)})),
      step('rpc', t('step.rpc', {instance, ms: duration(rpc(kept, instance) ?? took)})))
  }
  if (fallback) {
    steps.append(step('retry', t('step.fallback', {fallback})))
  }
  const inside = kept ? kept.tookUs / 1000 : null
  steps.append(response.ok ? step('world', t('step.world', {message: body.message ?? 'World', ms: duration(took)}),
    inside === null ? '' : t('step.parts', {gateway, inside: duration(inside), outside: duration(Math.max(0, took - inside))}))
    : step('failed', t('step.failed', {reason: body.detail ?? body.message ?? response.status})))
  if (kept?.sentences?.length) {
    steps.append(el('li', {class: 'inside'}, el('details', {}, el('summary', {}, t('step.inside', {gateway, ms: duration(kept.tookUs / 1000)})),
      sentences(kept))))
  }
  steps.append(el('li', {class: 'call-id'}, t('step.callId', {id})))
}

/** Says what the two candidates cost that the balancer has compared. */
function costs(chosen) {
  const compared = chosen?.compared?.filter(each => each.cost !== undefined) ?? []
  return compared.length < 2 ? '' : t('step.costs', {
    candidates: compared.map(each => t('step.cost', {id: each.instance, cost: cost(each.cost)})).join(', ')
  })
}

const after = choice => choice ? t('step.after', {ms: duration(choice.atUs / 1000)}) : ''

/** Costs are calls in flight or, where latencies differ much, nanoseconds of them. */
const cost = value => value > 10_000 ? duration(value / 1e6) : number(value)

/** Returns how long the attempt took whose response the caller got, in milliseconds. */
function rpc(kept, instance) {
  const started = kept?.steps?.findLast(each => each.kind === 'started' && each.instance === instance)
  const ended = kept?.steps?.find(each => each.kind === 'ended' && each.attempt === started?.attempt)
  return started && ended ? (ended.atUs - started.atUs) / 1000 : null
}

const MARKS = {failed: 'ejected', retry: 'trial'}

const step = (kind, words, parts = '') => el('li', {class: 'step ' + kind}, mark(MARKS[kind] ?? 'passing'),
  el('span', {}, words, parts ? el('span', {class: 'parts'}, ' ' + parts) : null))
