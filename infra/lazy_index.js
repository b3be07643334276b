// Loaded by `node --require`: rewrites, in memory only, the eager exports of a provider's lib/index.js into getters,
// so that Node compiles the modules a stack uses instead of all 2,135. Any line it does not know stays as it is.
'use strict';
const fs = require('fs');
const Module = require('module');

const INDEX = /[\\/]provider-[a-z0-9-]+[\\/]lib[\\/]index\.js$/;
const PREDECLARED = /^exports(?:\.\w+ = exports)*\.\w+ = void 0;$/gm;
const NAMESPACE = /^exports\.(\w+) = (__importStar\(require\(["']\.\/[^"']+["']\)\));$/gm;
const PLAIN = /^exports\.(\w+) = (require\(["']\.\/[^"']+["']\));$/gm;
const GETTER =
  '{let loaded;Object.defineProperty(exports,"$1",{enumerable:true,configurable:true,get(){return loaded??=$2}});}';

const compile = Module._extensions['.js'];
Module._extensions['.js'] = function (module, filename) {
  if (!INDEX.test(filename)) return compile(module, filename);
  const source = fs.readFileSync(filename, 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, ''); // the map is 3 MB
  return module._compile(
    source.replace(PREDECLARED, '').replace(NAMESPACE, GETTER).replace(PLAIN, GETTER),
    filename,
  );
};
