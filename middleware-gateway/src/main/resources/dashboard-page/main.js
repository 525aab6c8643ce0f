// Puts the page together: each picture that comes is shown everywhere.
import {announcer} from './announce.js'
import {drawCards} from './cards.js'
import {drawChain} from './chain.js'
import {el, set, text} from './dom.js'
import {runDots} from './dots.js'
import {drawFeed} from './feed.js'
import {age} from './format.js'
import {sendHello, showKept, tellAgain} from './hello.js'
import {mark, STATES} from './icons.js'
import {startKeyForm} from './key-form.js'
import {key, setKey} from './key.js'
import {followShared} from './stream.js'
import {drawTables} from './tables.js'
import {language, otherLanguage, setLanguage, t} from './texts.js'
import {startTheme} from './theme.js'

const OLD = 2000

const part = id => document.getElementById(id)

const announce = announcer(part('news'))

let picture = null
let heard = 0
let connected = false
let asTables = false
let locked = false

function draw() {
  if (!picture) {
    return
  }
  if (asTables) {
    drawTables(part('tables'), picture)
  } else {
    drawChain(part('chain'), picture)
  }
  drawCards(part('cards'), picture)
  drawFeed(part('feed'), part('feed-empty'), picture, announce)
}

function drawStatus() {
  const old = performance.now() - heard
  const state = locked ? 'locked' : !picture ? 'connecting' : connected && old < OLD ? 'live' : 'lost'
  set(part('status'), {'data-state': state})
  text(part('status'), t(state))
  const registry = picture?.gateways.find(gateway => gateway.registry && gateway.state !== 'silent')
  text(part('age'), !picture ? ''
    : registry && state === 'live' ? t('registryGone', {age: age(registry.registryAge)})
    : t(old < OLD ? 'dataFresh' : 'dataAge', {age: age(old), gateway: picture.servedBy}))
  set(part('age'), {'data-away': registry && state === 'live'})
  set(document.documentElement, {'data-old': picture && old >= OLD})
}

function write() {
  document.documentElement.lang = language()
  document.title = t('title')
  document.querySelectorAll('[data-text]').forEach(each => text(each, t(each.dataset.text)))
  set(part('legend'), {'aria-label': t('legend')})
  part('legend').replaceChildren(...STATES.map(state => el('li', {}, mark(state), t('state.' + state))))
  part('meanings').replaceChildren(...STATES.map(state => el('div', {},
    el('dt', {}, mark(state), t('state.' + state)), el('dd', {}, t('stateMeans.' + state)))))
  set(text(part('language'), t('language')), {lang: otherLanguage()})
  set(text(part('view'), t(asTables ? 'showPicture' : 'showTables')), {'aria-pressed': null})
  theme.write()
  keyForm.write()
  drawStatus()
  draw()
}

part('language').onclick = () => {
  setLanguage(otherLanguage())
  write()
  tellAgain()
}
part('view').onclick = () => {
  asTables = !asTables
  part('chain').hidden = asTables
  part('tables').hidden = !asTables
  write()
}
part('send').onclick = () => sendHello(part('steps'), part('steps-said'))

function showNamedCall() {
  const id = new URLSearchParams(location.hash.slice(1)).get('call')
  if (id) {
    showKept(part('steps'), part('steps-said'), id)
  }
}
addEventListener('hashchange', showNamedCall)
showNamedCall()

const theme = startTheme(part('theme'))
const keyForm = startKeyForm(part('key'), part('instances'), entered => {
  setKey(entered)
  takeKey(entered)
})
write()
new ResizeObserver(draw).observe(part('chain'))
setInterval(drawStatus, 250)
fetch('../api/', {method: 'HEAD'}).then(response => part('api').hidden = !response.ok).catch(() => {})
const takeKey = followShared(key(), {
  onPicture: newer => {
    picture = newer
    heard = performance.now()
    connected = true
    keyForm.done()
    draw()
    if (!asTables) {
      runDots(picture)
    }
    if (locked) {
      locked = false
      showNamedCall()
    }
    drawStatus()
  },
  onLost: () => {
    connected = false
    drawStatus()
  },
  onRefused: (status, used) => {
    connected = false
    locked = true
    keyForm.ask(status, used)
    drawStatus()
  },
  onKey: setKey
})
