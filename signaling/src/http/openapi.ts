import { contract } from '@cloud-hospital/protocol/rest';
import { PROTOCOL_VERSION } from '@cloud-hospital/protocol';
import { OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';

let document: ReturnType<OpenAPIGenerator['generate']> | undefined;

/** The API as OpenAPI 3.1, generated once from the contract, for clients that are not ours. */
export function openApiDocument(): ReturnType<OpenAPIGenerator['generate']> {
  document ??= new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] }).generate(contract, {
    info: { title: 'Cloud Hospital', version: String(PROTOCOL_VERSION) },
    servers: [{ url: '/api' }],
  });
  return document;
}
