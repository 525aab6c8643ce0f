// The chain as a picture: callers, Nginx, gateways, and instances by pool. Drawn anew when its parts change, else only updated.
import {set, svg, text} from './dom.js'
import {age, rate} from './format.js'
import {mark, stateOfGateway} from './icons.js'
import {layout} from './layout.js'
import {t} from './texts.js'

const LARGE = 1100
const LARGER = 1.3

let shape = ''
let parts = null

/** Draws the picture into the element; returns nothing. `picture` as the gateways send it. */
export function drawChain(element, picture) {
  const width = Math.max(300, element.clientWidth)
  const now = JSON.stringify([width, picture.gateways.map(gateway => gateway.id),
    picture.instances.map(each => [each.service, each.pool, each.id]), document.documentElement.lang])
  if (now !== shape) {
    shape = now
    parts = build(element, picture, width)
  }
  update(picture)
}

/** Returns the paths from callers to an instance, as one list of paths; null if one of them is not drawn. */
export function pathsTo(gateway, key) {
  const way = [parts?.edges.get('nginx'), parts?.edges.get('nginx>' + gateway), parts?.edges.get(gateway + '>' + key)]
  return way.every(Boolean) ? way.map(edge => edge.path) : null
}

export const dotLayer = () => parts?.dots

export const keyOf = instance => instance.service + '/' + instance.id

function build(element, picture, width) {
  // on a large screen all of it is larger, not only further apart
  const plan = layout(picture, width > LARGE ? width / LARGER : width)
  const edges = new Map()
  const nodes = new Map()
  const groupLayer = svg('g')
  const edgeLayer = svg('g', {class: 'edges'})
  const labelLayer = svg('g', {class: 'labels'})
  const nodeLayer = svg('g')
  const dots = svg('g', {class: 'dots'})
  for (const group of plan.groups) {
    groupLayer.append(svg('rect', {class: 'group', x: group.x, y: group.y, width: group.width, height: group.height, rx: 12}),
      svg('text', {class: 'group-name', x: group.x + 12, y: group.y + 17}, group.name))
  }
  for (const edge of plan.edges) {
    const path = svg('path', {class: 'edge', d: edge.d})
    const label = svg('text', {class: 'edge-rate', x: edge.labelX, y: edge.labelY, 'text-anchor': edge.anchor})
    edgeLayer.append(path)
    labelLayer.append(label)
    edges.set(edge.key, {path, label})
  }
  for (const node of plan.nodes) {
    const title = svg('text', {class: 'node-name', x: node.x + (node.marked ? 34 : 12), y: node.y + node.height / 2 - 3}, shortened(node))
    const below = svg('text', {class: 'node-note', x: node.x + (node.marked ? 34 : 12), y: node.y + node.height / 2 + 13})
    const place = svg('g', {class: 'node ' + node.kind},
      svg('title', {}, node.name),
      svg('rect', {x: node.x, y: node.y, width: node.width, height: node.height, rx: 10}), title, below)
    nodeLayer.append(place)
    nodes.set(node.key, {...node, place, below})
  }
  const root = svg('svg', {class: 'chain', viewBox: `0 0 ${plan.width} ${plan.height}`, width: plan.width, height: plan.height, role: 'img'},
    groupLayer, edgeLayer, nodeLayer, labelLayer, dots)
  element.replaceChildren(root)
  return {root, edges, nodes, dots}
}

/** Shortens names that do not fit, in the middle: their ends tell them apart. */
function shortened(node) {
  const most = Math.floor((node.width - (node.marked ? 38 : 16)) / 8.1)
  const name = node.name
  if (name.length <= most) {
    return name
  }
  const half = Math.floor((most - 1) / 2)
  return name.slice(0, half) + '…' + name.slice(name.length - (most - 1 - half))
}

function update(picture) {
  const all = picture.gateways.reduce((sum, gateway) => sum + gateway.rate, 0)
  flow('nginx', all)
  note('callers', '')
  note('nginx', t('perSecond', {rate: rate(all)}))
  for (const gateway of picture.gateways) {
    flow('nginx>' + gateway.id, gateway.rate, gateway.state !== 'up')
    const state = stateOfGateway(gateway.state)
    note(gateway.id, gateway.state === 'up' ? t('perSecond', {rate: rate(gateway.rate)})
      : t('gatewayState.' + gateway.state, {age: age(gateway.age)}))
    showState(gateway.id, state)
    for (const instance of picture.instances) {
      const seen = instance.seen[gateway.id]
      flow(gateway.id + '>' + keyOf(instance), seen?.rate ?? 0, gateway.state === 'silent' || !seen || isOut(seen.state))
    }
  }
  for (const instance of picture.instances) {
    note(keyOf(instance), instance.state === 'passing' ? t('perSecond', {rate: rate(instance.rate)}) : t('state.' + instance.state))
    showState(keyOf(instance), instance.state)
  }
  set(parts.root, {'aria-label': summary(picture, all)})
}

const isOut = state => ['ejected', 'gone', 'maintenance'].includes(state)

function summary(picture, all) {
  return t('summary', {
    rate: rate(all),
    gateways: picture.gateways.map(gateway => gateway.id).join(', '),
    instances: picture.instances.map(each => t('summaryPart', {id: each.id, state: t('state.' + each.state)})).join(' ')
  })
}

function note(key, value) {
  const node = parts.nodes.get(key)
  if (node) {
    text(node.below, value)
  }
}

function showState(key, state) {
  const node = parts.nodes.get(key)
  if (!node || node.state === state) {
    return
  }
  node.state = state
  set(node.place, {'data-state': state})
  node.place.querySelector('.mark')?.remove()
  node.place.append(mark(state, {x: node.x + 10, y: node.y + node.height / 2 - 8}))
}

function flow(key, value, off = false) {
  const edge = parts.edges.get(key)
  if (!edge) {
    return
  }
  text(edge.label, value >= 0.05 ? t('perSecond', {rate: rate(value)}) : '')
  set(edge.path, {
    'stroke-width': (1.3 + Math.min(5, Math.log2(1 + value) / 1.4)).toFixed(1),
    class: 'edge' + (off ? ' off' : '') + (value >= 0.05 ? ' busy' : '')
  })
}
