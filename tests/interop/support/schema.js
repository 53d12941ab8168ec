// Checks values against the service's own OpenAPI description: as much of JSON Schema as that
// uses. A property that the description does not know is an error too.

import assert from "node:assert/strict"

export class Schema {
  constructor(description) {
    this.named = description.components.schemas
  }

  check(name, value) {
    assert.ok(this.named[name], `the description has no ${name}`)
    const wrong = this.#wrong(this.named[name], value, name)
    assert.equal(wrong, undefined)
  }

  /** What is wrong, if anything. */
  #wrong(schema, value, path) {
    if (schema.$ref) return this.#wrong(this.named[schema.$ref.split("/").at(-1)], value, path)
    const choices = schema.oneOf ?? schema.anyOf
    if (choices) {
      const all = choices.map(choice => this.#wrong(choice, value, path))
      return all.includes(undefined) ? undefined : all.join(" or ")
    }
    if (schema.allOf) return this.#wrong(merged(schema.allOf.map(part => this.#resolved(part))), value, path)
    if (schema.enum) return schema.enum.includes(value) ? undefined : `${path} is ${JSON.stringify(value)}`
    const types = [schema.type ?? []].flat()
    if (types.length > 0 && !types.some(type => isOf(type, value))) return `${path} is no ${types}`
    if (Array.isArray(value)) return value.map((entry, n) => this.#wrong(schema.items ?? {}, entry, `${path}[${n}]`)).find(Boolean)
    if (isOf("object", value) && schema.properties) return this.#wrongObject(schema, value, path)
  }

  #resolved(schema) {
    return schema.$ref ? this.#resolved(this.named[schema.$ref.split("/").at(-1)]) : schema
  }

  #wrongObject(schema, value, path) {
    const missing = (schema.required ?? []).find(key => !(key in value))
    if (missing) return `${path} lacks ${missing}`
    const unknown = Object.keys(value).find(key => !(key in schema.properties))
    if (unknown) return `${path} has ${unknown}, which the description lacks`
    return Object.keys(value).map(key => this.#wrong(schema.properties[key], value[key], `${path}.${key}`)).find(Boolean)
  }
}

function merged(parts) {
  return {
    type: "object",
    properties: Object.assign({}, ...parts.map(part => part.properties)),
    required: parts.flatMap(part => part.required ?? []),
  }
}

function isOf(type, value) {
  switch (type) {
    case "null": return value === null
    case "array": return Array.isArray(value)
    case "integer": return Number.isInteger(value)
    case "object": return typeof value === "object" && value !== null && !Array.isArray(value)
    default: return typeof value === type
  }
}
