// Loaded before the emulator: it listens on this machine alone, and ends with the test
// that holds its standard input, however that ends.
const net = require('node:net');

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (...args) {
  const at = args[0] !== null && typeof args[0] === 'object' ? args[0] : { port: Number(args[0]) };
  return listen.call(this, { ...at, host: '127.0.0.1' }, args.find((arg) => typeof arg === 'function'));
};

process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
