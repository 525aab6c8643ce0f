// Sends one Hello through Nginx, as any caller would, and shows its way step by step.
import {el, text} from './dom.js'
import {duration} from './format.js'
import {mark} from './icons.js'
import {t} from './texts.js'

let sending = false

export async function sendHello(steps, said) {
  if (sending) {
    return
  }
  sending = true
  steps.replaceChildren(step('nginx', t('step.nginx')))
  const id = 'page-' + Date.now().toString(36) + '-' + Math.floor(Math.random() * 1e6).toString(36)
  const begun = performance.now()
  try {
    const response = await fetch('../hello?message=Hello', {headers: {'x-call-id': id}, cache: 'no-store'})
    const body = await response.json().catch(() => ({}))
    show(steps, response, body, performance.now() - begun, id)
  } catch (failure) {
    steps.append(step('failed', t('step.failed', {reason: failure.message})))
  }
  text(said, steps.lastElementChild.textContent)
  sending = false
}

function show(steps, response, body, took, id) {
  const header = name => response.headers.get(name)
  const gateway = header('middleware-gateway') ?? '?'
  const instance = header('middleware-instance')
  const tried = header('middleware-tried')
  const fallback = header('middleware-fallback')
  steps.append(step('gateway', t('step.gateway', {gateway})), step('lookup', t('step.lookupPlain', {gateway})))
  if (tried) {
    steps.append(step('retry', t('step.rpcTried', {tried})))
  }
  if (instance) {
    steps.append(step('choice', t('step.choice', {instance, costs: ''})), step('rpc', t('step.rpc', {instance, ms: duration(took)})))
  }
  if (fallback) {
    steps.append(step('retry', t('step.fallback', {fallback})))
  }
  steps.append(response.ok ? step('world', t('step.world', {message: body.message ?? 'World', ms: duration(took)}))
    : step('failed', t('step.failed', {reason: body.detail ?? body.message ?? response.status})))
  steps.append(el('li', {class: 'call-id'}, t('step.callId', {id})))
}

const MARKS = {failed: 'ejected', retry: 'trial'}

const step = (kind, words) => el('li', {class: 'step ' + kind}, mark(MARKS[kind] ?? 'passing'), el('span', {}, words))
