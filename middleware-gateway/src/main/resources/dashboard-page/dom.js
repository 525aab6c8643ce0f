// Makes and changes elements. Texts are set as texts only, never as HTML.
const SVG = 'http://www.w3.org/2000/svg'

export const el = (name, attributes, ...children) => fill(document.createElement(name), attributes, children)

export const svg = (name, attributes, ...children) => fill(document.createElementNS(SVG, name), attributes, children)

function fill(element, attributes, children) {
  set(element, attributes)
  element.append(...children.flat().filter(child => child !== null && child !== undefined))
  return element
}

/** Sets what has changed; null or false removes. Names that begin with `on` are listeners. */
export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value)
    } else if (value === null || value === undefined || value === false) {
      element.removeAttribute(name)
    } else if (element.getAttribute(name) !== String(value)) {
      element.setAttribute(name, value === true ? '' : value)
    }
  }
  return element
}

/** Sets the text, if it has changed: a screen reader, and a selection, are not disturbed for nothing. */
export function text(element, value) {
  if (element.textContent !== value) {
    element.textContent = value
  }
  return element
}

/**
 * Makes the children of an element those of a list, in its order, and keeps those that are there already, with their focus.
 * A child is made by `make(item)`, and has the function `update(item)`.
 */
export function keyed(parent, items, key, make) {
  const known = parent.known ??= new Map()
  const wanted = new Set(items.map(key))
  for (const [name, child] of known) {
    if (!wanted.has(name)) {
      child.remove()
      known.delete(name)
    }
  }
  let before = null
  for (const item of items) {
    let child = known.get(key(item))
    if (!child) {
      child = make(item)
      known.set(key(item), child)
    }
    const place = before ? before.nextSibling : parent.firstChild
    if (child !== place) {
      parent.insertBefore(child, place)
    }
    child.update?.(item)
    before = child
  }
}
