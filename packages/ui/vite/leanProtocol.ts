import { type Plugin, runnerImport } from 'vite';

/**
 * Keeps the protocol's schemas, and with them zod, out of pages that use only its types, codes and paths:
 * - `api/contractRoutes.ts` is evaluated while building, so that browsers get methods and paths as plain data;
 * - the protocol does no I/O, so each of its constants is marked as free of side effects and left out where unused.
 */
export function leanProtocol(): Plugin {
  return {
    name: 'lean-protocol',
    enforce: 'pre',
    async load(id) {
      if (!id.endsWith('/api/contractRoutes.ts')) return undefined;
      const { module } = await runnerImport<{ contractRoutes: unknown }>(id);
      return `export const contractRoutes = ${JSON.stringify(module.contractRoutes)};`;
    },
    transform(code, id) {
      if (!/\/packages\/protocol\/src\/.*\.ts$/.test(id)) return undefined;
      const initialisers = this.parse(code, { lang: 'ts' }).body.flatMap((statement) => {
        const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
        if (declaration?.type !== 'VariableDeclaration') return [];
        return declaration.declarations.flatMap(({ init }) => (init?.type === 'CallExpression' ? [init] : []));
      });
      let marked = code;
      for (const { start, end } of initialisers.toReversed()) {
        marked = `${marked.slice(0, start)}/* @__PURE__ */ (() => ${marked.slice(start, end)})()${marked.slice(end)}`;
      }
      // Only columns move, lines don't: the source map may stay as it is.
      return { code: marked, map: null };
    },
  };
}
